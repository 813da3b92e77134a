"""A worker inside the test's process, and somebody who answers a window's questions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from generator.client import GeneratedKeyframe, WorkerClient
from generator.errors import CancelledError, PromptError
from generator.models.protocols import TextChoice
from generator.performance import Source
from generator.script import Beat, Script
from livelink.channels import CHANNEL_COUNT, Channel
from livelink.frame import Values, as_values
from ui.questions import Answer

PATIENCE_S = 20.0


def pose(index: int, seed: int = 0) -> Values:
    """A smile of another width for every beat."""
    values = np.zeros(CHANNEL_COUNT, np.float32)
    values[Channel.MouthSmileLeft] = values[Channel.MouthSmileRight] = 0.2 + 0.15 * (index % 5)
    values[Channel.JawOpen] = 0.05 * seed
    return as_values(values)


class FakeClient(WorkerClient):
    """Answers at once, one beat a sentence; holds keyframes back while `gate` is closed.

    Attributes:
        gate: Open unless a test closes it; every keyframe passes it.
        failures: Raised by the next requests, one each.
        asked: (what, argument) of every request.
    """

    def __init__(self) -> None:
        super().__init__(["/no/such/program"])
        self.gate = threading.Event()
        self.gate.set()
        self.failures: list[Exception] = []
        self.asked: list[tuple[str, Any]] = []
        self._cancelled = threading.Event()

    def load(self, model: str = "auto", standardiser: str = "rules") -> dict[str, Any]:  # noqa: ARG002 - the protocol's
        self._ask("load", model)
        return {"model": "fake"}

    def standardise(self, prompt: str, *, model: str = "rules") -> tuple[Script, str]:  # noqa: ARG002 - the protocol's
        self._ask("standardise", prompt)
        beats = [part.strip() for part in prompt.split(".") if part.strip()]
        if not beats:
            raise PromptError("Nothing in the prompt can be performed.", "Say what the face does.")
        made = tuple(Beat(words, "", 0.3, 0.3) for words in beats)
        return Script(prompt, "a room", "joy", made), "made by a fake"

    def keyframes(
        self,
        script: Script,
        *,
        model: str = "auto",  # noqa: ARG002
        indices: Sequence[int] | None = None,
        text: TextChoice = TextChoice.AUTO,  # noqa: ARG002
        seed: int = 0,
        on_keyframe: Callable[[GeneratedKeyframe], None] | None = None,
    ) -> list[GeneratedKeyframe]:
        wanted = list(range(len(script.beats))) if indices is None else list(indices)
        self._cancelled.clear()
        self._ask("keyframes", wanted)
        made = []
        for index in wanted:
            while not self.gate.wait(0.005):
                if self._cancelled.is_set():
                    raise CancelledError("cancelled", kind="CancelledError")
            source = Source("fake", "", "", seed, "original")
            made.append(GeneratedKeyframe(index, pose(index), source))
            if on_keyframe is not None:
                on_keyframe(made[-1])
        return made

    def cancel(self, answer: object = None) -> tuple[()]:  # noqa: ARG002 - the protocol's
        self._cancelled.set()
        return ()

    def close(self) -> None:
        self._cancelled.set()
        super().close()

    def _ask(self, what: str, argument: object) -> None:
        self.asked.append((what, argument))
        if self.failures and what != "load":
            raise self.failures.pop(0)


class Answers:
    """Answers questions as a test tells it, and keeps what was asked.

    Attributes:
        about_unsaved: The answer about unsaved changes.
        replace: The answer whether a file may be replaced.
        to_open, to_save: The paths chosen.
        asked: What was asked, in words.
    """

    def __init__(self) -> None:
        self.about_unsaved = Answer.CANCEL
        self.replace = False
        self.to_open: Path | None = None
        self.to_save: Path | None = None
        self.asked: list[str] = []

    def about_changes(self, title: str) -> Answer:
        self.asked.append(f"changes of {title}")
        return self.about_unsaved

    def may_replace(self, path: Path, why: str) -> bool:
        self.asked.append(f"replace {path.name}, which {why}")
        return self.replace

    def open_path(self, folder: str) -> Path | None:  # noqa: ARG002 - the protocol's
        self.asked.append("open")
        return self.to_open

    def save_path(self, proposed: str, kinds: str) -> Path | None:  # noqa: ARG002 - the protocol's
        self.asked.append(f"save as {Path(proposed).name}")
        return self.to_save
