"""Mutated packets, CSVs and recordings: only the declared errors, and nothing beyond the limits.

FACEWRIGHT_FUZZ_COUNT scales the seeded runs (packets; CSVs and recordings take a fiftieth of it):

    FACEWRIGHT_FUZZ_COUNT=2000000 python -m pytest tests/fuzz -q --timeout 3600
"""

from __future__ import annotations

import gzip
import math
import os
import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livelink.csvfile import read_take
from livelink.errors import FileFormatError, PacketError
from livelink.frame import Frame
from livelink.packet import MAX_ABS_VALUE, MAX_PACKET_BYTES, decode, encode
from livelink.recording import MAX_DATAGRAM_BYTES, load_any, read_recording
from livelink.stream import MAX_SUBJECTS, Streams
from livelink.unreal import Outcome, UnrealListener
from tests.helpers.packets import PEER, csv_text, packet, timecodes

COUNT = int(os.environ.get("FACEWRIGHT_FUZZ_COUNT", "20000"))
FILE_COUNT = max(COUNT // 50, 20)

SEEDS = [
    packet(),
    packet(face=False),
    packet(device=b"", subject=b""),
    packet(device=b"short", subject="Zoë".encode()),
    packet(values=[8.0, -8.0, 1e-40, -0.0] + [0.0] * 57),
    packet(subject=b"x" * (MAX_PACKET_BYTES - 270 - 36)),
    packet(frame=2**31 - 1, rate=(2**31 - 1, 2**31 - 1)),
]
EDGES = [
    struct.pack("!i", value) for value in (-(2**31), -1, 0, 1, 36, 61, 255, 1286, 65_536, 2**31 - 1)
] + [struct.pack("!f", value) for value in (math.nan, math.inf, -math.inf, 8.000001, -0.0, 1e-45)]


def mutate(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(6):
            case 0:
                del out[at:]
            case 1:
                out[at : at + 1] = bytes([rng.randrange(256)])
            case 2:
                edge = rng.choice(EDGES)
                out[at : at + 4] = edge
            case 3:
                out[at:at] = rng.randbytes(rng.randint(1, 40))
            case 4:
                del out[at : at + rng.randint(1, 40)]
            case _:
                if out:
                    out[at % len(out)] ^= 1 << rng.randrange(8)
    return bytes(out)


def check_frame(data: bytes, frame: Frame) -> None:
    """What passed is within every limit and survives the way back."""
    assert len(data) <= MAX_PACKET_BYTES
    assert frame.rate.numerator >= 1
    assert frame.rate.denominator >= 1
    assert 0.0 <= frame.time.subframe < 1.0
    if frame.values is not None:
        assert frame.values.shape == (61,)
        assert frame.values.dtype == np.float32
        assert bool((np.abs(frame.values) <= MAX_ABS_VALUE).all())
    assert decode(encode(frame)) == frame


def check_refusal(error: PacketError, data: bytes) -> None:
    assert error.reason
    assert error.offset is None or 0 <= error.offset <= len(data)


def check_file_error(error: FileFormatError, path: Path) -> None:
    assert str(error).startswith(f"{path}:")
    assert error.reason


def check_packet(data: bytes) -> bool:
    try:
        frame = decode(data)
    except PacketError as exc:
        check_refusal(exc, data)
        return False
    check_frame(data, frame)
    # Whatever we pass with a face, Unreal shows: the two readers are written apart.
    (verdict,) = UnrealListener().tick([data], 0.0)
    assert (verdict.outcome is Outcome.SHOWN) == frame.has_face
    return True


@given(st.binary(max_size=1400) | st.binary(max_size=400).map(lambda tail: b"\x06" + tail))
def test_any_bytes(data: bytes) -> None:
    check_packet(data)


def test_mutated_packets() -> None:
    rng = random.Random(6)
    passed = sum(check_packet(mutate(rng, rng.choice(SEEDS))) for _ in range(COUNT))
    # Neither everything nor nothing: the mutations reach behind the first check.
    assert COUNT * 0.05 < passed < COUNT * 0.95


def test_a_stream_of_mutated_packets_stays_bounded() -> None:
    rng = random.Random(61)
    streams, listener = Streams(), UnrealListener()
    for index in range(COUNT // 4):
        data = mutate(rng, rng.choice(SEEDS))
        streams.feed(data, rng.choice((index / 60, 0.0, 1e9)), PEER)
        listener.tick([data], index / 60)
    stats = streams.snapshot()
    assert stats.packets == COUNT // 4
    assert len(stats.subjects) <= MAX_SUBJECTS
    assert listener.report().queued == 0


def run_files(
    folder: Path, seeds: list[bytes], rng: random.Random, read: Callable[[Path], None]
) -> int:
    passed = 0
    for index in range(FILE_COUNT):
        path = folder / f"{index % 8}"
        path.write_bytes(mutate(rng, rng.choice(seeds)))
        try:
            read(path)
        except FileFormatError as exc:
            check_file_error(exc, path)
        else:
            passed += 1
    return passed


def test_mutated_csvs(tmp_path: Path) -> None:
    def read(path: Path) -> None:
        take = read_take(path)
        assert bool((np.abs(take.clip.values) <= MAX_ABS_VALUE).all())
        assert len(take.times_s) == len(take.clip)
        assert bool((np.diff(take.times_s) > 0).all())
        assert take.clip.rate.numerator in (30, 60)
        assert all(0 < gap.row < len(take.clip) and gap.missing > 0 for gap in take.gaps)

    short = csv_text(timecodes(4, start=50)).encode()
    seeds = [short, csv_text(timecodes(4, step=2.0), end="\r\n").encode(), b"\xef\xbb\xbf" + short]
    passed = run_files(tmp_path, seeds, random.Random(2), read)
    assert 0 < passed < FILE_COUNT


def test_mutated_recordings(tmp_path: Path) -> None:
    def read(path: Path) -> None:
        for item in read_recording(path).packets:
            assert 1 <= len(item.data) <= MAX_DATAGRAM_BYTES + 16
            assert item.arrival_s is None or item.arrival_s >= 0.0

    packets = [packet(), packet(face=False), b"junk"]
    ours = b"FWPACKET" + struct.pack("!HQ", 1, 1)
    ours += b"".join(struct.pack("!QH", i, len(data)) + data for i, data in enumerate(packets))
    llv = struct.pack("!BI", 6, 3) + b"".join(struct.pack("!I", len(d)) + d for d in packets)
    seeds = [ours, gzip.compress(llv), packets[0] + packets[1] + packets[0]]
    rng = random.Random(3)
    assert 0 < run_files(tmp_path, seeds, rng, read) < FILE_COUNT
    # Damage within the compressed content, which the checksum would otherwise hide.
    packed = [gzip.compress(mutate(rng, llv)) for _ in range(200)]
    for content in packed:
        (tmp_path / "packed").write_bytes(content)
        try:
            read(tmp_path / "packed")
        except FileFormatError:
            continue


@given(st.binary(max_size=300))
def test_any_file(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(data)
    try:
        load_any(path)
    except FileFormatError as exc:
        check_file_error(exc, path)
