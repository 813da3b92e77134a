"""The worker process: models and training behind JSON lines on standard input and output.

Run: `python -m generator.worker [--normal-priority] [--verbose]`; `generator.client` does it.

The main thread runs one op at a time in the order they came. A reader thread takes in requests
meanwhile: it answers `hello`, `cancel` and whatever is out of form at once, and ends the process as
soon as standard input closes, so that no worker outlives its parent. Nothing but protocol lines
reaches standard output, whatever libraries print; logs go to standard error.

This module imports only what is needed to say hello: the number of threads numpy and torch may use
has to be in the environment before they are imported.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generator.errors import CancelledError, GeneratorError
from generator.protocol import (
    VERSION,
    Event,
    EventKind,
    LineSplitter,
    Op,
    ProtocolError,
    Request,
    check_version,
    decode_request,
    encode,
    error_fields,
    too_long,
)

_log = logging.getLogger(__name__)

MAX_WAITING = 64
"""Requests that may wait; one more is refused and may be sent again."""

LOWEST_NICE = 19

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
"""What the libraries under numpy, torch and tokenizers read; one that is already set is kept."""

_READ_BYTES = 65_536


class Runner(Protocol):
    """What does the ops; `generator.tasks.Tasks` is one."""

    def run(self, request: Request, port: _Job) -> Mapping[str, Any]:
        """Do what a request asks for and return the fields of its result."""
        ...


@dataclass(slots=True, eq=False)
class _Job:
    """A request that waits or runs; the `Port` of its op."""

    request: Request
    send: Callable[[Event], None]
    cancelled: threading.Event = field(default_factory=threading.Event)

    def emit(self, kind: EventKind, **fields: Any) -> None:
        """Send an event of the request. Any thread."""
        self.send(Event(self.request.id, kind, fields))

    def check(self) -> None:
        """Raise CancelledError if the client has cancelled the request. Any thread."""
        if self.cancelled.is_set():
            raise CancelledError(f"{self.request.op} was cancelled.", kind="CancelledError")


class Worker:
    """Requests in, events out.

    Args:
        input_fd, output_fd: File descriptors of the protocol's two directions.
        make_runner: Makes what does the ops; called on the main thread once requests can come in,
            so that heavy imports and the first hello overlap.
        leave: Ends the process at once when the parent is gone.
    """

    def __init__(
        self,
        input_fd: int,
        output_fd: int,
        make_runner: Callable[[], Runner],
        *,
        leave: Callable[[int], None] = os._exit,
    ) -> None:
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._make_runner = make_runner
        self._leave = leave
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._jobs: dict[str, _Job] = {}
        self._jobs_lock = threading.Lock()  # guards _jobs: those that wait and the one that runs
        self._output_lock = threading.Lock()  # guards the output, so that lines stay whole

    def run(self) -> int:
        """Serve until a shutdown is asked for and return the exit status. Main thread."""
        threading.Thread(target=self._listen, name="worker-input", daemon=True).start()
        runner = self._make_runner()
        while (job := self._queue.get()) is not None:
            self._do(runner, job)
        return 0

    def _do(self, runner: Runner, job: _Job) -> None:
        last = self._outcome(runner, job)
        with self._jobs_lock:
            del self._jobs[job.request.id]
        self._send(last)

    def _outcome(self, runner: Runner, job: _Job) -> Event:
        """Run an op and return the event that ends its request."""
        request = job.request
        try:
            job.check()
            last = Event(request.id, EventKind.RESULT, runner.run(request, job))
            encode(last)  # a result that cannot be written is an error as well
        except CancelledError:
            last = Event(request.id, EventKind.CANCELLED)
        except Exception as exc:  # noqa: BLE001 - the process's edge: the client is told
            if not isinstance(exc, GeneratorError):
                _log.exception("%s failed", request.op)
            last = Event(request.id, EventKind.ERROR, error_fields(exc))
        return last

    def _listen(self) -> None:
        """Take in requests until the input closes. Reader thread."""
        splitter = LineSplitter()
        try:
            while data := os.read(self._input_fd, _READ_BYTES):
                for line in splitter.feed(data):
                    self._receive(line)
        except Exception:  # noqa: BLE001 - the thread's edge: without a reader there is no worker
            _log.exception("the worker cannot read requests any more")
            self._leave(1)
        self._leave(0)

    def _receive(self, line: bytes | None) -> None:
        identity = None
        try:
            if line is None:
                raise too_long()
            request = decode_request(line)
            identity = request.id
            self._accept(request)
        except ProtocolError as exc:
            self._send(Event(identity or exc.request_id, EventKind.ERROR, error_fields(exc)))

    def _accept(self, request: Request) -> None:
        if request.op is Op.HELLO:
            check_version(request.fields["version"], "program")
            ready = {"version": VERSION, "process": os.getpid()}
            self._send(Event(request.id, EventKind.READY, ready))
        elif request.op is Op.CANCEL:
            found = self._cancel(request.fields["target"])
            self._send(Event(request.id, EventKind.RESULT, {"found": found}))
        elif request.op is Op.SHUTDOWN:
            self._cancel(None)
            self._send(Event(request.id, EventKind.RESULT))
            self._queue.put(None)
        else:
            self._enqueue(request)

    def _enqueue(self, request: Request) -> None:
        job = _Job(request, self._send)
        with self._jobs_lock:
            if request.id in self._jobs:
                raise ProtocolError(
                    f"The id {request.id!r} is already under way.", request_id=request.id
                )
            if len(self._jobs) > MAX_WAITING:
                raise ProtocolError(
                    f"{MAX_WAITING} requests are waiting already.",
                    "Send it again when some have been answered.",
                    request_id=request.id,
                    retryable=True,
                )
            self._jobs[request.id] = job
        self._queue.put(job)

    def _cancel(self, target: str | None) -> bool:
        """Cancel one request, or all; return whether there was any."""
        with self._jobs_lock:
            jobs = [job for name, job in self._jobs.items() if target in (None, name)]
        for job in jobs:
            job.cancelled.set()
        return bool(jobs)

    def _send(self, event: Event) -> None:
        """Write an event as one line. Any thread.

        Raises:
            ProtocolError: The event cannot be written, as `encode` says.
        """
        line = memoryview(encode(event))
        with self._output_lock:
            try:
                while line:
                    line = line[os.write(self._output_fd, line) :]
            except OSError:  # nobody reads any more: the parent is gone
                self._leave(0)


def take_pipes() -> tuple[int, int]:
    """Take standard input and output for the protocol and return their file descriptors.

    From then on whatever reads standard input finds it empty, and whatever is printed, by Python,
    native code or child processes, goes to standard error.
    """
    input_fd, output_fd = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(input_fd, os.O_BINARY)
        msvcrt.setmode(output_fd, os.O_BINARY)
    return input_fd, output_fd


def lower_priority() -> int:
    """Give way to everything else on this computer; return how many cores the process may use.

    The scheduler's lowest priority, one core left free, and no more threads than cores (measured:
    a paced sender beside a busy torch process has p99 3.4 ms at normal priority and 0.05 ms with
    the worker at nice 19). Before other threads start and before numpy or torch is imported: on
    Linux both settings belong to the thread and are inherited by those that it starts.
    """
    cores = _leave_one_core_free()
    for name in THREAD_VARIABLES:
        os.environ.setdefault(name, str(cores))
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS)
    else:
        os.nice(LOWEST_NICE)
    return cores


def _leave_one_core_free() -> int:
    """Bind the process to all of its cores but one where the system can; return their number."""
    if sys.platform == "linux":
        mine = sorted(os.sched_getaffinity(0))
        kept = mine[1:] or mine  # the first also serves most interrupts
        try:
            os.sched_setaffinity(0, kept)
        except OSError as exc:
            _log.info("cannot choose cores: %s", exc)
        return len(kept)
    elif sys.platform == "win32":  # noqa: RET505 - one branch a platform, as mypy reads them
        import psutil

        process = psutil.Process()
        mine = process.cpu_affinity()
        kept = mine[1:] or mine
        process.cpu_affinity(kept)
        return len(kept)
    else:
        return max((os.cpu_count() or 1) - 1, 1)


def serve(
    make_runner: Callable[[], Runner], *, normal_priority: bool, verbose: bool = False
) -> int:
    """Turn this process into a worker until it is shut down; return the exit status."""
    input_fd, output_fd = take_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the client's to answer
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.INFO,
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    logging.captureWarnings(capture=True)
    faulthandler.enable(sys.stderr)
    if not normal_priority:
        cores = lower_priority()
        _log.debug("may use %d cores", cores)
    return Worker(input_fd, output_fd, make_runner).run()


def _make_tasks() -> Runner:
    from generator.tasks import Tasks

    return Tasks()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve with the models of this installation."""
    parser = argparse.ArgumentParser(prog="python -m generator.worker", description=__doc__)
    parser.add_argument(
        "--normal-priority",
        action="store_true",
        help="neither lower the priority nor leave a core free (to measure what that is worth)",
    )
    parser.add_argument("--verbose", action="store_true", help="log details to standard error")
    options = parser.parse_args(arguments)
    return serve(_make_tasks, normal_priority=options.normal_priority, verbose=options.verbose)


if __name__ == "__main__":
    status = main()
    logging.shutdown()
    os._exit(status)  # at once: engines that tear themselves down take long and may crash
