"""Packet recordings: our own append-only form, LLV's .gesichter, and bare captured datagrams.

Our form is for a recorder that may die at any moment: a header, then one record a packet, so that
whatever was written before is readable and only a torn last record is lost. Big-endian:

    8 bytes "FWPACKET" | u16 version = 1 | u64 start, ns since 1970 (0: unknown)
    then each: u64 arrival, ns on the recorder's own clock | u16 size | the datagram

`.gesichter` (think-biq/LLV) is gzip around u8 version, u32 count and then u32 size + datagram
each, big-endian; its count is sometimes wrong. Bare datagrams one after another are what `nc -u`
leaves. Which one a file is, is decided by its first bytes, never by its name.
"""

from __future__ import annotations

import enum
import gzip
import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from livelink.channels import CHANNEL_COUNT
from livelink.csvfile import CsvTake, read_take
from livelink.errors import FileFormatError
from livelink.packet import MAX_PACKET_BYTES, VERSION

MAX_DATAGRAM_BYTES = MAX_PACKET_BYTES + 1
"""Longest datagram kept; one byte more than is valid, so that 'too long' stays visible."""

MAX_CONTENT_BYTES = 256 * 2**20
"""Packets of a file, unpacked: about three and a half hours at 60 Hz. `iter_packets` has none."""

_MAGIC = b"FWPACKET"
_FORMAT_VERSION = 1
_HEADER = struct.Struct("!8sHQ")
_RECORD = struct.Struct("!QH")
_GESICHTER_VERSION = 6  # the packet version, repeated
_TIME_BYTES = 16
_VALUES_BYTES = 4 * CHANNEL_COUNT
_MAX_U64 = 2**64 - 1


