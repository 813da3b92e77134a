"""Player: one engine at a time that plays what lies on the timeline. Knows no widget.

GUI thread only, except where a method says otherwise. Whatever may wait (resolving a target,
fading to neutral) runs in the pool "engine"; the GUI polls a frozen snapshot 30 times a second.
"""

from __future__ import annotations

import enum
import math
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal, pyqtSlot

from livelink.frame import Values
from livelink.timecode import FrameRate
from ui.notify import Notifier
from ui.reel import Reel, source_of
from ui.tasks import Tasks

if TYPE_CHECKING:
    from bridge.engine import Snapshot
    from bridge.performing import Playing

POLL_MS = 33

_POOL = "engine"
_JOIN_S = 0.4  # of a loop; the default of bridge.sources, which loads scipy
_RATE_60 = FrameRate(60)


class Playback(enum.Enum):
    """Where the player is."""

    IDLE = "idle"
    STARTING = "starting"
    PLAYING = "playing"
    STOPPING = "stopping"
    """Easing to neutral."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where to send, and as whom.

    Attributes:
        targets: "host:port" each.
        subject: Subject name in Unreal.
    """

    targets: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What the engine is doing, for those who show it.

    Attributes:
        time_s: Where on the timeline.
        values: (61,) sent last, or None.
        sent: Packets.
        skipped: Frames missed because of stalls.
        late_p99_s: How late packets left, 99 of 100 less than this; None before it is known.
        trouble: What the system says of a target that does not get them, or "".
        resting: Whether a panic has brought the face to neutral.
    """

    time_s: float
    values: Values | None
    sent: int
    skipped: int
    late_p99_s: float | None
    trouble: str
    resting: bool


class Player(QObject):
    """Plays, stops and panics.

    Signals:
        state_changed: `state` is another one.
        polled: New Levels, 30 times a second while something is sent.
    """

    state_changed = pyqtSignal(object)
    polled = pyqtSignal(object)

    def __init__(self, tasks: Tasks, notifier: Notifier, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._notifier = notifier
        self._state = Playback.IDLE
        self._lock = threading.Lock()  # guards _playing, which the pool sets
        self._playing: Playing | None = None
        self._reel: Reel | None = None
        self._loop = False
        self._from_s = 0.0
        self._stop_wanted = False
        self._timer = QTimer(self)
        self._timer.setObjectName("player-poll")
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._on_poll)

    @property
    def state(self) -> Playback:
        """Where the player is."""
        return self._state

    @property
    def is_active(self) -> bool:
        """Whether something is sent, or about to be."""
        return self._state is not Playback.IDLE

    def play(self, reel: Reel, outlet: Outlet, *, loop: bool, from_s: float = 0.0) -> None:
        """Start to send; nothing when something is sent already.

        Args:
            reel: What to play.
            outlet: Where to, and as whom.
            loop: Whether it starts again at its end.
            from_s: Where on the timeline to begin.
        """
        if self.is_active:
            return
        whole = loop or reel.recording is not None or from_s >= reel.duration_s - 0.05
        self._reel, self._loop = reel, loop
        self._from_s = 0.0 if whole else from_s
        self._stop_wanted = False
        self._enter(Playback.STARTING)
        work = partial(self._open, reel, outlet, loop, self._from_s)
        self._tasks.run(_POOL, work, lambda _: self._on_open(), self._on_refused)

    def stop(self) -> None:
        """Ease to neutral and end; nothing when nothing is sent."""
        if self._state is Playback.STARTING:
            self._stop_wanted = True
        elif self._state is Playback.PLAYING:
            self._enter(Playback.STOPPING)
            self._tasks.run(_POOL, self.finish, None, self._on_refused)

    def panic(self) -> None:
        """Fade to neutral now, and hold it until stopped."""
        with self._lock:
            playing = self._playing
        if playing is not None and self._state is Playback.PLAYING:
            playing.engine.panic()

    def finish(self) -> None:
        """Ease to neutral, end the engine's threads, close its sockets. Any thread; waits."""
        with self._lock:
            playing = self._playing
        if playing is not None:
            playing.stop()

    def close(self) -> None:
        """Stop polling and end; call after the tasks have been closed."""
        self._timer.stop()
        self.finish()

    # The pool's thread --------------------------------------------------------------------------

    def _open(self, reel: Reel, outlet: Outlet, loop: bool, from_s: float) -> None:
        from bridge.performing import Playing

        source = source_of(reel, loop=loop, from_s=from_s)
        rate = reel.rate or _RATE_60
        playing = Playing(source, outlet.subject, rate, outlet.targets)
        with self._lock:
            self._playing = playing
        playing.engine.start()

    # The GUI thread -----------------------------------------------------------------------------

    def _on_open(self) -> None:
        self._enter(Playback.PLAYING)
        self._timer.start()
        if self._stop_wanted:
            self.stop()

    def _on_refused(self, error: Exception) -> None:
        self._notifier.error(error)
        self._leave()

    @pyqtSlot()
    def _on_poll(self) -> None:
        with self._lock:
            playing = self._playing
        if playing is None:
            return
        snapshot = playing.engine.snapshot()
        if snapshot.lanes:
            self.polled.emit(self._levels(snapshot))
        if snapshot.state.over:
            if snapshot.reason:
                self._notifier.error(f"Playing failed: {snapshot.reason}.")
            self._tasks.run(_POOL, playing.stop, None, self._notifier.error)
            self._leave()

    def _levels(self, snapshot: Snapshot) -> Levels:
        lane = snapshot.lanes[0]
        late = lane.lateness.p99_s if lane.sent else None
        failing = [t for t in snapshot.targets if t.failing and t.last_error]
        trouble = "; ".join(f"{t.target}: {t.last_error}" for t in failing)
        resting = lane.phase.value == "resting"
        time_s = self._timeline_s(lane.time_s)
        return Levels(time_s, lane.values, lane.sent, lane.skipped, late, trouble, resting)

    def _timeline_s(self, played_s: float) -> float:
        """Return where on the timeline the engine is after so many seconds of playing."""
        duration_s = self._reel.duration_s if self._reel is not None else 0.0
        time_s = self._from_s + played_s
        if self._loop and duration_s > 0.0:
            joins = self._reel is not None and self._reel.recording is None
            cycle_s = duration_s - (min(_JOIN_S, duration_s / 2) if joins else 0.0)
            return time_s if time_s < cycle_s else math.fmod(time_s, cycle_s)
        return min(time_s, duration_s)

    def _leave(self) -> None:
        self._timer.stop()
        with self._lock:
            self._playing = None
        self._enter(Playback.IDLE)

    def _enter(self, state: Playback) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
