"""One form of motion into another. Reads what `bridge.loading` loads; prints nothing.

Written are Live Link Face CSVs, packet recordings, NPZ arrays and pictures, by the name's ending.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from bridge.errors import BridgeError, LoadError, WouldOverwriteError
from bridge.files import part_of
from bridge.identity import device_id
from generator.performance import DEFAULT_SUBJECT, Performance
from livelink.channels import WIRE_NAMES, CsvConvention
from livelink.clip import MAX_FRAMES, Clip, sample_values
from livelink.csvfile import import_notes, write_clip
from livelink.errors import PacketError
from livelink.frame import Frame, as_values
from livelink.packet import decode, encode
from livelink.recording import PacketWriter, Recording
from livelink.stream import name_key
from livelink.timecode import FrameRate, FrameTime

_FACE_SIZE = (320, 384)  # of each face of a picture, pixels


def clip_of(
    loaded: Performance | Clip | Recording, path: Path, subject: str | None = None
) -> tuple[Clip, tuple[str, ...]]:
    """Return a loaded file's motion as a clip, and notes on what was assumed.

    Args:
        loaded: What `load_any` returned.
        path: Where it came from, for messages.
        subject: Which subject of a recording to take; needed only where it has several.

    Raises:
        LoadError: The recording has several subjects, not this one, or no face.
    """
    if isinstance(loaded, Performance):
        return loaded.render(), ()
    if isinstance(loaded, Clip):
        return loaded, ()
    return _recorded(loaded, path, subject)


def _recorded(
    recording: Recording, path: Path, subject: str | None
) -> tuple[Clip, tuple[str, ...]]:
    frames, notes = _frames(recording), list(recording.notes)
    names = {name_key(frame.subject): frame.subject for frame in frames}
    if subject is None and len(names) > 1:
        listed = ", ".join(names.values())
        raise LoadError(path, f"It holds several subjects: {listed}.", "Choose one with --subject.")
    if subject is not None and name_key(subject) not in names:
        listed = ", ".join(names.values()) or "none"
        raise LoadError(path, f"It has no subject {subject!r}; it has: {listed}.")
    if subject is not None:
        frames = [frame for frame in frames if name_key(frame.subject) == name_key(subject)]
    faces = [frame for frame in frames if frame.values is not None]
    if not faces:
        raise LoadError(path, "It holds no packet with a face.")
    if len(faces) < len(frames):
        notes.append(f"{len(frames) - len(faces)} packets without a face are interpolated over")
    return _on_clock(faces, path), tuple(notes)


def _frames(recording: Recording) -> list[Frame]:
    frames = []
    for packet in recording.packets:
        try:
            frames.append(decode(packet.data))
        except PacketError:
            continue  # `play` counts them; here they are no motion
    return frames


def _on_clock(faces: list[Frame], path: Path) -> Clip:
    """Return the frames on the exact grid of their rate, by their own frame times."""
    rate = faces[0].rate
    by_time = {frame.time.frame + frame.time.subframe: frame for frame in faces}
    positions = np.array(sorted(by_time))
    values = np.stack([v for p in positions if (v := by_time[p].values) is not None])
    count = int(np.floor(positions[-1] - positions[0] + 1e-6)) + 1
    if count > MAX_FRAMES:
        raise LoadError(path, f"Its frame times span {count} frames; they belong to several takes.")
    grid = positions[0] + np.arange(count)
    sampled = as_values(sample_values(positions, values, grid), shape=(-1, len(WIRE_NAMES)))
    start = FrameTime(int(positions[0]), float(positions[0] % 1.0))
    return Clip(sampled, rate, start, {"subject": faces[0].subject})


def write_csv(
    clip: Clip, path: Path, *, convention: CsvConvention, overwrite: bool
) -> tuple[str, ...]:
    """Write a Live Link Face CSV; return what Unreal's importer will make of it.

    Other rates than 30 and 60 fps are resampled to 60.

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
    """
    notes: tuple[str, ...] = ()
    if clip.rate not in (FrameRate(30), FrameRate(60)):
        notes = (f"resampled from {clip.rate} to 60 fps, which the importer knows",)
        clip = clip.resample(FrameRate(60))
    try:
        write_clip(clip, path, convention=convention, overwrite=overwrite)
    except FileExistsError:
        raise WouldOverwriteError(path) from None
    return notes + import_notes(clip)


def write_packets(clip: Clip, path: Path, *, subject: str, overwrite: bool) -> None:
    """Write a packet recording of the clip.

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
    """

    def write(part: Path) -> None:
        with PacketWriter(part) as writer:
            for index, frame in enumerate(clip.frames(subject, device_id(subject))):
                writer.append(encode(frame), float(index / clip.rate.fraction))

    _whole(path, write, overwrite=overwrite)


def write_npz(clip: Clip, path: Path, *, overwrite: bool) -> None:
    """Write `values` (n, 61) float32, `names` (61,), `rate` (2,) and `start` (frame, subframe).

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
    """

    def write(part: Path) -> None:
        with part.open("wb") as file:
            np.savez_compressed(
                file,
                values=clip.values,
                names=np.array(WIRE_NAMES),
                rate=np.array([clip.rate.numerator, clip.rate.denominator]),
                start=np.array([clip.start.frame, clip.start.subframe]),
            )

    _whole(path, write, overwrite=overwrite)


def _whole(path: Path, write: Callable[[Path], None], *, overwrite: bool) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in place."""
    with part_of(path, overwrite=overwrite) as part:
        write(part)


