"""Reel: what lies on the timeline, ready to be scrubbed and played. No Qt; any thread.

Reading and rendering take time and load scipy, so these functions run in tasks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livelink.frame import Values

if TYPE_CHECKING:
    from bridge.sources import RecordingSource, Source
    from generator.performance import Performance
    from generator.script import Script
    from livelink.clip import Clip
    from livelink.recording import Recording
    from livelink.timecode import FrameRate

_PROFILE_POINTS = 400


@dataclass(frozen=True, slots=True)
class Mark:
    """A keyframe on the timeline.

    Attributes:
        beat: Index of its beat, or None.
        from_s: Where the way to it begins.
        time_s: Where it is reached.
        until_s: Where its hold ends.
        label: The beat's words.
    """

    beat: int | None
    from_s: float
    time_s: float
    until_s: float
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """Something to play.

    Attributes:
        title: What it is called.
        duration_s: How long it is.
        rate: Frames per second it is sent at; None for a recording's own times.
        clip: Its motion; None for a recording with several faces or none.
        marks: Keyframes in order of time.
        profile: Up to 400 values 0 ... 1, how much the face moves along the timeline.
        recording: Packets to be sent as they are, or None.
        subject: The subject its file names, or "".
        notes: What the user should know.
    """

    title: str
    duration_s: float
    rate: FrameRate | None
    clip: Clip | None
    marks: tuple[Mark, ...] = ()
    profile: tuple[float, ...] = ()
    recording: Recording | None = None
    subject: str = ""
    notes: tuple[str, ...] = ()

    def values_at(self, time_s: float) -> Values | None:
        """Return the (61,) values at a second; None where that is not known."""
        if self.clip is None:
            return None
        index = min(max(round(time_s * self.clip.rate.fps), 0), len(self.clip) - 1)
        values: Values = self.clip.values[index]
        return values


def reel_of(performance: Performance, title: str) -> Reel:
    """Render a performance."""
    clip = performance.render()
    return Reel(
        title,
        performance.duration_s,
        performance.rate,
        clip,
        _marks(performance),
        _profile(clip),
        subject=performance.subject,
    )


def read_file(path: Path) -> Performance | Script | Reel:
    """Read what a user hands in: documents to edit, or something that just plays.

    Raises:
        LoadError, FileFormatError: It is none of these, or damaged.
    """
    from bridge.loading import load_any, load_script
    from bridge.settings import load_settings
    from generator.performance import Performance
    from livelink.clip import Clip

    if _looks_like_script(path):
        return load_script(path)
    loaded = load_any(path, convention=load_settings().csv_convention)
    if isinstance(loaded, Performance):
        return loaded
    if isinstance(loaded, Clip):
        subject = loaded.metadata.get("subject") or ""
        return Reel(
            path.name, loaded.duration_s, loaded.rate, loaded, (), _profile(loaded), None, subject
        )
    return _recorded(loaded, path)


def source_of(reel: Reel, *, loop: bool, from_s: float = 0.0) -> Source | RecordingSource:
    """Return what the engine plays for a reel.

    Args:
        reel: What to play.
        loop: Whether it never ends.
        from_s: Where to begin; a loop and a recording begin at their beginning.
    """
    from bridge.recorded import timed_packets
    from bridge.sources import ClipSource, RecordingSource

    if reel.recording is not None:
        return RecordingSource(timed_packets(reel.recording), loop=loop)
    assert reel.clip is not None  # noqa: S101 - a reel has one or the other
    late = from_s > 0.0 and from_s < reel.clip.duration_s - 0.05
    range_s = (from_s, reel.clip.duration_s) if late and not loop else None
    return ClipSource(reel.clip, loop=loop, range_s=range_s)


def _recorded(recording: Recording, path: Path) -> Reel:
    from bridge.converting import clip_of
    from bridge.errors import LoadError
    from bridge.recorded import timed_packets
    from bridge.sources import RecordingSource

    duration_s = RecordingSource(timed_packets(recording)).duration_s
    notes = tuple(recording.notes)
    try:
        clip, _ = clip_of(recording, path)
    except LoadError:  # several faces: played as it is, without a picture of where
        return Reel(path.name, duration_s, None, None, recording=recording, notes=notes)
    return Reel(path.name, duration_s, None, clip, (), _profile(clip), recording, notes=notes)


def _looks_like_script(path: Path) -> bool:
    """Whether the head of a file names the schema of a script, and of nothing else."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False  # said properly when it is read
    first = head.find(b'"facewright.')
    return first >= 0 and head.startswith(b'"facewright.script/', first)


def _marks(performance: Performance) -> tuple[Mark, ...]:
    beats = performance.script.beats
    marks, before_s = [], 0.0
    for keyframe in performance.keyframes:
        known = keyframe.beat is not None and keyframe.beat < len(beats)
        label = beats[keyframe.beat].description if known and keyframe.beat is not None else ""
        until_s = keyframe.time_s + keyframe.hold_s
        marks.append(Mark(keyframe.beat, before_s, keyframe.time_s, until_s, label))
        before_s = until_s
    return tuple(marks)


def _profile(clip: Clip) -> tuple[float, ...]:
    """Return how far the face is from rest along the clip, its largest value 1."""
    count = min(_PROFILE_POINTS, len(clip))
    picked = np.linspace(0, len(clip) - 1, count).round().astype(int)
    away = np.sqrt(np.square(clip.values[picked]).sum(axis=1))
    peak = float(away.max())
    return tuple((away / peak).tolist()) if peak > 0.0 else (0.0,) * count
