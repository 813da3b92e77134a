"""One worker process and its pipes: starts it, sends requests, hands events to who asked.

Two threads belong to a connection: one reads events and notices the process's end, one drains its
standard error into logging. `generator.client` decides when to start and to stop; here is how.
Never imports a model.
"""

from __future__ import annotations

import itertools
import logging
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any

from generator.errors import CancelledError, GeneratorError, WorkerDiedError, WorkerError
from generator.protocol import (
    Event,
    EventKind,
    LineSplitter,
    Op,
    ProtocolError,
    Request,
    decode_event,
    encode,
    exception_of,
    too_long,
)

_log = logging.getLogger(__name__)
_worker_log = logging.getLogger("generator.worker")

MAX_UNREAD_EVENTS = 10_000
"""Events of one request that may wait unread; beyond that progress and metrics are dropped."""

TAIL_LINES = 40
MAX_LOG_LINE_BYTES = 16_384
SHUTDOWN_GRACE_S = 2.0
TERMINATE_GRACE_S = 1.0

TIMEOUT = "Timeout"
"""Kind of the error of a worker that is too long silent."""

_WAIT_SLICE_S = 0.1 if sys.platform == "win32" else None
"""Longest wait without looking up: on Windows Ctrl-C cannot interrupt a waiting main thread."""

if sys.platform == "win32":
    _CREATION_FLAGS = subprocess.CREATE_NO_WINDOW
else:
    _CREATION_FLAGS = 0

_READ_BYTES = 65_536
_LEVELS = {"CRITICAL": 50, "ERROR": 40, "WARNING": 30, "INFO": 20, "DEBUG": 10}


class Answer:
    """The events of one request, in order.

    One thread iterates or waits; any thread may cancel.

    Attributes:
        id: The request's id.
        op: What was asked for.
        dropped: Progress and metrics events dropped because nobody read them.
    """

    def __init__(
        self, request: Request, timeout_s: float | None, cancel: Callable[[Answer], object]
    ) -> None:
        self.id = request.id
        self.op = request.op
        self.dropped = 0
        self._timeout_s = timeout_s
        self._cancel = cancel
        self._events: queue.SimpleQueue[Event | GeneratorError] = queue.SimpleQueue()
        self._ended = False

    @property
    def has_ended(self) -> bool:
        """Whether the last event has been read, or an error raised."""
        return self._ended

    def __iter__(self) -> Iterator[Event]:
        """Yield every event, the `ready` or `result` that ends the request included.

        Raises:
            CancelledError: The request was cancelled.
            WorkerDiedError: The process ended first.
            WorkerError: Nothing came for the request's `timeout_s`; it has been cancelled.
            GeneratorError: What the worker answered, under its own class.
        """
        while not self._ended:
            event = self._next()
            if isinstance(event, GeneratorError):
                self._ended = True
                raise event
            self._ended = event.kind.is_last
            if event.kind is EventKind.ERROR:
                raise exception_of(event.fields)
            if event.kind is EventKind.CANCELLED:
                raise CancelledError(f"{self.op} was cancelled.", kind="CancelledError")
            yield event

    def result(self) -> Mapping[str, Any]:
        """Wait for the end and return the last event's fields; errors as in iteration."""
        fields: Mapping[str, Any] = {}
        for event in self:
            fields = event.fields
        return fields

    def cancel(self) -> None:
        """Ask the worker to stop; unless it was done, the request ends as cancelled. Any thread."""
        self._cancel(self)

    def put(self, event: Event | GeneratorError) -> None:
        """Hand over an event; the connection's reader calls it."""
        if (
            isinstance(event, Event)
            and event.kind in (EventKind.PROGRESS, EventKind.METRICS)
            and self._events.qsize() >= MAX_UNREAD_EVENTS
        ):
            self.dropped += 1
            return
        self._events.put(event)

    def _next(self) -> Event | GeneratorError:
        given_up = None if self._timeout_s is None else time.monotonic() + self._timeout_s
        while True:
            left = None if given_up is None else max(given_up - time.monotonic(), 0.0)
            slice_s = _WAIT_SLICE_S if left is None else min(left, _WAIT_SLICE_S or left)
            try:
                return self._events.get(timeout=slice_s)
            except queue.Empty:
                if given_up is not None and time.monotonic() >= given_up:
                    break
        self.cancel()
        return WorkerError(
            f"The worker has said nothing for {self._timeout_s:g} s during {self.op}.",
            "If it does not recover, stop it; the next request starts another.",
            kind=TIMEOUT,
            retryable=True,
        )


