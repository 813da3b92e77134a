"""The engine: named threads that send what lanes play, and relay what arrives.

`tx` paces the lanes on absolute deadlines; `rx` passes packets on when there is an inlet to relay.
The engine runs headless, once: start, then stop or the end of every lane. It owns its threads and
nothing else: whoever opened the sender and the receiver closes them, after `stop`.
"""

from __future__ import annotations

import enum
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bridge.clock import Clock, SystemClock
from bridge.errors import EngineError
from bridge.lanes import Lane, LaneStatus, PacedRun, Phase
from bridge.recorded import RecordedRun
from bridge.relay import Inlet, Relay, RelayStatus
from bridge.sources import FADE_S, JOIN_S, RecordingSource, Source
from livelink.errors import LiveLinkError
from livelink.sender import TargetStats
from livelink.timecode import FrameTime

_LOG = logging.getLogger(__name__)

_MAX_EDGES = 256
_IDLE_S = 60.0  # how long tx sleeps when nothing is due; a command wakes it
_TARGETS_S = 0.25  # between two looks at how the targets fare
_GRACE_S = 2.0  # what a stop may take beyond its fade before the thread is given up

Run = PacedRun | RecordedRun


class Transmitter(Protocol):
    """Where packets go, e.g. `livelink.sender.Sender`; `send` is called by one thread at a time."""

    def send(self, data: bytes) -> object:
        """Send one datagram to every target."""
        ...

    def stats(self) -> tuple[TargetStats, ...]:
        """Return how each target fares. Any thread."""
        ...


class State(enum.Enum):
    """Where an engine is."""

    NEW = "new"
    RUNNING = "running"
    STOPPING = "stopping"
    """On the way to neutral because somebody asked for it."""

    STOPPED = "stopped"
    """Ended because somebody asked for it."""

    ENDED = "ended"
    """Every lane came to its end."""

    FAILED = "failed"
    """A lane or a thread failed; what was shown has faded to neutral if it could be sent."""

    @property
    def over(self) -> bool:
        """Whether nothing more is sent."""
        return self in (State.STOPPED, State.ENDED, State.FAILED)


class EdgeKind(enum.Enum):
    """What an edge tells."""

    STARTED = "started"
    """A lane's first packet is out."""

    RESTING = "resting"
    """A lane arrived at neutral after a panic."""

    ENDED = "ended"
    FAILED = "failed"
    TARGET_LOST = "target lost"
    """Packets no longer reach a target, as far as the system tells."""

    TARGET_BACK = "target back"