class FileKind(enum.Enum):
    """What a file holds, by its first bytes."""

    PACKETS = "packet recording"
    GESICHTER = "LLV recording (.gesichter)"
    DATAGRAMS = "bare datagrams"
    CSV = "Live Link Face CSV"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RecordedPacket:
    """One datagram as it arrived.

    Attributes:
        arrival_s: When, in seconds on the recorder's clock; None where the file does not say.
        data: The datagram, 1 to MAX_DATAGRAM_BYTES bytes, not necessarily a valid packet.
    """

    arrival_s: float | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording.

    Attributes:
        kind: The form it was read from.
        packets: The datagrams in the order of arrival, at least one.
        started_unix_s: Wall-clock time of the start, seconds since 1970, or None.
        notes: What was odd about the file (a torn tail, a wrong count), in words.
    """

    kind: FileKind
    packets: tuple[RecordedPacket, ...]
    started_unix_s: float | None
    notes: tuple[str, ...]


def detect(path: str | Path) -> FileKind:
    """Return what a file holds, by its content.

    Raises:
        OSError: The file cannot be opened.
    """
    with Path(path).open("rb") as file:
        head = file.read(4096)
    if head.startswith(_MAGIC):
        return FileKind.PACKETS
    if head.startswith(b"\x1f\x8b"):
        return FileKind.GESICHTER
    if head.startswith(bytes([VERSION, 0, 0])):  # and a device id below 64 KiB
        return FileKind.DATAGRAMS
    if b"timecode" in head.split(b"\n", 1)[0].lower():
        return FileKind.CSV
    return FileKind.UNKNOWN


def load_any(path: str | Path) -> Recording | CsvTake:
    """Read a file of motion, whichever it is.

    Raises:
        FileFormatError: None of the known forms, or damaged.
        OSError: The file cannot be opened.
    """
    if detect(path) is FileKind.CSV:
        return read_take(path)
    return read_recording(path)


def read_recording(path: str | Path) -> Recording:
    """Read a packet recording of any kind.

    A torn tail and a wrong count become notes; everything before them is kept.

    Raises:
        FileFormatError: Not a recording, damaged, empty, or larger than MAX_CONTENT_BYTES.
        OSError: The file cannot be opened.
    """
    path = Path(path)
    kind = detect(path)
    notes: list[str] = []
    reader = _Reader(path, notes)
    with path.open("rb") as file:
        packets = tuple(reader.packets(kind, file))
    if not packets:
        raise FileFormatError(path, f"the {kind.value} holds no packet")
    return Recording(kind, packets, reader.started_unix_s, tuple(notes))


def read_packets(path: str | Path) -> tuple[RecordedPacket, ...]:
    """Read the datagrams of a packet recording. See `read_recording`."""
    return read_recording(path).packets


def iter_packets(path: str | Path) -> Iterator[RecordedPacket]:
    """Yield a recording's datagrams one by one, in constant memory; stops at a torn tail.

    Raises:
        FileFormatError: Not a recording, or damaged (when the damage is reached).
        OSError: The file cannot be opened.
    """
    path = Path(path)
    kind = detect(path)
    with path.open("rb") as file:
        yield from _Reader(path, [], max_bytes=None).packets(kind, file)


class PacketWriter:
    """Write a packet recording, one record an append. Used by one thread.

    Appends are buffered; `flush` hands them to the system, so a crash loses at most what came
    since. Closing is idempotent.
    """

    def __init__(
        self, path: str | Path, *, started_unix_s: float | None = None, overwrite: bool = False
    ) -> None:
        """Create the file and write its header.

        Args:
            path: Where to.
            started_unix_s: Wall-clock time of the start, or None.
            overwrite: Replace an existing file.

        Raises:
            FileExistsError: The file exists and `overwrite` is not set.
            OSError: The file cannot be created.
        """
        self.path = Path(path)
        self.count = 0
        try:
            self._file: BinaryIO = self.path.open("wb" if overwrite else "xb")
        except FileExistsError as exc:
            raise FileExistsError(
                f"{self.path} exists already; choose another name or allow overwriting it"
            ) from exc
        start_ns = 0 if started_unix_s is None else round(started_unix_s * 1e9)
        self._file.write(_HEADER.pack(_MAGIC, _FORMAT_VERSION, start_ns))

    def append(self, data: bytes, arrival_s: float) -> None:
        """Write one datagram.

        Args:
            data: 1 to MAX_DATAGRAM_BYTES bytes, kept as they are.
            arrival_s: When it arrived, seconds on any clock that starts at or after 0.

        Raises:
            ValueError: An empty or too long datagram, a negative time, or a closed writer.
            OSError: The disk is full or gone.
        """
        if not 1 <= len(data) <= MAX_DATAGRAM_BYTES:
            raise ValueError(f"a datagram has 1 to {MAX_DATAGRAM_BYTES} bytes, not {len(data)}")
        if not 0.0 <= arrival_s <= _MAX_U64 / 2e9:
            raise ValueError(f"an arrival time is a positive number of seconds, not {arrival_s!r}")
        self._file.write(_RECORD.pack(round(arrival_s * 1e9), len(data)) + data)
        self.count += 1

    def flush(self) -> None:
        """Hand everything appended so far to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Finish the file; closing again does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Reader:
    """Reads one file of any kind, counting what it takes and noting what is odd."""

    def __init__(
        self, path: Path, notes: list[str], max_bytes: int | None = MAX_CONTENT_BYTES
    ) -> None:
        self.path = path
        self.notes = notes
        self.started_unix_s: float | None = None
        self._left = max_bytes
        self._number = 0

    def packets(self, kind: FileKind, file: BinaryIO) -> Iterator[RecordedPacket]:
        if kind is FileKind.PACKETS:
            return self._own(file)
        if kind is FileKind.GESICHTER:
            return self._gesichter(file)
        if kind is FileKind.DATAGRAMS:
            return self._bare(file)
        what = "a CSV take; read it as such" if kind is FileKind.CSV else "no packet recording"
        raise FileFormatError(self.path, f"the file is {what}")

    def _own(self, file: BinaryIO) -> Iterator[RecordedPacket]:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            raise FileFormatError(self.path, "the recording ends within its header")
        _, version, start_ns = _HEADER.unpack(header)
        if version != _FORMAT_VERSION:
            raise FileFormatError(
                self.path, f"recording version {version} needs a newer Facewright than this one"
            )
        self.started_unix_s = start_ns / 1e9 if start_ns else None
        while head := file.read(_RECORD.size):
            if len(head) < _RECORD.size:
                self._note_torn()
                return
            arrival_ns, size = _RECORD.unpack(head)
            data = self._take(file, size)
            if data is None:
                return
            yield RecordedPacket(arrival_ns / 1e9, data)

    def _gesichter(self, file: BinaryIO) -> Iterator[RecordedPacket]:
        try:
            with gzip.GzipFile(fileobj=file) as inner:
                yield from self._gesichter_content(inner)
        except EOFError:
            self._note_torn()
        except (zlib.error, gzip.BadGzipFile) as exc:
            raise FileFormatError(
                self.path, f"the compressed data is damaged ({exc})", self._number + 1
            ) from exc

    def _gesichter_content(self, file: io.BufferedIOBase) -> Iterator[RecordedPacket]:
        head = file.read(5)
        if len(head) < 5 or head[0] != _GESICHTER_VERSION:
            raise FileFormatError(self.path, "the gzip file holds no LLV recording of version 6")
        (count,) = struct.unpack_from("!I", head, 1)
        while size_bytes := file.read(4):
            if len(size_bytes) < 4:
                self._note_torn()
                break
            data = self._take(file, int.from_bytes(size_bytes, "big"))
            if data is None:
                break
            yield RecordedPacket(None, data)
        if count != self._number:
            self.notes.append(f"the header says {count} packets, the file holds {self._number}")

    def _bare(self, file: BinaryIO) -> Iterator[RecordedPacket]:
        """Cut datagrams apart by their own lengths; a no-face one ends where the next begins."""
        while head := file.read(5):
            data = self._bare_rest(head, file)
            if data is None:
                self._note_torn()
                return
            self._count(len(data))
            yield RecordedPacket(None, data)

    def _bare_rest(self, head: bytes, file: BinaryIO) -> bytes | None:
        if head[0] != VERSION:
            raise FileFormatError(
                self.path,
                f"no packet of version {VERSION} where one should begin; the capture is damaged",
                self._number + 1,
            )
        data = head
        for behind in (4, _TIME_BYTES):  # behind the device id, behind the subject name
            size = int.from_bytes(data[-4:], "big", signed=True) if len(data) >= 5 else 0
            if not 0 <= size <= MAX_PACKET_BYTES:
                raise FileFormatError(
                    self.path, f"a name of {size} bytes; the capture is damaged", self._number + 1
                )
            more = file.read(size + behind)
            if len(more) < size + behind:
                return None
            data += more
        count = file.read(1)
        if count == bytes([CHANNEL_COUNT]):
            values = file.read(_VALUES_BYTES)
            return data + count + values if len(values) == _VALUES_BYTES else None
        if count:
            file.seek(-1, io.SEEK_CUR)
        return data

    def _take(self, file: BinaryIO | io.BufferedIOBase, size: int) -> bytes | None:
        if not 1 <= size <= MAX_DATAGRAM_BYTES:
            raise FileFormatError(
                self.path,
                f"a packet of {size} bytes, not 1 to {MAX_DATAGRAM_BYTES}; the file is damaged",
                self._number + 1,
            )
        data = file.read(size)
        if len(data) < size:
            self._note_torn()
            return None
        self._count(size)
        return data

    def _count(self, size: int) -> None:
        self._number += 1
        if self._left is None:
            return
        self._left -= size + _RECORD.size
        if self._left < 0:
            raise FileFormatError(
                self.path, f"more than {MAX_CONTENT_BYTES // 2**20} MiB of packets; split the file"
            )

    def _note_torn(self) -> None:
        self.notes.append(
            f"the file stops within packet {self._number + 1}; everything before it was read"
        )
