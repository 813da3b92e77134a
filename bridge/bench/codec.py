"""Packets: our speed beside pylivelinkface's, and whether both read the same values."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bridge.bench import Row, at_least
from livelink.channels import CHANNEL_COUNT
from livelink.frame import DeviceId, Frame, as_values
from livelink.opinions import Judgement, check_packet
from livelink.packet import decode, encode
from livelink.recording import read_packets
from livelink.timecode import FrameRate, FrameTime

_DEVICE = DeviceId("5A6B7C8D-0000-4000-8000-0123456789AB")
_ROUNDS = 15
_PER_ROUND = 200


def measure(real_stream: Path | None = None) -> list[Row]:
    """Return the rows on decoding and encoding.

    Args:
        real_stream: A packet recording to decode and re-encode whole, where there is one.
    """
    rows = [_speed(), *(_same_values(fps) for fps in (60, 30))]
    if real_stream is not None:
        rows.append(_real(real_stream))
    return rows


def _frames(fps: int, count: int) -> list[Frame]:
    rng = np.random.default_rng(7)
    rate = FrameRate(fps)
    return [
        Frame(
            "Facewright",
            _DEVICE,
            FrameTime(1000 + i, 0.25),
            rate,
            as_values(rng.random(CHANNEL_COUNT)),
        )
        for i in range(count)
    ]


def _speed() -> Row:
    packets = [encode(frame) for frame in _frames(60, _PER_ROUND)]

    def ours(packet: bytes) -> bytes:
        return encode(decode(packet))

    theirs = _peer()

    pairs = [(_seconds(ours, packets), _seconds(theirs, packets)) for _ in range(_ROUNDS)]
    ratio = statistics.median(b / a for a, b in pairs)
    mine = statistics.median(a for a, _ in pairs) / _PER_ROUND * 1e6
    other = statistics.median(b for _, b in pairs) / _PER_ROUND * 1e6
    detail = f"{mine:.1f} us against {other:.1f} us a packet, median of {_ROUNDS} rounds in turn"
    return at_least("decode + encode, times pylivelinkface's speed", ratio, "x", 3.0, detail)


def _peer() -> Callable[[bytes], bytes]:
    from pylivelinkface import PyLiveLinkFace

    sender = PyLiveLinkFace("Facewright", str(_DEVICE))

    def codec(packet: bytes) -> bytes:
        # What it decodes cannot be encoded again (its subframe becomes a float), so the values
        # are handed to a face of its own making.
        sender._blend_shapes = PyLiveLinkFace.decode(packet)[1]._blend_shapes  # noqa: SLF001
        encoded: bytes = sender.encode()
        return encoded

    return codec


def _seconds(codec: Callable[[bytes], bytes], packets: list[bytes]) -> float:
    began = time.perf_counter()
    for packet in packets:
        codec(packet)
    return time.perf_counter() - began


def _same_values(fps: int) -> Row:
    frames = _frames(fps, 100)
    opinions = [check_packet(encode(frame)).judgement for frame in frames]
    same = opinions.count(Judgement.AGREES)
    return at_least(
        f"our packets read identically by pylivelinkface, {fps} fps",
        100.0 * same / len(frames),
        "%",
        100.0,
    )


def _real(path: Path) -> Row:
    packets = [record.data for record in read_packets(path)]
    same = sum(encode(decode(packet)) == packet for packet in packets)
    return at_least(
        f"{path.name}: decoded and re-encoded byte for byte",
        100.0 * same / max(len(packets), 1),
        "%",
        100.0,
        f"{same} of {len(packets)} packets",
    )
