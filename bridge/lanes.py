"""Lanes: what one subject sends, tick by tick. No thread and no clock here; time comes in.

A run is a lane being played. The paced one here samples a source on the grid of its rate; the one
in `bridge.recorded` sends recorded packets at their own times. Both are asked when something is
due (`next_due_s`), told to do it (`fire`) and to come to an end (`finish`, `abandon`), only by the
engine's tx thread; everybody else sees the frozen `status`.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bridge.errors import SourceError
from bridge.pacer import NOT_LATE, Lateness, LatenessMeter, Pacer
from bridge.sources import (
    FADE_S,
    JOIN_S,
    NEUTRAL,
    HoldSource,
    RecordingSource,
    Source,
    SwitchableSource,
    mixed,
)
from livelink.errors import FrameError, PacketError
from livelink.frame import DeviceId, Frame, Values, as_values
from livelink.packet import encode
from livelink.timecode import FrameRate, FrameTime

_LOG = logging.getLogger(__name__)

Send = Callable[[bytes], float]
"""Sends a datagram and returns when it was out, on the engine's clock."""

RATE_60 = FrameRate(60)

MIN_FPS, MAX_FPS = 1, 1000
"""Rates an engine paces at; Unreal shows nothing more beyond its own 60 to 120."""

REPORT_EVERY = 16
"""Frames between two looks at the lateness histogram."""