@dataclass(frozen=True, slots=True)
class Edge:
    """Something that happened once.

    Attributes:
        kind: What.
        subject: The lane concerned, or "" for targets and for the engine as a whole.
        detail: Why, for failures; which target, and what the system says.
    """

    kind: EdgeKind
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The engine at one moment. Frozen: any thread may keep it.

    Attributes:
        state: Where the engine is.
        reason: Why it failed, or "".
        lanes: One entry a lane, in the order given.
        targets: How each target fares.
        relay: What was passed on; None without a relay.
        edges_dropped: Edges nobody fetched in time.
    """

    state: State
    reason: str
    lanes: tuple[LaneStatus, ...]
    targets: tuple[TargetStats, ...]
    relay: RelayStatus | None
    edges_dropped: int


class Engine:
    """Sends 1 ... n lanes, or relays, or both. Every method: any thread."""

    def __init__(
        self,
        sender: Transmitter,
        lanes: Sequence[Lane] = (),
        *,
        relay_from: Inlet | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Prepare to run; no thread starts yet.

        Args:
            sender: Where packets go.
            lanes: What to play, one subject each.
            relay_from: Where packets to pass on come from.
            clock: The time; the computer's own unless a test brings another.

        Raises:
            EngineError: Nothing to do, or two lanes for one subject.
        """
        if not lanes and relay_from is None:
            raise EngineError("An engine needs a lane to play or a port to relay from.")
        subjects = [lane.subject for lane in lanes]
        for subject in subjects:
            if subjects.count(subject) > 1:
                raise EngineError(
                    f"Two lanes would send as {subject!r}; Unreal would mix their faces.",
                    "Give each its own --subject.",
                )
        self._sender = sender
        self._lanes = tuple(lanes)
        self._clock = clock or SystemClock()
        self._relay = None if relay_from is None else Relay(relay_from)
        self._lock = threading.Lock()  # guards _state, _reason, _threads and _edges_dropped
        self._send_lock = threading.Lock()  # guards _sender.send: tx and rx both send
        self._state = State.NEW
        self._reason = ""
        self._threads: list[threading.Thread] = []
        self._edges: queue.Queue[Edge] = queue.Queue(_MAX_EDGES)
        self._edges_dropped = 0
        self._commands: deque[Callable[[], None]] = deque()  # appended by any, taken by tx
        self._wake = threading.Event()  # something is in _commands
        self._halt_rx = threading.Event()
        self._relay_fades = True  # set before _halt_rx, read by tx after rx has ended
        self._done = threading.Event()
        self._statuses = tuple(LaneStatus(lane.subject, lane.device_id) for lane in lanes)
        # Touched by tx alone:
        self._runs: list[Run] = []
        self._heirs: list[PacedRun] = []  # fades of recordings and of what was relayed
        self._relaying = self._relay is not None
        self._failing: dict[str, bool] = {}
        self._look_at_targets_s = 0.0

    def __enter__(self) -> Engine:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the threads; nothing when they run already.

        Raises:
            EngineError: The engine has run before.
        """
        with self._lock:
            if self._state in (State.RUNNING, State.STOPPING):
                return
            if self._state is not State.NEW:
                raise EngineError("This engine has run; make a new one to run again.")
            self._state = State.RUNNING
            self._threads = [_thread("tx", self._tx)]
            if self._relay is not None:
                self._threads.append(_thread("rx", partial(self._rx, self._relay)))
            for thread in self._threads:
                thread.start()

    def stop(self, *, fade: bool | None = None) -> None:
        """Fade to neutral, end and join the threads; nothing when that has been done.

        Args:
            fade: True fades every lane, False ends at once; None leaves it to each lane (sources
                fade, recordings end exactly). A relay fades unless told False.

        Raises:
            EngineError: A thread did not end in time; it may still hold the sender.
        """
        with self._lock:
            if self._state is State.NEW:
                self._state = State.STOPPED
                self._done.set()
            if self._state is State.RUNNING:
                self._state = State.STOPPING
            threads = list(self._threads)
        self._relay_fades = fade is not False
        self._halt_rx.set()
        self._order(lambda: self._finish(fade=fade))
        # Not by joining: until Python 3.13, Ctrl-C in a join marks a running thread as ended.
        self._done.wait(self._longest_fade_s + _GRACE_S)
        for thread in threads:
            thread.join(self._longest_fade_s + _GRACE_S)
            if thread.is_alive():
                raise EngineError(f"The thread {thread.name} did not end within its time.")

    def panic(self, over_s: float = FADE_S) -> None:
        """Fade to neutral now. Sampled lanes hold it; recordings and a relay end with the fade."""
        self._halt_rx.set()
        self._order(lambda: self._rest(over_s))

    def switch(self, subject: str, source: Source, over_s: float = JOIN_S) -> None:
        """Pass a lane from what it shows now to another source within `over_s` seconds.

        Raises:
            EngineError: No such lane, a lane that plays a recording, or the engine is over.
        """
        lanes = {lane.subject: lane for lane in self._lanes}
        if subject not in lanes:
            raise EngineError(f"There is no lane {subject!r}; there are {', '.join(lanes)}.")
        if isinstance(lanes[subject].source, RecordingSource):
            raise EngineError(
                f"{subject} plays a recording, which cannot pass into another source."
            )
        if self._done.is_set():
            raise EngineError("The engine has ended; make a new one.")
        self._order(lambda: self._switch(subject, source, over_s))

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing more is sent; return whether that is so."""
        return self._done.wait(timeout_s)

    def next_edge(self, timeout_s: float = 0.0) -> Edge | None:
        """Return the oldest edge not fetched yet, or None when none comes in time."""
        try:
            return (
                self._edges.get(timeout=timeout_s) if timeout_s > 0.0 else self._edges.get_nowait()
            )
        except queue.Empty:
            return None

    def snapshot(self) -> Snapshot:
        """Return the engine at this moment; cheap enough for 30 times a second."""
        with self._lock:
            state, reason, dropped = self._state, self._reason, self._edges_dropped
        relay = None if self._relay is None else self._relay.status
        return Snapshot(state, reason, self._statuses, self._sender.stats(), relay, dropped)

    # Any thread ---------------------------------------------------------------------------------

    def _send(self, data: bytes) -> float:
        with self._send_lock:
            self._sender.send(data)
            return self._clock.monotonic_s()

    def _order(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._wake.set()

    def _tell(self, edge: Edge) -> None:
        """Queue an edge; the oldest gives way when nobody fetches them."""
        while True:
            try:
                self._edges.put_nowait(edge)
            except queue.Full:
                with self._lock:
                    self._edges_dropped += 1
                self.next_edge()
            else:
                return

    @property
    def _longest_fade_s(self) -> float:
        return max([FADE_S, *(lane.fade_s for lane in self._lanes)])

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._reason = self._reason or reason

    # The tx thread ------------------------------------------------------------------------------

    def _tx(self) -> None:
        try:
            with self._clock.precision():
                self._play()
        except Exception as exc:  # noqa: BLE001 - the thread's outer edge: it fails in the open
            _LOG.exception("The tx thread failed")
            self._fail(f"the tx thread failed: {type(exc).__name__}: {exc}")
            self._tell(Edge(EdgeKind.FAILED, "", self._reason))
        finally:
            self._halt_rx.set()
            with self._lock:
                asked = self._state is State.STOPPING
                ended = State.STOPPED if asked else State.ENDED
                self._state = State.FAILED if self._reason else ended
            self._done.set()

    def _play(self) -> None:
        start_s, day_s = self._clock.monotonic_s(), self._clock.time_of_day_s()
        self._runs = [_run_of(lane, start_s, day_s) for lane in self._lanes]
        while True:
            self._wake.clear()
            while self._commands:
                self._commands.popleft()()
            self._publish()
            self._watch_targets()
            live = [run for run in (*self._runs, *self._heirs) if run.next_due_s is not None]
            if not live and not self._relaying:
                return
            due_s = min((run.next_due_s or start_s for run in live), default=None)
            if due_s is None:
                due_s = self._clock.monotonic_s() + _IDLE_S
            if not self._clock.sleep_until(due_s, self._wake):
                self._fire(live)

    def _fire(self, live: Sequence[Run]) -> None:
        for run in live:
            try:
                self._heirs += run.fire(self._clock.monotonic_s(), self._send)
            except (LiveLinkError, OSError) as exc:
                run.abandon(f"sending failed: {exc}")

    def _publish(self) -> None:
        """Show everybody what the lanes have done, and tell what changed."""
        before, self._statuses = self._statuses, tuple(run.status for run in self._runs)
        for old, new in zip(before, self._statuses, strict=True):
            if new.sent and not old.sent:
                self._tell(Edge(EdgeKind.STARTED, new.subject))
            kind = _EDGE_OF_PHASE.get(new.phase)
            if kind is not None and new.phase is not old.phase:
                if new.phase is Phase.FAILED:
                    self._fail(f"{new.subject}: {new.reason}")
                self._tell(Edge(kind, new.subject, new.reason))

    def _watch_targets(self) -> None:
        """Tell, a few times a second, which targets were lost or are back."""
        now_s = self._clock.monotonic_s()
        if now_s < self._look_at_targets_s:
            return
        self._look_at_targets_s = now_s + _TARGETS_S
        for target in self._sender.stats():
            if target.failing != self._failing.get(target.address, False):
                kind = EdgeKind.TARGET_LOST if target.failing else EdgeKind.TARGET_BACK
                why = f": {target.last_error}" if target.failing else ""
                self._tell(Edge(kind, "", f"{target.target}{why}"))
            self._failing[target.address] = target.failing

    def _finish(self, *, fade: bool | None) -> None:
        """Bring every run to its end. A command."""
        if fade is False:
            for heir in self._heirs:
                heir.finish(fade=False)
        for run in self._runs:
            self._heirs += run.finish(fade=fade)

    def _rest(self, over_s: float) -> None:
        """Take every lane to neutral. A command."""
        for run in self._runs:
            if isinstance(run, PacedRun):
                run.rest(over_s)
            else:
                self._heirs += run.finish(fade=True)

    def _switch(self, subject: str, source: Source, over_s: float) -> None:
        """Pass one lane into another source. A command."""
        for run in self._runs:
            if isinstance(run, PacedRun) and run.status.subject == subject:
                run.switch(source, over_s)

    def _relay_ended(self) -> None:
        """Fade what was relayed, now that nothing more comes. A command."""
        self._relaying = False
        if self._relay is not None and self._relay_fades:
            self._heirs += self._relay.faces.fades(self._clock.monotonic_s(), FADE_S)

    # The rx thread ------------------------------------------------------------------------------

    def _rx(self, relay: Relay) -> None:
        try:
            relay.run(self._send, self._halt_rx)
        except Exception as exc:  # noqa: BLE001 - the thread's outer edge: it fails in the open
            _LOG.exception("The rx thread failed")
            self._fail(f"the relay failed: {type(exc).__name__}: {exc}")
            self._tell(Edge(EdgeKind.FAILED, "", self._reason))
        finally:
            self._order(self._relay_ended)


_EDGE_OF_PHASE = {
    Phase.RESTING: EdgeKind.RESTING,
    Phase.ENDED: EdgeKind.ENDED,
    Phase.FAILED: EdgeKind.FAILED,
}


def _run_of(lane: Lane, start_s: float, time_of_day_s: float) -> Run:
    if isinstance(lane.source, RecordingSource):
        return RecordedRun(lane, start_s)
    return PacedRun(lane, start_s, FrameTime.at(time_of_day_s, lane.rate))


def _thread(name: str, target: Callable[[], None]) -> threading.Thread:
    """Return a daemon, so that a crashed application is never kept alive by its face."""
    return threading.Thread(target=target, name=f"facewright-{name}", daemon=True)