def convert_file(
    source: Path,
    output: Path,
    loaded: Performance | Clip | Recording,
    *,
    rate: FrameRate | None = None,
    subject: str | None = None,
    convention: CsvConvention = CsvConvention.MEASURED,
    overwrite: bool = False,
) -> tuple[str, ...]:
    """Write what was loaded from `source` in the form that the ending of `output` names.

    Args:
        source: Where it was loaded from, for messages.
        output: `.csv`, `.packets`, `.npz` or `.png`.
        loaded: What `load_any` returned.
        rate: Frames per second written; the source's own when None.
        subject: Subject of a packet recording (read or written).
        convention: How the jaw and mouth columns of a CSV are written.
        overwrite: Whether to replace an existing file.

    Returns:
        Notes, in words, on what the user may not expect.

    Raises:
        BridgeError: The ending is not one of these.
        WouldOverwriteError: `output` exists and `overwrite` is false.
    """
    ending = output.suffix.lower()
    if ending not in (".csv", ".packets", ".npz", ".png"):
        raise BridgeError(
            f"{output}: the ending {ending or '(none)'} is none that can be written.",
            "Use .csv (Live Link Face), .packets (recording), .npz (arrays) or .png (picture).",
        )
    if ending == ".png":
        _write_picture(loaded, source, subject, output, overwrite=overwrite)
        return ()
    clip, notes = clip_of(loaded, source, subject if isinstance(loaded, Recording) else None)
    if rate is not None:
        clip = clip.resample(rate)
    if ending == ".csv":
        notes += write_csv(clip, output, convention=convention, overwrite=overwrite)
    elif ending == ".packets":
        name = subject or clip.metadata.get("subject") or DEFAULT_SUBJECT
        write_packets(clip, output, subject=name, overwrite=overwrite)
    else:
        write_npz(clip, output, overwrite=overwrite)
    return notes


def _write_picture(
    loaded: Performance | Clip | Recording,
    source: Path,
    subject: str | None,
    output: Path,
    *,
    overwrite: bool,
) -> None:
    """Draw the keyframes of a performance, or eight moments of other motion, side by side."""
    from generator.head import render, write_png

    if isinstance(loaded, Performance):
        poses = [keyframe.values for keyframe in loaded.keyframes[:8]]
    else:
        clip, _ = clip_of(loaded, source, subject)
        picks = np.linspace(0, len(clip) - 1, min(8, len(clip))).round().astype(int)
        poses = [clip.values[pick] for pick in picks]
    picture = np.concatenate([render(pose, _FACE_SIZE) for pose in poses], axis=1)
    _whole(output, lambda part: write_png(part, picture), overwrite=overwrite)
