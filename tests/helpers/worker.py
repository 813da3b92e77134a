"""A worker with small fake models, and what tests need to steer and watch it.

`python tests/helpers/worker.py [--port N] [--normal-priority]` serves like `generator.worker`, over
the same `serve`, with `FakeRegistry` for models. With `--port` it connects to a `Gate` first: the
model "gated" waits there for leave before each keyframe, and the connection's end tells that the
process is gone, whoever its parent was.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import numpy as np

from generator.errors import (
    CancelledError,
    DamagedModelError,
    MissingModelError,
    PromptError,
    UnknownModelError,
)
from generator.models.protocols import KeyframeModel, Standardiser, TextChoice
from generator.protocol import EventKind
from generator.script import Beat, Script
from generator.worker import serve
from livelink.channels import CHANNEL_COUNT
from livelink.frame import Values

PATIENCE_S = 20.0


def fake_command(*options: str) -> list[str]:
    """Return the command that starts a fake worker."""
    return [sys.executable, str(Path(__file__).resolve()), *options]


def expected_values(index: int, seed: int, text: TextChoice) -> Values:
    """Return what the model "fake" answers."""
    rng = np.random.default_rng((index, seed, len(text.value)))
    return rng.uniform(0.0, 1.0, CHANNEL_COUNT).astype(np.float32)


class FakeModel:
    """A keyframe model whose name says what it does."""

    def __init__(self, name: str, control: socket.socket | None) -> None:
        self.name = name
        self.fingerprint = f"{name}-fingerprint"
        self.prompt_version = "prompts-3"
        self.note = "a fake" if name == "noted" else ""
        self._control = control

    def keyframe(
        self,
        script: Script,  # noqa: ARG002 - the protocol's
        index: int,
        *,
        text: TextChoice = TextChoice.AUTO,
        seed: int = 0,
    ) -> Values:
        if self.name == "gated":
            assert self._control is not None
            self._control.recv(1)
        elif self.name == "printing":
            _print_everywhere()
        elif self.name == "crash":
            os.write(2, b"ERROR fake: these are my last words\n")
            os._exit(3)
        elif self.name == "bug":
            raise RuntimeError("a bug in the model")
        elif self.name == "memory":
            raise MemoryError
        values = expected_values(index, seed, text)
        if self.name == "nan":
            values[7] = np.nan
        return values if self.name != "short" else values[:9]


def _print_everywhere() -> None:
    print("a library prints")  # noqa: T201 - the point
    os.write(1, b'{"id": null, "event": "result"}\n')
    subprocess.run([sys.executable, "-c", "print('a child prints')"], check=True)
    warnings.warn("a library warns", stacklevel=1)
    assert sys.stdin.read() == ""


class FakeStandardiser:
    """One beat a line."""

    name = "rules"

    def standardise(self, prompt: str) -> Script:
        if not prompt.strip():
            raise PromptError("The prompt is empty.", "Say what the face should do.")
        beats = tuple(Beat(line, "") for line in prompt.splitlines())
        return Script(prompt, "a room", "joy", beats)


class FakeRegistry:
    """Models by name; counts what it is asked for."""

    MODELS = (
        "auto", "fake", "gated", "printing", "crash", "bug", "memory", "nan", "short", "noted",
    )  # fmt: skip

    def __init__(self, control: socket.socket | None = None) -> None:
        self._control = control
        self.loaded: list[str] = []

    def keyframe_model(self, name: str) -> KeyframeModel:
        if name == "damaged":
            raise DamagedModelError("model.safetensors is damaged.", "Install it again.")
        if name == "missing":
            raise MissingModelError("The encoder is missing.", "pip install it.")
        if name not in self.MODELS:
            raise UnknownModelError(f"There is no model {name!r}.", "Known: fake.")
        self.loaded.append(name)
        return FakeModel("fake" if name == "auto" else name, self._control)

    def standardiser(self, name: str) -> Standardiser:
        if name != "rules":
            raise UnknownModelError(f"There is no standardiser {name!r}.", "Known: rules.")
        self.loaded.append(name)
        return FakeStandardiser()


class RecordingPort:
    """A `Port` that keeps what is emitted and cancels after so many checks."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.events: list[tuple[EventKind, dict[str, Any]]] = []
        self._left = cancel_after

    def emit(self, kind: EventKind, **fields: Any) -> None:
        self.events.append((kind, fields))

    def check(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise CancelledError("cancelled", kind="CancelledError")

    def of(self, kind: EventKind) -> list[dict[str, Any]]:
        return [fields for event, fields in self.events if event is kind]


class Gate:
    """The test's end of a fake worker's control connection; a context manager."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_S)
        self._connections: list[socket.socket] = []
        self.option = f"--port={self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for opened in (*self._connections, self._listener):
            opened.close()

    def accept(self) -> int:
        """Wait for the next worker and return its process id."""
        connection, _ = self._listener.accept()
        connection.settimeout(PATIENCE_S)
        self._connections.append(connection)
        return int(connection.makefile("rb").readline())

    def open(self, times: int = 1) -> None:
        """Let the model "gated" make so many keyframes."""
        self._connections[-1].sendall(b"." * times)

    def wait_until_gone(self) -> None:
        """Return when the last worker's process has ended; fail if it does not."""
        with contextlib.suppress(ConnectionResetError):
            assert self._connections[-1].recv(1) == b""


def fake_training() -> ModuleType:
    """Return a training module that takes as many steps as its options say."""

    def train(out: Path, options: dict[str, Any], report: Any) -> dict[str, Any]:
        for step in range(1, options["steps"] + 1):
            report("metrics", step=step, loss=1.0 / step)
            report("progress", done=step, total=options["steps"], eta_s=None)
        return {"name": "lexical", "out": str(out)}

    module = ModuleType("generator.training.lexical")
    module.train = train  # type: ignore[attr-defined]
    return module


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--normal-priority", action="store_true")
    parser.add_argument("--fake-training", action="store_true")
    options = parser.parse_args()
    control = None
    if options.port is not None:
        control = socket.create_connection(("127.0.0.1", options.port))
        control.sendall(b"%d\n" % os.getpid())

    if options.fake_training:
        sys.modules["generator.training.lexical"] = fake_training()

    def make() -> Any:
        from generator.tasks import Tasks

        return Tasks(FakeRegistry(control))

    return serve(make, normal_priority=options.normal_priority)


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)
