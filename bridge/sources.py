"""Sources: what a subject shows at a moment. Pure: time comes in, values go out.

The engine asks a source for the values at seconds since the source began; `None` says that it has
ended. A source belongs to one thread at a time and may keep state; `RecordingSource` alone is not
asked but read, because it brings its own times.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from bridge.errors import SourceError
from livelink.channels import CHANNEL_COUNT
from livelink.clip import Clip, sample_values
from livelink.errors import FrameError
from livelink.frame import Values, as_values
from livelink.timecode import FrameRate

NEUTRAL: Values = as_values(np.zeros(CHANNEL_COUNT))
"""The face at rest: what every performance starts from and every fade ends in."""

FADE_S = 0.5
"""Seconds a fade to neutral takes unless asked otherwise."""

JOIN_S = 0.4
"""Seconds over which the end of a loop passes into its beginning."""

_IDLE_S = 60.0  # rendered once and looped; longer than anyone remembers blinks
_ON_FRAME = 1e-6  # of a frame: closer than this is the frame itself
_MAX_NESTED = 4  # crossfades begun within crossfades before the shown face is frozen instead


class Source(Protocol):
    """Anything with a face at a time."""

    def sample(self, t_s: float) -> Values | None:
        """Return the (61,) values `t_s` seconds after the source began; None once it has ended.

        `t_s` never decreases from call to call.
        """
        ...


def minimum_jerk(share: float) -> float:
    """Return the minimum-jerk path from 0 to 1, at rest at both ends (Flash and Hogan 1985)."""
    u = min(max(share, 0.0), 1.0)
    return u * u * u * (10.0 + u * (6.0 * u - 15.0))


def mixed(old: Values, new: Values, share: float) -> Values:
    """Return `old` on its way to `new`, `share` (0 ... 1) of the time spent, eased at both ends."""
    weight = np.float32(minimum_jerk(share))
    values: Values = old + (new - old) * weight
    return values


class ClipSource:
    """A clip, once or in a loop.

    A loop passes from its last `join_s` seconds into its first by a crossfade, so that a cycle is
    `join_s` shorter than the clip; the first pass begins as the clip does.
    """

    def __init__(
        self,
        clip: Clip,
        *,
        loop: bool = False,
        speed: float = 1.0,
        range_s: tuple[float, float] | None = None,
        join_s: float = JOIN_S,
    ) -> None:
        """Prepare to play.

        Args:
            clip: What to play.
            loop: Whether it never ends.
            speed: Seconds of clip per second, 0.01 ... 100.
            range_s: From and to which second of the clip; None plays all of it.
            join_s: Seconds of clip over which a loop closes; half the clip at most.

        Raises:
            SourceError: The speed, range or join is out of form.
        """
        if not 0.01 <= speed <= 100.0:
            raise SourceError(f"A speed lies within 0.01 and 100, not {speed!r}.")
        if not (math.isfinite(join_s) and join_s >= 0.0):
            raise SourceError(f"The seconds of a join must be 0 or more, not {join_s!r}.")
        self._clip = clip if range_s is None else _cut(clip, range_s)
        self._speed = speed
        self._loop = loop
        self._join_s = min(join_s, self._clip.duration_s / 2)
        self._times_s = self._clip.times_s

    @property
    def duration_s(self) -> float:
        """Seconds of one pass at the chosen speed."""
        return self._clip.duration_s / self._speed

    def sample(self, t_s: float) -> Values | None:
        """Return the values at `t_s`; None behind the end of a clip played once."""
        at_s = t_s * self._speed
        length_s = self._clip.duration_s
        if not self._loop:
            return None if at_s >= length_s - 1e-9 else self._at(at_s)
        cycle_s = length_s - self._join_s
        if at_s < cycle_s:
            return self._at(at_s)
        into_s = math.fmod(at_s, cycle_s)
        if into_s >= self._join_s:
            return self._at(into_s)
        return mixed(self._at(cycle_s + into_s), self._at(into_s), into_s / self._join_s)

    def _at(self, at_s: float) -> Values:
        """Return the values at a second of the clip: a frame itself, or between two."""
        values = self._clip.values
        position = at_s * self._clip.rate.fps
        index = min(max(round(position), 0), len(values) - 1)
        if abs(position - index) < _ON_FRAME or position >= len(values) - 1:
            frame: Values = values[index]
            return frame
        left = slice(int(position), int(position) + 2)
        moved = sample_values(self._times_s[left], values[left], np.array([at_s]))
        between: Values = moved[0].astype(np.float32)
        return between


def _cut(clip: Clip, range_s: tuple[float, float]) -> Clip:
    first_s, last_s = range_s
    if not 0.0 <= first_s < last_s:
        raise SourceError(f"A range runs from 0 or more to a later second, not {range_s}.")
    stop = min(math.ceil(min(last_s, clip.duration_s) * clip.rate.fps - _ON_FRAME), len(clip))
    try:
        return clip.slice(math.floor(first_s * clip.rate.fps + _ON_FRAME), stop)
    except FrameError as exc:
        raise SourceError(
            f"The clip lasts {clip.duration_s:.2f} s; nothing of it lies within "
            f"{first_s:g} and {last_s:g} s."
        ) from exc


class HoldSource:
    """One face, for ever (neutral unless told otherwise)."""

    def __init__(self, values: Values = NEUTRAL) -> None:
        self._values = values

    def sample(self, t_s: float) -> Values:  # noqa: ARG002 - the same at all times
        """Return the face."""
        return self._values


class FadeSource:
    """From one face to another by minimum jerk, then the end; the last sample is `to` exactly."""

    def __init__(self, values: Values, duration_s: float = FADE_S, to: Values = NEUTRAL) -> None:
        """Prepare a fade.

        Raises:
            SourceError: The duration is negative or not finite.
        """
        if not (math.isfinite(duration_s) and duration_s >= 0.0):
            raise SourceError(f"The seconds of a fade must be 0 or more, not {duration_s!r}.")
        self._from, self._to = values, to
        self._duration_s = duration_s
        self._arrived = False

    def sample(self, t_s: float) -> Values | None:
        """Return the values at `t_s`; `to` once at or behind the end, then None."""
        if self._arrived:
            return None
        if t_s >= self._duration_s:
            self._arrived = True
            return self._to
        return mixed(self._from, self._to, t_s / self._duration_s)


def fade_to_neutral(values: Values, duration_s: float = FADE_S) -> FadeSource:
    """Return the way from `values` to the face at rest."""
    return FadeSource(values, duration_s)


def idle_source(seed: int = 0, *, duration_s: float = _IDLE_S) -> ClipSource:
    """Return a neutral face that lives: it breathes, blinks and looks about, without end.

    Args:
        seed: Same seed, same life.
        duration_s: Seconds after which it repeats.
    """
    # Late: it loads half of scipy, which playing a take does not need.
    from generator.motion import Interpolation, Keys, Mood, default_layers, sample

    rate = FrameRate(60)
    times_s = np.arange(round(duration_s * rate.fps)) / rate.fps
    rest = Keys(np.zeros(1), np.array([duration_s]), np.zeros((1, CHANNEL_COUNT)))
    values = sample(rest, times_s, Interpolation.MINIMUM_JERK, default_layers(seed), {}, Mood())
    return ClipSource(Clip(values, rate), loop=True)


@dataclass(slots=True)
class _Running:
    """A source and the moment it began, on the time of whoever runs it."""

    source: Source
    began_s: float

    def sample(self, t_s: float) -> Values | None:
        return self.source.sample(max(t_s - self.began_s, 0.0))


class _Crossfade:
    """From what was running to what runs next. When the old side ends, its last face stays."""

    def __init__(self, old: Source, shown: Values, new: _Running, over_s: float) -> None:
        self._old: Source | None = old
        self._shown = shown
        self.new = new
        self._over_s = over_s

    @property
    def depth(self) -> int:
        return 1 + (self._old.depth if isinstance(self._old, _Crossfade) else 0)

    def over(self, t_s: float) -> bool:
        return t_s >= self.new.began_s + self._over_s

    def sample(self, t_s: float) -> Values | None:
        new = self.new.sample(t_s)
        if new is None:
            return None
        self._shown = self._old_side(t_s)
        return mixed(self._shown, new, (t_s - self.new.began_s) / self._over_s)

    def _old_side(self, t_s: float) -> Values:
        if self._old is None:
            return self._shown
        values = self._old.sample(t_s)
        if values is None:
            self._old = None
            return self._shown
        return values


class SwitchableSource:
    """Plays one source until told to pass to another; the face never jumps in between.

    The old source goes on moving while it fades, so that speed does not jump either.
    """

    def __init__(self, first: Source) -> None:
        self._now: _Running | _Crossfade = _Running(first, 0.0)
        self._shown: Values | None = None

    @property
    def shown(self) -> Values | None:
        """What was shown last, or None before the first sample."""
        return self._shown

    def switch(self, source: Source, at_s: float, over_s: float = JOIN_S) -> None:
        """Begin `source` at `at_s` and pass to it within `over_s` seconds.

        Args:
            source: What comes next; its own time starts at `at_s`.
            at_s: Now, on the time that `sample` is asked with.
            over_s: Length of the crossfade; 0 cuts.
        """
        new = _Running(source, at_s)
        if self._shown is None or over_s <= 0.0:
            self._now = new
            return
        old: Source = self._now
        if isinstance(self._now, _Crossfade) and self._now.depth >= _MAX_NESTED:
            old = HoldSource(self._shown)
        self._now = _Crossfade(old, self._shown, new, over_s)

    def sample(self, t_s: float) -> Values | None:
        """Return the values at `t_s`; None once the newest source has ended."""
        if isinstance(self._now, _Crossfade) and self._now.over(t_s):
            self._now = self._now.new
        values = self._now.sample(t_s)
        if values is not None:
            self._shown = values
        return values


class SequenceSource:
    """Sources one after the other; each begins where the one before ended, eased into."""

    def __init__(self, sources: Sequence[Source], over_s: float = JOIN_S) -> None:
        """Prepare to play them in order.

        Raises:
            SourceError: There is none.
        """
        if not sources:
            raise SourceError("A sequence needs at least one source.")
        self._waiting = list(sources[1:])
        self._playing = SwitchableSource(sources[0])
        self._over_s = over_s

    def sample(self, t_s: float) -> Values | None:
        """Return the values at `t_s`; None once the last source has ended."""
        values = self._playing.sample(t_s)
        while values is None and self._waiting:
            self._playing.switch(self._waiting.pop(0), t_s, self._over_s)
            values = self._playing.sample(t_s)
        return values


@dataclass(frozen=True, slots=True)
class TimedPacket:
    """A datagram and when it is due.

    Attributes:
        due_s: Seconds since the first packet of the recording, never decreasing.
        data: The datagram, sent as it is.
    """

    due_s: float
    data: bytes


class RecordingSource:
    """Datagrams byte for byte at their own times: read by the engine, not sampled.

    Attributes:
        packets: All of them, in order of time.
        loop: Whether it never ends.
    """

    def __init__(
        self, packets: Sequence[TimedPacket], *, loop: bool = False, speed: float = 1.0
    ) -> None:
        """Prepare to play.

        Args:
            packets: In order of time; the first one's time is where it starts.
            loop: Whether it never ends; a pass is followed by the next after the mean interval.
            speed: Seconds of recording per second, 0.01 ... 100.

        Raises:
            SourceError: No packets, times out of order, or a speed out of range.
        """
        if not packets:
            raise SourceError("The recording holds no packets.")
        if not 0.01 <= speed <= 100.0:
            raise SourceError(f"A speed lies within 0.01 and 100, not {speed!r}.")
        times_s = [packet.due_s for packet in packets]
        if any(not later >= earlier for earlier, later in pairwise(times_s)):
            raise SourceError("The recording's packets are not in order of time.")
        self.packets = tuple(packets)
        self.loop = loop
        self._speed = speed
        self._origin_s = times_s[0]
        span_s = times_s[-1] - times_s[0]
        mean_s = span_s / (len(packets) - 1) if span_s > 0.0 else 1 / 60
        self._cycle_s = span_s + mean_s

    @property
    def duration_s(self) -> float:
        """Seconds from the first packet to the last, at the chosen speed."""
        return (self.packets[-1].due_s - self._origin_s) / self._speed

    def due_s(self, count: int) -> float | None:
        """Return when packet number `count` is due, in seconds since the start; None at the end."""
        turn, index = divmod(count, len(self.packets))
        if turn and not self.loop:
            return None
        return (self.packets[index].due_s - self._origin_s + turn * self._cycle_s) / self._speed

    def data(self, count: int) -> bytes:
        """Return packet number `count`, counted through all passes."""
        return self.packets[count % len(self.packets)].data