class Phase(enum.Enum):
    """Where a lane is."""

    PLAYING = "playing"
    FADING = "fading"
    """On the way to neutral."""

    RESTING = "resting"
    """Neutral after a panic; still sending."""

    ENDED = "ended"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Whether nothing more is sent."""
        return self in (Phase.ENDED, Phase.FAILED)


@dataclass(frozen=True, slots=True)
class Lane:
    """One subject and what it plays.

    Attributes:
        subject: Its name in Unreal. A recording's packets carry their own.
        device_id: Its stable id (see `bridge.identity`).
        source: What it shows, or a recording.
        rate: Frames per second, 1 ... 1000; a recording has its own times.
        fade: Whether it fades to neutral at its end and at a stop; None leaves that to the kind:
            sources fade, recordings end exactly. A failure always fades.
        fade_s: Seconds of that fade, 0 ... 10.
    """

    subject: str
    device_id: DeviceId
    source: Source | RecordingSource
    rate: FrameRate = RATE_60
    fade: bool | None = None
    fade_s: float = FADE_S

    def __post_init__(self) -> None:
        if not self.subject.strip():
            raise SourceError("A subject needs a name.", "Give one with --subject.")
        if not MIN_FPS <= self.rate.fps <= MAX_FPS:
            raise SourceError(f"Frames are paced at {MIN_FPS} to {MAX_FPS} fps, not {self.rate}.")
        if not 0.0 <= self.fade_s <= 10.0:
            raise SourceError(f"A fade takes 0 to 10 seconds, not {self.fade_s!r}.")
        try:
            encode(Frame(self.subject, self.device_id, FrameTime(0), self.rate, NEUTRAL))
        except PacketError as exc:
            raise SourceError(
                f"The subject cannot be sent: {exc}.", "Choose a shorter name."
            ) from exc


@dataclass(frozen=True, slots=True, eq=False)
class LaneStatus:
    """What a lane has done so far. Frozen: any thread may read it.

    Attributes:
        subject: The lane's subject.
        device_id: Its id.
        phase: Where it is.
        reason: Why it failed, or "".
        sent: Packets sent.
        skipped: Frames missed because of stalls.
        refused: Recorded packets that were no sound frames and were not sent.
        stalls: Times a recording was moved because the computer stalled.
        lateness: How late packets left, refreshed every 16 frames.
        values: (61,) values sent last, or None before the first and for 'no face'.
        time_s: Seconds the lane has played.
    """

    subject: str
    device_id: DeviceId
    phase: Phase = Phase.PLAYING
    reason: str = ""
    sent: int = 0
    skipped: int = 0
    refused: int = 0
    stalls: int = 0
    lateness: Lateness = NOT_LATE
    values: Values | None = None
    time_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Fade:
    """A fade to neutral: since when, from what, and what comes after it.

    `frozen` is the face it starts from; None lets the source go on moving below the fade.
    """

    began_s: float
    over_s: float
    frozen: Values | None
    then: Phase


class PacedRun:
    """Samples a lane's source at a steady rate and stamps frames with the time they are due.

    The frame time starts from the local time of day at the start and counts on through midnight:
    no frame of a run is ever stamped earlier than the one before it.
    """

    def __init__(self, lane: Lane, start_s: float, first: FrameTime) -> None:
        """Prepare to play.

        Args:
            lane: What to play; its source must not be a recording.
            start_s: When frame 0 is due, on the engine's clock.
            first: Frame time of frame 0, at the lane's rate.
        """
        if isinstance(lane.source, RecordingSource):
            raise TypeError("a recording brings its own times and is no paced source")
        self.status = LaneStatus(lane.subject, lane.device_id)
        self._lane = lane
        self._pacer = Pacer(lane.rate, start_s)
        self._first = first
        self._shown = SwitchableSource(lane.source)
        self._fade: _Fade | None = None
        self._base: Values = NEUTRAL  # the source's last sound values, before any fade
        self._meter = LatenessMeter()

    @property
    def next_due_s(self) -> float | None:
        """When `fire` has something to do; None once the lane is over."""
        return None if self.status.phase.over else self._pacer.next_due_s

    def fire(self, now_s: float, send: Send) -> list[PacedRun]:
        """Send the frame that is due at `now_s`, if one is.

        Returns:
            Runs that take over; none for this kind.
        """
        if self.status.phase.over:
            return []
        tick = self._pacer.take(now_s)
        if tick is None:
            return []
        time_s = self._seconds(tick.index)
        values = self._values(time_s)
        if values is None:
            return []
        lane = self._lane
        stamp = self._first.plus(tick.index)
        out_s = send(encode(Frame(lane.subject, lane.device_id, stamp, lane.rate, values)))
        self._pacer.left(out_s)
        self._meter.add(max(out_s - tick.due_s, 0.0))
        sent = self.status.sent + 1
        report = sent % REPORT_EVERY == 1 or self.status.phase.over
        self.status = replace(
            self.status,
            sent=sent,
            skipped=self._pacer.skipped,
            lateness=self._meter.report() if report else self.status.lateness,
            values=values,
            time_s=time_s,
        )
        return []

    def finish(self, *, fade: bool | None = None) -> list[PacedRun]:
        """Come to the end: by a fade (the default here) or at once.

        Returns:
            Runs that take over; none for this kind.
        """
        wanted = self._lane.fade is not False if fade is None else fade
        if self.status.phase.over:
            return []
        if not wanted or self.status.phase is Phase.RESTING or self.status.sent == 0:
            self._enter(Phase.FAILED if self.status.reason else Phase.ENDED)
        elif self._fade is None:
            self._fade = self._fade_at(self._next_s, Phase.ENDED)
            self._enter(Phase.FADING)
        elif self._fade.then is Phase.RESTING:
            self._fade = replace(self._fade, then=Phase.ENDED)
        return []

    def rest(self, over_s: float) -> None:
        """Fade to neutral within `over_s` and keep sending it."""
        if self.status.phase is Phase.PLAYING:
            self._fade = self._fade_at(self._next_s, Phase.RESTING, over_s=over_s)
            self._enter(Phase.FADING)

    def switch(self, source: Source, over_s: float = JOIN_S) -> None:
        """Pass from what is shown now to `source` within `over_s`; ignored once over or failed."""
        if self.status.phase.over or self.status.reason:
            return
        if self.status.phase is not Phase.PLAYING:
            shown = NEUTRAL if self.status.values is None else self.status.values
            self._shown = SwitchableSource(HoldSource(shown))
            self._shown.sample(self._next_s)
            self._fade = None
            self._enter(Phase.PLAYING)
        self._shown.switch(source, self._next_s, over_s)

    def abandon(self, reason: str) -> None:
        """Give up without another frame: sending itself has failed."""
        self.status = replace(self.status, phase=Phase.FAILED, reason=self.status.reason or reason)

    @property
    def _next_s(self) -> float:
        return self._seconds(self._pacer.next_index)

    def _seconds(self, index: int) -> float:
        return index * self._lane.rate.denominator / self._lane.rate.numerator

    def _enter(self, phase: Phase) -> None:
        self.status = replace(self.status, phase=phase)

    def _fade_at(
        self, at_s: float, then: Phase, *, frozen: Values | None = None, over_s: float | None = None
    ) -> _Fade:
        """Return a fade that began a frame before `at_s`, so that the frame there moves already."""
        over_s = self._lane.fade_s if over_s is None else over_s
        if frozen is not None and not frozen.any():
            over_s = 0.0
        return _Fade(at_s - self._seconds(1), over_s, frozen, then)

    def _values(self, time_s: float) -> Values | None:
        """Return what to send, or None when the lane is over without another frame."""
        if self.status.phase is Phase.RESTING:
            return NEUTRAL
        if self._fade is None:
            values = self._sampled(time_s)
            if values is not None:
                return values
            if self._lane.fade is False and not self.status.reason:
                self._enter(Phase.ENDED)
                return None
            self._enter(Phase.FADING)
        # A source that failed has set its fade itself.
        fade = self._fade or self._fade_at(time_s, Phase.ENDED, frozen=self._base)
        self._fade = fade
        return self._faded(fade, time_s)

    def _faded(self, fade: _Fade, time_s: float) -> Values:
        spent_s = time_s - fade.began_s
        if spent_s >= fade.over_s - 1e-9:
            self._fade = None
            self._enter(fade.then)
            return NEUTRAL
        base = fade.frozen
        if base is None:
            base = self._sampled(time_s)
        if base is None:  # the source ended or failed below the fade
            base = self._base
            self._fade = replace(self._fade or fade, frozen=base)
        return mixed(base, NEUTRAL, spent_s / fade.over_s)

    def _sampled(self, time_s: float) -> Values | None:
        """Return the source's values; None when it has ended or failed (then a fade is set)."""
        try:
            values = self._shown.sample(time_s)
            if values is not None:
                self._base = as_values(values)
                return self._base
        except FrameError as exc:
            self._fail(f"the source gave values that cannot be sent: {exc}", time_s)
        except Exception as exc:  # noqa: BLE001 - foreign code: its failure becomes the lane's
            _LOG.exception("The source of %s failed", self._lane.subject)
            self._fail(f"the source failed: {type(exc).__name__}: {exc}"[:500], time_s)
        return None

    def _fail(self, reason: str, time_s: float) -> None:
        self.status = replace(self.status, reason=reason)
        if self._fade is None:
            self._fade = self._fade_at(time_s, Phase.FAILED, frozen=self._base)
        else:
            self._fade = replace(self._fade, frozen=self._base, then=Phase.FAILED)
