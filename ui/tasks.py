"""Work off the GUI thread: named pools of plain threads, answers delivered in the GUI thread.

`Tasks` lives in the GUI thread and is the only bridge between it and the pools. What a pool's
thread runs must not touch a widget.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

_LOG = logging.getLogger(__name__)

_JOIN_S = 10.0  # how long closing waits for a thread before it is reported as stuck

T = TypeVar("T")

Work = Callable[[], T]
OnResult = Callable[[T], None]
OnError = Callable[[Exception], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Delivery:
    """Something to call in the GUI thread."""

    call: Callable[[], None]


class _Pool:
    """One thread that does what it is given in order; it starts with the first work."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._latest: Callable[[], None] | None = None
        self._lock = threading.Lock()  # guards _latest

    def put(self, work: Callable[[], None]) -> None:
        self._start()
        self._waiting.put(work)

    def put_latest(self, work: Callable[[], None]) -> None:
        """Do this next; an earlier one that was put likewise and has not begun is dropped."""
        self._start()
        with self._lock:
            fresh, self._latest = self._latest is None, work
        if fresh:
            self._waiting.put(self._do_latest)

    def close(self) -> None:
        if self._thread is not None:
            self._waiting.put(None)

    def join(self) -> bool:
        if self._thread is None:
            return True
        self._thread.join(_JOIN_S)
        return not self._thread.is_alive()

    def _do_latest(self) -> None:
        with self._lock:
            work, self._latest = self._latest, None
        if work is not None:
            work()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"ui-{self.name}", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            work()


class Tasks(QObject):
    """Runs work in named pools of one thread each. GUI thread only.

    Signals:
        _delivered: A pool's thread has something for the GUI thread (internal).
    """

    _delivered = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[str, _Pool] = {}
        self._closed = threading.Event()
        self._delivered.connect(self._on_delivered)  # queued: emitted by other threads

    def run(
        self,
        pool: str,
        work: Work[T],
        on_result: OnResult[T] | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Do `work` in the thread of `pool`, after what that pool was given before.

        Args:
            pool: Name of the pool; pools run beside each other.
            work: What to do; must not touch widgets.
            on_result: Called in the GUI thread with what it returned.
            on_error: Called in the GUI thread with what it raised; else that is logged.
        """
        if not self._closed.is_set():
            self._pool(pool).put(self._job(work, on_result, on_error))

    def run_latest(
        self,
        pool: str,
        work: Work[T],
        on_result: OnResult[T] | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Like `run`, but what waits in `pool` and was asked for likewise is dropped for this."""
        if not self._closed.is_set():
            self._pool(pool).put_latest(self._job(work, on_result, on_error))

    def call_soon(self, call: Callable[[], None]) -> None:
        """Call something in the GUI thread. Any thread."""
        if not self._closed.is_set():
            self._delivered.emit(_Delivery(call))

    def close(self) -> tuple[str, ...]:
        """Begin nothing more, join the threads, deliver nothing more; return who did not end."""
        self._closed.set()
        for pool in self._pools.values():
            pool.close()
        return tuple(pool.name for pool in self._pools.values() if not pool.join())

    @property
    def is_closed(self) -> bool:
        """Whether nothing is done any more. Any thread."""
        return self._closed.is_set()

    def _pool(self, name: str) -> _Pool:
        if name not in self._pools:
            self._pools[name] = _Pool(name)
        return self._pools[name]

    def _job(
        self, work: Work[T], on_result: OnResult[T] | None, on_error: OnError | None
    ) -> Callable[[], None]:
        def job() -> None:
            if self._closed.is_set():
                return
            try:
                result = work()
            except Exception as exc:  # noqa: BLE001 - the thread's outer edge; shown or logged
                failure = exc
                self.call_soon(lambda: _fail(failure, on_error))
            else:
                if on_result is not None:
                    self.call_soon(lambda: on_result(result))

        return job

    @pyqtSlot(object)
    def _on_delivered(self, delivery: _Delivery) -> None:
        if not self._closed.is_set():
            delivery.call()


def _fail(exc: Exception, on_error: OnError | None) -> None:
    if on_error is None:
        _LOG.error("a task failed", exc_info=exc)
    else:
        on_error(exc)