class Connection:
    """A running worker process.

    Args:
        command: The program and its arguments.
        environment: Its environment variables.

    Raises:
        WorkerError: The program cannot be started.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=dict(environment),
                creationflags=_CREATION_FLAGS,
            )
        except OSError as exc:
            raise WorkerError(
                f"The worker process cannot be started with {command[0]!r}: {exc}.",
                "Install Facewright again, or free some memory.",
                kind="Start",
                retryable=True,
            ) from exc
        self._numbers = itertools.count(1)
        self._pending: dict[str, Answer] = {}
        self._ended = False
        self._broken: ProtocolError | None = None
        self._lock = threading.Lock()  # guards _pending and _ended
        self._write_lock = threading.Lock()  # guards standard input, so that lines stay whole
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)  # the log thread writes; read at its end
        self._log_thread = threading.Thread(target=self._drain, name="worker-log", daemon=True)
        self._reader = threading.Thread(target=self._read, name="worker-reader", daemon=True)
        self._log_thread.start()
        self._reader.start()

    @property
    def process_id(self) -> int:
        """The worker's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether requests can be sent. Any thread."""
        return not self._ended and self._process.poll() is None

    def request(self, op: Op, fields: Mapping[str, Any], timeout_s: float | None) -> Answer:
        """Send a request and return its answer at once. Any thread.

        Args:
            op: What to do.
            fields: The request's fields.
            timeout_s: Longest silence of the worker that the answer bears, or None.

        Raises:
            WorkerDiedError: The process has ended; nothing was done.
            ProtocolError: The request is too long or not JSON, or the process is no worker.
        """
        request = Request(f"r{next(self._numbers)}", op, fields)
        line = encode(request)
        answer = Answer(request, timeout_s, self.cancel)
        with self._lock:
            if self._ended:
                raise self._reason(op)
            self._pending[request.id] = answer
        try:
            self._write(line)
        except (OSError, ValueError) as exc:  # a broken pipe, or one that was closed
            with self._lock:
                self._pending.pop(request.id, None)
            self._reader.join(TERMINATE_GRACE_S)  # it knows how the process ended
            raise self._reason(op) from exc
        return answer

    def cancel(self, answer: Answer | None) -> tuple[Answer, ...]:
        """Ask to cancel one request, or all that are under way; any thread, returns at once.

        Returns:
            The answers of the cancel requests; their results say whether there was anything left
            to cancel (`found`).
        """
        with self._lock:
            targets = [
                name
                for name, waiting in self._pending.items()
                if (answer is None or answer is waiting) and waiting.op is not Op.CANCEL
            ]
        try:
            return tuple(self.request(Op.CANCEL, {"target": name}, None) for name in targets)
        except WorkerDiedError:  # then nothing is under way
            return ()

    def greet(self, version: int, timeout_s: float) -> Mapping[str, Any]:
        """Say hello and return the fields of `ready`. Any thread.

        Raises:
            WorkerError: No answer within `timeout_s`, a refusal, or the end of the process.
        """
        try:
            return self.request(Op.HELLO, {"version": version}, timeout_s).result()
        except WorkerError as exc:
            if exc.kind != TIMEOUT:
                raise
            raise WorkerError(
                f"The worker process was started but has not said hello within {timeout_s:g} s.",
                "A virus scanner or a slow disk may be holding it up; try again.",
                kind=TIMEOUT,
                retryable=True,
            ) from exc

    def close(self) -> None:
        """Shut the process down, by force if need be, and join the threads. Any thread."""
        if self.is_alive:
            # In a thread of its own: the pipe to a worker that hangs may be full.
            asking = threading.Thread(target=self._ask_to_leave, name="worker-stop", daemon=True)
            asking.start()
            self._reader.join(SHUTDOWN_GRACE_S)
            if self._reader.is_alive():
                self._process.terminate()
                self._reader.join(TERMINATE_GRACE_S)
            if self._reader.is_alive():
                self._process.kill()
            asking.join(TERMINATE_GRACE_S)
        self.kill()

    def _ask_to_leave(self) -> None:
        try:
            self.request(Op.SHUTDOWN, {}, None)
        except WorkerError:
            _log.debug("the worker was gone before it was told to go")

    def kill(self) -> None:
        """End the process at once and join the threads. Any thread; repeatable."""
        if self._process.poll() is None:
            self._process.kill()
        for thread in (self._reader, self._log_thread):
            thread.join(SHUTDOWN_GRACE_S)
            if thread.is_alive():  # a process that the worker started keeps the pipe open
                _log.warning("a process started by the worker lives on")
                return
        with self._write_lock:
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
                assert pipe is not None
                pipe.close()

    def _write(self, line: bytes) -> None:
        pipe, rest = self._process.stdin, memoryview(line)
        assert pipe is not None
        with self._write_lock:
            while rest:
                rest = rest[pipe.write(rest) :]

    def _read(self) -> None:
        """Hand every event to its answer until the process ends. Reader thread."""
        splitter = LineSplitter()
        try:
            for data in _chunks(self._process.stdout):
                for line in splitter.feed(data):
                    self._receive(line)
        except ProtocolError as exc:
            _log.error("the worker broke the protocol: %s", exc)
            self._broken = exc
            self._process.kill()
        except Exception:  # noqa: BLE001 - the thread's edge: whoever waits must learn of it
            _log.exception("reading from the worker failed")
            self._process.kill()
        self._end()

    def _receive(self, line: bytes | None) -> None:
        if line is None:
            raise too_long()
        event = decode_event(line)
        if event.id is None:
            _log.error("the worker answered no request in particular: %s", dict(event.fields))
            return
        with self._lock:
            answer = self._pending.get(event.id)
            if event.kind.is_last:
                self._pending.pop(event.id, None)
        if answer is not None:
            answer.put(event)

    def _end(self) -> None:
        """Reap the process, then tell everybody who waits. Reader thread."""
        try:
            self._process.wait(TERMINATE_GRACE_S)
        except subprocess.TimeoutExpired:  # it closed its output and lives on: useless
            self._process.kill()
            self._process.wait()
        self._log_thread.join(TERMINATE_GRACE_S)
        with self._lock:
            self._ended = True
            waiting = list(self._pending.values())
            self._pending.clear()
        for answer in waiting:
            answer.put(self._reason(answer.op))

    def _reason(self, op: Op) -> WorkerError:
        """Return why the connection has ended, as the error of a request."""
        if self._broken is not None:
            return self._broken
        words = "\n".join(list(self._tail)[-12:])
        return WorkerDiedError(
            f"The worker process ended ({_how(self._process.returncode)}) during {op}.",
            "Try again: the next request starts it anew."
            + (f" It last said:\n{words}" if words else ""),
            kind="WorkerDiedError",
            retryable=True,
        )

    def _drain(self) -> None:
        """Log what the worker says on standard error and keep its last lines. Log thread."""
        splitter = LineSplitter(MAX_LOG_LINE_BYTES)
        for data in itertools.chain(_chunks(self._process.stderr), (b"\n",)):
            for line in splitter.feed(data):
                text = "(a very long line)" if line is None else line.decode("utf-8", "replace")
                self._tail.append(text.rstrip()[:2000])
                level = _LEVELS.get(text.split(" ", 1)[0], logging.INFO)
                _worker_log.log(level, "%s", self._tail[-1])


def _chunks(pipe: IO[bytes] | None) -> Iterator[bytes]:
    assert pipe is not None
    while data := pipe.read(_READ_BYTES):
        yield data


def _how(status: int | None) -> str:
    if status is None:
        return "its exit status is unknown"
    if status < 0:
        names = {number.value: f" ({number.name})" for number in signal.Signals}
        return f"killed by signal {-status}{names.get(-status, '')}"
    return f"exit status {status}"
