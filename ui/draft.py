"""Draft: the document while it is being made, frozen at every step. No Qt.

A script's beats, each with the keyframe that was made for it, if any. A draft becomes a
performance as soon as it has a keyframe, and keeps of a loaded one what the window cannot show.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.models.protocols import Reading, reading
from generator.script import MIN_TRANSITION_S, Beat, Script
from livelink.frame import Values

if TYPE_CHECKING:
    from generator.performance import Keyframe, Performance, Source

_KEYS = itertools.count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """What was made for a beat.

    Attributes:
        values: (61,) in wire order.
        source: Who made it; None for a person.
        read: What the model was given, to tell when the words have changed since.
        id: Of the keyframe in a document, or "" for a new one.
        locked: Whether regenerating leaves it alone.
        offset_s: Seconds it was moved away from its beat's own time.
        hold_s: A hold of its own, or None for the beat's.
    """

    values: Values
    source: Source | None
    read: Reading
    id: str = ""
    locked: bool = False
    offset_s: float = 0.0
    hold_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A beat and its pose.

    Attributes:
        key: Says which beat it is, wherever it moves; unique in this process.
        beat: The words and seconds.
        pose: What was made for it, or None.
    """

    key: int
    beat: Beat
    pose: Pose | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A script with what has been made of it.

    Attributes:
        prompt, background, emotion: As in a script.
        entries: The beats in order.
        kept: The performance it was loaded from: curves, layers and the like come from there.
        loose: Keyframes of it that belong to no beat.
    """

    prompt: str = ""
    background: str = ""
    emotion: str = ""
    entries: tuple[Entry, ...] = ()
    kept: Performance | None = None
    loose: tuple[Keyframe, ...] = ()

    @property
    def script(self) -> Script | None:
        """The script, or None while there is no beat."""
        if not self.entries:
            return None
        beats = tuple(entry.beat for entry in self.entries)
        return Script(self.prompt, self.background, self.emotion, beats)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to save."""
        return not (self.entries or self.background or self.emotion)

    @property
    def has_motion(self) -> bool:
        """Whether something can be played."""
        return bool(self.loose) or any(entry.pose is not None for entry in self.entries)

    def index_of(self, key: int) -> int | None:
        """Return where a beat is, or None when it is gone."""
        return next((i for i, entry in enumerate(self.entries) if entry.key == key), None)

    def stale(self) -> frozenset[int]:
        """Return the keys of beats whose pose was made of other words than they have now."""
        script = self.script
        if script is None:
            return frozenset()
        return frozenset(
            entry.key
            for index, entry in enumerate(self.entries)
            if entry.pose is not None and entry.pose.read != reading(script, index)
        )

    def unmade(self) -> tuple[int, ...]:
        """Return the keys of beats without a pose, or with a stale one that is not locked."""
        stale = self.stale()
        return tuple(
            e.key for e in self.entries if e.pose is None or (e.key in stale and not e.pose.locked)
        )

    def with_script(self, script: Script) -> Draft:
        """Return a draft of a new script; nothing has been made of it yet."""
        return replace(draft_of(script), kept=self.kept and _without_curves(self.kept), loose=())

    def with_beat(self, key: int, beat: Beat) -> Draft:
        """Return the draft with one beat's words or seconds changed."""
        return self._with(key, lambda entry: replace(entry, beat=beat))

    def with_pose(self, key: int, pose: Pose) -> Draft:
        """Return the draft with a pose for a beat; nothing changes when the beat is gone."""
        old = next((e.pose for e in self.entries if e.key == key), None)
        if old is not None:
            pose = replace(pose, id=old.id, offset_s=old.offset_s, hold_s=old.hold_s)
        return self._with(key, lambda entry: replace(entry, pose=pose))

    def with_new_beat(self, after: int | None = None) -> tuple[Draft, int]:
        """Return the draft with an empty beat behind `after` (or at the end), and its key."""
        entry = Entry(next(_KEYS), Beat(""))
        return self._inserted(entry, after), entry.key

    def with_copy(self, key: int) -> tuple[Draft, int]:
        """Return the draft with a beat doubled, and the key of the second."""
        index = self.index_of(key)
        if index is None:
            return self, key
        old = self.entries[index]
        pose = old.pose and replace(old.pose, id="", locked=False)
        entry = Entry(next(_KEYS), old.beat, pose)
        return self._inserted(entry, key), entry.key

    def without(self, key: int) -> Draft:
        """Return the draft without a beat."""
        return replace(self, entries=tuple(e for e in self.entries if e.key != key))

    def moved(self, key: int, by: int) -> Draft:
        """Return the draft with a beat moved up (-1) or down (+1), as far as it goes."""
        index = self.index_of(key)
        if index is None:
            return self
        entries = list(self.entries)
        entry = entries.pop(index)
        entries.insert(min(max(index + by, 0), len(entries)), entry)
        return replace(self, entries=tuple(entries))

    def performance(self, subject: str = "") -> Performance | None:
        """Return the performance, or None while there is nothing to play.

        Args:
            subject: Subject of a new one; a loaded one keeps its own.

        Raises:
            DocumentError: Keyframes that were set by hand do not fit the beats' times any more.
        """
        from generator.motion import default_layers
        from generator.performance import Keyframe, Performance

        script = self.script
        if script is None or not self.has_motion:
            return None
        taken = {keyframe.id for keyframe in self.loose}
        taken |= {entry.pose.id for entry in self.entries if entry.pose is not None}
        fresh = (name for n in itertools.count(1) if (name := f"k{n}") not in taken)
        keyframes = list(self.loose)
        for index, (time_s, entry) in enumerate(zip(script.times_s, self.entries, strict=True)):
            pose = entry.pose
            if pose is None:
                continue
            hold_s = entry.beat.hold_s if pose.hold_s is None else pose.hold_s
            keyframes.append(
                Keyframe(
                    pose.id or next(fresh),
                    index,
                    max(time_s + pose.offset_s, MIN_TRANSITION_S) if pose.offset_s else time_s,
                    hold_s,
                    pose.values,
                    pose.locked,
                    pose.source,
                )
            )
        keyframes.sort(key=lambda keyframe: keyframe.time_s)
        if self.kept is not None:
            return replace(self.kept, script=script, keyframes=tuple(keyframes))
        made = Performance(script, tuple(keyframes), layers=default_layers())
        return replace(made, subject=subject) if subject else made

    def _with(self, key: int, change: Callable[[Entry], Entry]) -> Draft:
        return replace(self, entries=tuple(change(e) if e.key == key else e for e in self.entries))

    def _inserted(self, entry: Entry, after: int | None) -> Draft:
        index = None if after is None else self.index_of(after)
        at = len(self.entries) if index is None else index + 1
        return replace(self, entries=(*self.entries[:at], entry, *self.entries[at:]))


