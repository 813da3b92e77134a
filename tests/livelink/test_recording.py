"""Recordings: told apart by content, bounded, readable up to a torn tail."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livelink import recording
from livelink.csvfile import CsvTake
from livelink.errors import FileFormatError
from livelink.recording import (
    MAX_DATAGRAM_BYTES,
    FileKind,
    PacketWriter,
    RecordedPacket,
    Recording,
    detect,
    iter_packets,
    load_any,
    read_packets,
    read_recording,
)
from tests.helpers.packets import REAL, csv_text, packet, timecodes

FACE, NO_FACE = packet(), packet(face=False)


def record(path: Path, packets: list[bytes]) -> Path:
    with PacketWriter(path, started_unix_s=1_700_000_000.5) as writer:
        for index, data in enumerate(packets):
            writer.append(data, 10.0 + index / 60)
    return path


def gesichter(packets: list[bytes], count: int | None = None) -> bytes:
    """An LLV file's content before compression."""
    head = struct.pack("!BI", 6, len(packets) if count is None else count)
    return head + b"".join(struct.pack("!I", len(data)) + data for data in packets)


def test_our_form_is_pinned(tmp_path: Path) -> None:
    path = tmp_path / "a.fwrec"
    with PacketWriter(path, started_unix_s=1.0) as writer:
        writer.append(b"\xab\xcd", 0.000_000_258)
    assert path.read_bytes() == b"FWPACKET" + bytes.fromhex(
        "0001 000000003b9aca00 0000000000000102 0002 abcd"
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = record(tmp_path / "a", [FACE, NO_FACE, b"junk", b"x" * MAX_DATAGRAM_BYTES])
    read = read_recording(path)
    assert [item.data for item in read.packets] == [FACE, NO_FACE, b"junk", b"x" * 1287]
    assert [item.arrival_s for item in read.packets] == pytest.approx(
        [10.0 + i / 60 for i in range(4)], abs=1e-9
    )
    assert read.started_unix_s == pytest.approx(1_700_000_000.5)
    assert (read.kind, read.notes) == (FileKind.PACKETS, ())
    assert tuple(iter_packets(path)) == read.packets == read_packets(path)


def test_every_torn_tail_keeps_what_was_whole(tmp_path: Path) -> None:
    data = record(tmp_path / "a", [b"first", b"second"]).read_bytes()
    first_end = 18 + 10 + 5
    for size in range(first_end, len(data)):
        (tmp_path / "torn").write_bytes(data[:size])
        read = read_recording(tmp_path / "torn")
        assert [item.data for item in read.packets] == [b"first"]
        assert bool(read.notes) == (size > first_end)


def test_unfinished_recordings_are_readable(tmp_path: Path) -> None:
    writer = PacketWriter(tmp_path / "a")
    writer.append(FACE, 0.0)
    writer.flush()
    assert len(read_packets(tmp_path / "a")) == 1
    writer.close()
    writer.close()
    assert writer.count == 1
    with pytest.raises(ValueError, match="closed"):
        writer.append(FACE, 0.0)


@pytest.mark.parametrize(
    ("data", "arrival_s"),
    [(b"", 0.0), (b"x" * 1288, 0.0), (b"x", -1.0), (b"x", float("nan")), (b"x", float("inf"))],
)
def test_what_cannot_be_recorded_is_refused(tmp_path: Path, data: bytes, arrival_s: float) -> None:
    with (
        PacketWriter(tmp_path / "a") as writer,
        pytest.raises(ValueError, match=r"datagram|arrival"),
    ):
        writer.append(data, arrival_s)


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = record(tmp_path / "a", [FACE])
    with pytest.raises(FileExistsError, match="choose another name"):
        PacketWriter(path)
    PacketWriter(path, overwrite=True).close()
    with pytest.raises(FileFormatError, match="no packet"):
        read_packets(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"FWPACKET", "within its header"),
        (b"FWPACKET" + struct.pack("!HQ", 2, 0), "newer Facewright"),
        (b"FWPACKET" + struct.pack("!HQQH", 1, 0, 0, 0), "0 bytes"),
        (b"FWPACKET" + struct.pack("!HQQH", 1, 0, 0, 1288) + bytes(2000), "1288 bytes"),
        (b"hello", "no packet recording"),
        (b"", "no packet recording"),
        (csv_text(timecodes(2)).encode(), "CSV"),
        (gzip.compress(b"hello"), "no LLV recording"),
        (gzip.compress(gesichter([])), "no packet"),
        (gzip.compress(gesichter([b""])), "0 bytes"),
        (gzip.compress(struct.pack("!BII", 6, 1, 2**31) + bytes(99)), "2147483648 bytes"),
        (gzip.compress(gesichter([FACE]))[:10] + bytes(50), "damaged"),
        (FACE + b"\x07" * 40, "no packet of version 6"),
        (FACE + b"\x06" + struct.pack("!i", 70_000) + bytes(99), "70000 bytes"),
    ],
)
def test_damage_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(FileFormatError, match=words) as caught:
        read_packets(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize("count", [0, 3, 2**32 - 1])
def test_a_lie_in_the_count_is_noted(tmp_path: Path, count: int) -> None:
    path = tmp_path / "a.csv"  # the name does not matter
    path.write_bytes(gzip.compress(gesichter([FACE, NO_FACE], count)))
    read = read_recording(path)
    assert read.packets == (RecordedPacket(None, FACE), RecordedPacket(None, NO_FACE))
    assert read.notes == (f"the header says {count} packets, the file holds 2",)


def test_a_torn_gesichter_keeps_what_was_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(gesichter([FACE, FACE])[:-5]))
    read = read_recording(path)
    assert len(read.packets) == 1
    assert "stops within packet 2" in read.notes[0]
    path.write_bytes(gzip.compress(gesichter([FACE, FACE]), 0)[:-12])  # the gzip end is missing
    assert "stops within" in read_recording(path).notes[0]


