"""Files a user hands in, told apart by content, never by name. Any thread.

Every problem is one sentence that names the file, what it seems to be, and what to do with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import LoadError
from generator.documents import text_of
from generator.errors import DocumentError
from generator.script import SCHEMA as SCRIPT_SCHEMA
from generator.script import Script
from livelink.channels import CsvConvention
from livelink.clip import Clip
from livelink.csvfile import read_take
from livelink.errors import FrameError, PacketError
from livelink.packet import decode
from livelink.recording import FileKind, Recording, detect, read_recording

if TYPE_CHECKING:
    from generator.performance import Performance  # late: half of scipy, which a CSV does not need

MAX_DOCUMENT_BYTES = 64 * 2**20
"""Of a performance; one with a million edited points takes about this much."""

_PLAYABLE = "Playable are performances (.json), Live Link Face CSVs and packet recordings."

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive", "Unpack it and play a file of it."),
    (b"\x89PNG", "a picture", _PLAYABLE),
    (b"\xff\xd8\xff", "a picture", _PLAYABLE),
    (b"Kaydara FBX", "an FBX scene", _PLAYABLE),
    (b"RIFF", "a sound or a video", _PLAYABLE),
    (b"%PDF", "a PDF document", _PLAYABLE),
    (b"SQLite format 3", "a database", _PLAYABLE),
)


def load_any(
    path: str | Path, *, convention: CsvConvention = CsvConvention.MEASURED
) -> Performance | Clip | Recording:
    """Read whatever can be played.

    Args:
        path: A performance, a Live Link Face CSV or a packet recording.
        convention: How a CSV's jaw and mouth pairs are read.

    Returns:
        A CSV take becomes a clip of its rows; where frames are missing, they are interpolated, so
        that it plays in its own time.

    Raises:
        LoadError: The file cannot be opened, is something else, or holds nothing to play.
        FileFormatError: A CSV or recording that is damaged; says the line or packet.
    """
    path = Path(path)
    try:
        kind = detect(path)
        if kind is FileKind.CSV:
            take = read_take(path, convention=convention)
            return take.on_clock() if take.gaps else take.clip
        if kind is not FileKind.UNKNOWN:
            return _with_a_face(path, read_recording(path))
        return _performance(path)
    except FrameError as exc:
        raise LoadError(path, f"{exc}.") from exc
    except OSError as exc:
        raise _unreadable(path, exc) from exc


def load_performance(path: str | Path) -> Performance:
    """Read a performance.

    Raises:
        LoadError: The file cannot be opened or is no performance.
    """
    try:
        return _performance(Path(path))
    except OSError as exc:
        raise _unreadable(path, exc) from exc


def load_script(path: str | Path) -> Script:
    """Read a script; of a performance, the script it was made from.

    Raises:
        LoadError: The file cannot be opened or is no script.
    """
    path = Path(path)
    try:
        document = _document(path, "a script")
    except OSError as exc:
        raise _unreadable(path, exc) from exc
    from generator.performance import SCHEMA, Performance

    try:
        if _kind(document) == _kind_of(SCHEMA):
            return Performance.from_json(document).script
        return Script.from_json(document)
    except DocumentError as exc:
        raise LoadError(path, exc.message, exc.hint) from exc


def _performance(path: Path) -> Performance:
    document = _document(path, "something to play")
    kind = _kind(document)
    if kind == _kind_of(SCRIPT_SCHEMA) or (kind is None and "beats" in document):
        raise LoadError(
            path,
            "This is a script, which has no motion yet.",
            f"Perform it: facewright perform --script {path}",
        )
    if kind is None:
        raise LoadError(path, "This is JSON, but no document of ours.", _PLAYABLE)
    from generator.performance import Performance

    try:
        return Performance.from_json(document)
    except DocumentError as exc:
        raise LoadError(path, exc.message, exc.hint) from exc


def _document(path: Path, wanted: str) -> dict[str, object]:
    with path.open("rb") as file:
        raw = file.read(MAX_DOCUMENT_BYTES + 1)
    if not raw.strip():
        raise LoadError(path, "The file is empty.")
    text = _json_text(path, raw, wanted)
    try:
        return text_of(text)
    except DocumentError as exc:
        lines = text.strip().splitlines()
        if len(lines) > 1 and lines[0].rstrip().endswith("}") and lines[1].startswith("{"):
            raise LoadError(
                path,
                f"These are JSON lines, many requests in one file, not {wanted}.",
                "Run them with facewright keyframes or facewright script.",
            ) from exc
        raise LoadError(path, exc.message, exc.hint) from exc


def _json_text(path: Path, raw: bytes, wanted: str) -> str:
    for signature, what, hint in _SIGNATURES:
        if raw.startswith(signature):
            raise LoadError(path, f"This is {what}, not {wanted}.", hint)
    if raw[4:8] == b"ftyp":
        raise LoadError(path, f"This is a video, not {wanted}.", "Play the take's CSV instead.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise LoadError(path, f"This is no text, and not {wanted}.", _PLAYABLE) from exc
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise LoadError(path, f"The file is larger than {MAX_DOCUMENT_BYTES // 2**20} MiB.")
    if not text.lstrip().startswith("{"):
        raise LoadError(path, f"This is a text, but not {wanted}.", _PLAYABLE)
    return text


def _kind(document: dict[str, object]) -> str | None:
    schema = document.get("schema")
    return _kind_of(schema) if isinstance(schema, str) else None


def _kind_of(schema: str) -> str:
    return schema.partition("/")[0]


def _with_a_face(path: Path, recording: Recording) -> Recording:
    """Return the recording, unless not one of its packets could be sent."""
    reason = ""
    for packet in recording.packets:
        try:
            decode(packet.data)
        except PacketError as exc:
            reason = reason or str(exc)
        else:
            return recording
    raise LoadError(
        path, f"None of its {len(recording.packets)} packets can be sent; the first: {reason}."
    )


def _unreadable(path: str | Path, exc: OSError) -> LoadError:
    if isinstance(exc, FileNotFoundError):
        return LoadError(path, "There is no such file.")
    if Path(path).is_dir():
        return LoadError(path, "This is a folder.", "Name a file in it.")
    return LoadError(path, f"The file cannot be read: {exc.strerror or exc}.")
