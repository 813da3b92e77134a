"""The generator as the rest of the program sees it: a client of the worker process.

Importing this loads no model and no engine; `python -m generator.worker` is the only link. The
process starts with the first request, stays for the next ones, and is started again after it died.
"""

from __future__ import annotations

import logging
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from generator.connection import Answer, Connection
from generator.errors import WorkerDiedError, WorkerError
from generator.models.protocols import TextChoice
from generator.protocol import (
    VERSION,
    Event,
    EventKind,
    Op,
    ProtocolError,
    check_version,
    pack_values,
    unpack_values,
)
from generator.script import Script
from livelink.frame import Values, as_values

if TYPE_CHECKING:
    from generator.performance import Source

_log = logging.getLogger(__name__)

DEFAULT_TIMEOUT_S = 300.0
"""Longest silence borne from the worker: loading an engine from a cold disk may take minutes."""

HELLO_TIMEOUT_S = 60.0

OnProgress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedKeyframe:
    """A pose that the worker has made.

    Attributes:
        index: The beat it belongs to.
        values: (61,) float32 in wire order.
        source: Which model, text and seed made it.
        fell_back: Whether the wanted text was empty and the other one was read.
        note: What the user should know of the model (that it stands in for another), or "".
    """

    index: int
    values: Values
    source: Source
    fell_back: bool = False
    note: str = ""