def test_a_bad_checksum_is_damage(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(gesichter([FACE])))
    data[-6] ^= 1
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(FileFormatError, match="damaged"):
        read_packets(tmp_path / "a")


def test_unpacked_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MAX_CONTENT_BYTES", 2**20)
    path = tmp_path / "bomb"
    path.write_bytes(gzip.compress(gesichter([bytes(1287)] * 2_000)))
    assert path.stat().st_size < 30_000
    # The limit is the reader's default argument, bound when it was defined.
    monkeypatch.setattr(recording._Reader.__init__, "__defaults__", (2**20,))
    with pytest.raises(FileFormatError, match="split the file"):
        read_packets(path)
    assert sum(1 for _ in iter_packets(path)) == 2_000


def test_bare_datagrams_are_cut_apart(tmp_path: Path) -> None:
    odd = packet(device=b"", subject="Zoë".encode())
    sent = [FACE, NO_FACE, NO_FACE, odd, FACE]
    (tmp_path / "a").write_bytes(b"".join(sent))
    read = read_recording(tmp_path / "a")
    assert (read.kind, read.notes) == (FileKind.DATAGRAMS, ())
    assert [item.data for item in read.packets] == sent
    for cut in (1, 100, 250, 300):
        (tmp_path / "a").write_bytes(FACE + FACE[:-cut])
        read = read_recording(tmp_path / "a")
        assert len(read.packets) == 1
        assert "stops within packet 2" in read.notes[0]


def test_the_kind_is_seen_in_the_content(tmp_path: Path) -> None:
    path = tmp_path / "take.bin"
    for data, kind in [
        (gzip.compress(gesichter([FACE])), FileKind.GESICHTER),
        (FACE, FileKind.DATAGRAMS),
        (csv_text(timecodes(70)).encode(), FileKind.CSV),
        (b"\xef\xbb\xbf" + csv_text(timecodes(70)).encode(), FileKind.CSV),
        (b"%PDF-1.7", FileKind.UNKNOWN),
    ]:
        path.write_bytes(data)
        assert detect(path) is kind
        if kind is FileKind.CSV:
            assert isinstance(load_any(path), CsvTake)
        elif kind is not FileKind.UNKNOWN:
            assert isinstance(load_any(path), Recording)
    with pytest.raises(FileFormatError):
        load_any(path)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=60), st.floats(0.0, 1e9)), min_size=1))
def test_any_datagrams_survive(
    tmp_path_factory: pytest.TempPathFactory, items: list[tuple[bytes, float]]
) -> None:
    path = tmp_path_factory.mktemp("rec") / "a"
    with PacketWriter(path) as writer:
        for data, arrival_s in items:
            writer.append(data, arrival_s)
    read = read_packets(path)
    assert [item.data for item in read] == [data for data, _ in items]
    assert [item.arrival_s for item in read] == pytest.approx([at for _, at in items], abs=1e-6)


@pytest.mark.skipif(not (REAL / "dao.gesichter").exists(), reason="no real recording here")
def test_a_real_gesichter() -> None:
    read = read_recording(REAL / "dao.gesichter")
    assert (read.kind, len(read.packets), read.notes) == (FileKind.GESICHTER, 180, ())
    assert {len(item.data) for item in read.packets} == {320}