def draft_of(document: Script | Performance) -> Draft:
    """Return the draft of a script or of a performance; saving it again gives the same."""
    if isinstance(document, Script):
        entries = tuple(Entry(next(_KEYS), beat) for beat in document.beats)
        return Draft(document.prompt, document.background, document.emotion, entries)
    script = document.script
    poses: dict[int, Pose] = {}
    loose: list[Keyframe] = []
    for keyframe in document.keyframes:
        index = keyframe.beat
        if index is None or index in poses or not 0 <= index < len(script.beats):
            loose.append(keyframe)
        else:
            poses[index] = _pose_of(keyframe, script, index)
    entries = tuple(
        Entry(next(_KEYS), beat, poses.get(index)) for index, beat in enumerate(script.beats)
    )
    return Draft(script.prompt, script.background, script.emotion, entries, document, tuple(loose))


def _pose_of(keyframe: Keyframe, script: Script, index: int) -> Pose:
    own_hold = keyframe.hold_s != script.beats[index].hold_s
    return Pose(
        keyframe.values,
        keyframe.source,
        reading(script, index),
        keyframe.id,
        keyframe.locked,
        round(keyframe.time_s - script.times_s[index], 9),
        keyframe.hold_s if own_hold else None,
    )


def _without_curves(performance: Performance) -> Performance:
    return replace(performance, curves={}, audio=None)