class WorkerClient:
    """Requests to a worker process that is started when the first one comes.

    Every method may be called from any thread; calls wait in the caller's thread, and callbacks run
    there too. The worker does one thing at a time: requests of several threads are done in order.

    Args:
        command: Program and arguments of the worker; this installation's unless a test brings its
            own.
        normal_priority: Whether the worker runs like any other process instead of giving way.
        timeout_s: Longest silence of the worker during a request, or None. Training bears any.
        hello_timeout_s: Longest time it may take to start.
    """

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        normal_priority: bool = False,
        timeout_s: float | None = DEFAULT_TIMEOUT_S,
        hello_timeout_s: float = HELLO_TIMEOUT_S,
    ) -> None:
        self._command = (
            worker_command(normal_priority=normal_priority) if command is None else tuple(command)
        )
        self._timeout_s = timeout_s
        self._hello_timeout_s = hello_timeout_s
        self._starting = threading.Lock()  # held while a process is started: one at a time
        self._state = threading.Lock()  # guards _connection and _closed
        self._connection: Connection | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """The running worker's process id, or None."""
        with self._state:
            connection = self._connection
        return connection.process_id if connection is not None and connection.is_alive else None

    def start(self) -> None:
        """Start the worker unless it runs, and wait until it has said hello.

        Raises:
            WorkerError: It cannot be started, does not say hello in time, speaks a later version
                of the protocol, or the client is closed.
        """
        self._running()

    def request(
        self, op: Op | str, *, timeout_s: float | None = DEFAULT_TIMEOUT_S, **fields: Any
    ) -> Answer:
        """Send a request and return its answer, which yields the events as they come.

        Args:
            op: What to do.
            timeout_s: Longest silence of the worker that the answer bears, or None for any.
            fields: The request's fields, as `generator.protocol.FIELDS` names them.

        Raises:
            WorkerError: The worker cannot be started, or the request not be sent.
        """
        try:
            return self._running().request(Op(op), fields, timeout_s)
        except WorkerDiedError as exc:
            _log.info("%s; starting it again", exc.message)
            return self._running().request(Op(op), fields, timeout_s)

    def cancel(self, answer: Answer | None = None) -> tuple[Answer, ...]:
        """Cancel a request, or all that are under way; returns at once.

        Whoever waits for a cancelled request gets CancelledError, after the keyframe or training
        step that is being computed.

        Returns:
            One answer for each request that is still under way; nobody has to read them.
        """
        with self._state:
            connection = self._connection
        return connection.cancel(answer) if connection is not None else ()

    def kill(self) -> None:
        """End the worker at once: whoever waits gets WorkerDiedError, the next starts another."""
        with self._state:
            connection = self._connection
        if connection is not None:
            connection.kill()

    def close(self) -> None:
        """Shut the worker down, by force if it does not go. May be called again."""
        with self._state:
            self._closed = True
            connection = self._connection
        if connection is not None:
            connection.close()

    def load(self, model: str = "auto", standardiser: str = "rules") -> Mapping[str, Any]:
        """Load models now, so that the first prompt does not wait for them.

        Returns:
            `model` and `standardiser` (names), `adapter_hash`, `seconds`, `note`.

        Raises:
            ModelError: A model is unknown, missing or damaged.
            WorkerError: As `request`.
        """
        with self._asked(Op.LOAD, model=model, standardiser=standardiser) as answer:
            return answer.result()

    def standardise(self, prompt: str, *, model: str = "rules") -> tuple[Script, str]:
        """Return the script of a prompt, and a note saying which standardiser made it.

        Raises:
            PromptError: Nothing in the prompt can be performed.
            ModelError: The standardiser is unknown or cannot be loaded.
            WorkerError: As `request`.
        """
        made: tuple[Script, str] | None = None
        with self._asked(Op.STANDARDISE, prompt=prompt, model=model) as answer:
            for event in answer:
                if event.kind is EventKind.SCRIPT:
                    made = Script.from_json(event.fields["script"]), event.fields["note"]
        if made is None:
            raise ProtocolError("The worker ended standardise without a script.")
        return made

    def keyframes(
        self,
        script: Script,
        *,
        model: str = "auto",
        indices: Sequence[int] | None = None,
        text: TextChoice = TextChoice.AUTO,
        seed: int = 0,
        on_keyframe: Callable[[GeneratedKeyframe], None] | None = None,
    ) -> list[GeneratedKeyframe]:
        """Return the keyframes of a script's beats, in the order asked for.

        Args:
            script: The script.
            model: Registry name of the keyframe model.
            indices: The beats to do, or None for all.
            text: Which of each beat's texts to read.
            seed: Seed of everything random.
            on_keyframe: Called with each keyframe as soon as it is there.

        Raises:
            ModelError: The model is unknown, cannot be loaded, or gave no usable pose.
            CancelledError: `cancel` was called meanwhile.
            WorkerError: As `request`.
        """
        wanted = list(range(len(script.beats))) if indices is None else list(indices)
        made: list[GeneratedKeyframe] = []
        fields = {"model": model, "indices": wanted, "text": text.value, "seed": seed}
        with self._asked(Op.KEYFRAMES, script=script.to_json(), **fields) as answer:
            for event in answer:
                if event.kind is EventKind.KEYFRAME:
                    made.append(_keyframe_of(event))
                    if on_keyframe is not None:
                        on_keyframe(made[-1])
        if [keyframe.index for keyframe in made] != wanted:
            raise ProtocolError("The worker ended keyframes without all that were asked for.")
        return made

    def train(
        self,
        model: str,
        out: Path,
        options: Mapping[str, Any] | None = None,
        *,
        on_progress: OnProgress | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> dict[str, Any]:
        """Train a model and return its card.

        Args:
            model: "lexical" or "compact".
            out: Folder that the weights and their card are written to.
            options: The training's own options.
            on_progress: Called with what is done and the total.
            on_event: Called with each progress and metrics event.

        Raises:
            UnknownModelError: No model of that name can be trained.
            CancelledError: `cancel` was called meanwhile.
            WorkerError: As `request`; UnsupportedError where the training is not installed.
        """
        fields = {"model": model, "out": str(out.absolute()), "options": dict(options or {})}
        answer = self.request(Op.TRAIN, timeout_s=None, **fields)
        with _cancelled_unless_read(answer):
            return dict(_followed(answer, on_progress, on_event).get("card", {}))

    def evaluate(
        self,
        model: str = "auto",
        *,
        text: str = "all",
        baselines: bool = False,
        share: float | None = None,
        seed: int | None = None,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Score a model on the part of the corpus that a split holds out.

        Args:
            model: Registry name of the keyframe model.
            text: "anatomical", "original", "prompt" (which brings the way from prompt to
                keyframes), or "all".
            baselines: Whether trivial baselines are scored beside it.
            share: Part of the scripts held out, 0 < share < 1; None for the shipped models' own.
            seed: Of the split; None likewise. Another split shows a model what it has learned.
            on_progress: Called with what is done and the total, in scripts read.

        Returns:
            `model`, `adapter_hash`, `note`, `split` (seed, share, scripts) and the tables of
            `generator.evaluation.tables.evaluate`: `texts` and, with prompts, `prompts`, `beats`.

        Raises:
            ModelError: The model is unknown or cannot be loaded.
            WorkerError: As `request`.
        """
        fields = {
            "model": model,
            "text": text,
            "baselines": baselines,
            "share": share,
            "seed": seed,
        }
        answer = self.request(Op.EVALUATE, timeout_s=None, **fields)  # baselines are silent work
        with _cancelled_unless_read(answer):
            return dict(_followed(answer, on_progress, None))

    def describe(self, values: Values, *, seed: int = 0) -> str:
        """Return what a pose looks like, in words.

        Args:
            values: (61,) in wire order.
            seed: Of the wording.

        Raises:
            UnsupportedError: This version has no describer.
            WorkerError: As `request`.
        """
        named = pack_values(as_values(values).tolist())
        with self._asked(Op.DESCRIBE, values=named, seed=seed) as answer:
            return str(answer.result().get("text", ""))

    @contextmanager
    def _asked(self, op: Op, **fields: Any) -> Iterator[Answer]:
        answer = self.request(op, timeout_s=self._timeout_s, **fields)
        with _cancelled_unless_read(answer):
            yield answer

    def _running(self) -> Connection:
        """Return the connection to a worker that has said hello, starting one if there is none."""
        with self._starting:
            with self._state:
                self._refuse_if_closed()
                connection = self._connection
            if connection is not None:
                if connection.is_alive:
                    return connection
                connection.close()
            with self._state:
                self._refuse_if_closed()
                connection = Connection(self._command, worker_environment())
                self._connection = connection
            try:
                check_version(connection.greet(VERSION, self._hello_timeout_s)["version"], "worker")
            except BaseException:
                connection.kill()
                raise
            _log.info("the worker runs as process %d", connection.process_id)
            return connection

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise WorkerError("The worker's client is closed.", kind="Closed")


@contextmanager
def _cancelled_unless_read(answer: Answer) -> Iterator[Answer]:
    """Cancel a request whose reader stops early: a callback that raised, or Ctrl-C."""
    try:
        yield answer
    finally:
        if not answer.has_ended:
            answer.cancel()


def _followed(
    answer: Answer,
    on_progress: OnProgress | None,
    on_event: Callable[[Event], None] | None,
) -> Mapping[str, Any]:
    """Read an answer to its end, pass on what happens, and return the result's fields."""
    result: Mapping[str, Any] = {}
    for event in answer:
        if event.kind.is_last:
            result = event.fields
            continue
        if on_progress is not None and event.kind is EventKind.PROGRESS:
            on_progress(event.fields["done"], event.fields["total"])
        if on_event is not None:
            on_event(event)
    return result


def worker_command(*, normal_priority: bool = False) -> tuple[str, ...]:
    """Return program and arguments that start this installation's worker.

    `-P` keeps the current folder off the import path: a stray generator/ or numpy.py there must
    not become part of the worker.
    """
    command = (sys.executable, "-P", "-m", "generator.worker")
    return (*command, "--normal-priority") if normal_priority else command


def worker_environment() -> dict[str, str]:
    """Return the worker's environment: ours, UTF-8, and our packages on its import path."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    root = Path(__file__).resolve().parent.parent
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    if root not in installed:  # a checkout; an installed package is found without help
        given = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = str(root) + (os.pathsep + given if given else "")
    return environment


def _keyframe_of(event: Event) -> GeneratedKeyframe:
    from generator.performance import Source  # late: it brings the motion, which few callers need

    fields, made_by = event.fields, event.fields["source"]
    names = ("model", "adapter_hash", "prompt_version", "text")
    seed, texts = made_by.get("seed"), {name: made_by.get(name) for name in names}
    if not isinstance(seed, int) or not all(isinstance(text, str) for text in texts.values()):
        raise ProtocolError("A keyframe's source is out of form.")
    source = Source(**texts, seed=seed)
    values = as_values(unpack_values(fields["values"]))
    return GeneratedKeyframe(fields["index"], values, source, fields["fell_back"], fields["note"])
