"""Generation: scripts and keyframes from the worker process, one request at a time. No widgets.

GUI thread only. Requests wait in the pool "worker"; what comes back is delivered by signals. A
worker that dies is said once, and the next request starts another.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QObject, pyqtSignal

from generator.client import GeneratedKeyframe, WorkerClient
from generator.errors import CancelledError, WorkerError
from generator.models.protocols import reading
from generator.script import Script
from ui.draft import Draft, Pose
from ui.notify import Notifier
from ui.tasks import Tasks

_POOL = "worker"


class Busy(enum.Enum):
    """What is being made."""

    NOTHING = "nothing"
    SCRIPT = "script"
    KEYFRAMES = "keyframes"


class Generation(QObject):
    """Asks the worker.

    Signals:
        busy_changed: `busy` is another one.
        script_made: A Script is there.
        pose_made: (key of the beat, Pose, name of the request).
        progressed: (done, total) keyframes of the running request.
        made: All keyframes asked for are there.
        ready: The worker runs; the name of the model that performs.
    """

    busy_changed = pyqtSignal(object)
    script_made = pyqtSignal(object)
    pose_made = pyqtSignal(int, object, str)
    progressed = pyqtSignal(int, int)
    made = pyqtSignal()
    ready = pyqtSignal(str)

    def __init__(
        self,
        client: WorkerClient,
        tasks: Tasks,
        notifier: Notifier,
        *,
        model: str = "auto",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._tasks = tasks
        self._notifier = notifier
        self._model = model
        self._busy = Busy.NOTHING
        self._runs = itertools.count(1)
        self._cancelled = False
        self._said: set[str] = set()

    @property
    def busy(self) -> Busy:
        """What is being made."""
        return self._busy

    def warm_up(self) -> None:
        """Start the worker and load its model, so that the first prompt does not wait."""

        def ready(model: str) -> None:
            self.ready.emit(model)

        def load() -> str:
            return str(self._client.load(self._model)["model"])

        self._tasks.run(_POOL, load, ready, self._on_cold)

    def write_script(self, prompt: str) -> None:
        """Make a script of a prompt; nothing while something else is made."""
        if self._begin(Busy.SCRIPT):
            self._tasks.run(
                _POOL, partial(self._client.standardise, prompt), self._on_script, self._on_failed
            )

    def make_poses(self, draft: Draft, keys: Sequence[int]) -> None:
        """Make keyframes for beats of a draft; nothing while something else is made.

        Args:
            draft: The draft as it is now; later changes to it do not reach the worker.
            keys: Which beats.
        """
        script = draft.script
        indices = sorted(i for key in keys if (i := draft.index_of(key)) is not None)
        if script is None or not indices or not self._begin(Busy.KEYFRAMES):
            return
        of_index = {index: draft.entries[index].key for index in indices}
        run, total = f"run {next(self._runs)}", len(indices)
        self.progressed.emit(0, total)
        done = itertools.count(1)

        def arrived(keyframe: GeneratedKeyframe) -> None:  # in the pool's thread
            key, index = of_index[keyframe.index], keyframe.index
            pose = Pose(keyframe.values, keyframe.source, reading(script, index))
            number = next(done)
            self._tasks.call_soon(lambda: self._on_pose(key, pose, run, keyframe.note))
            self._tasks.call_soon(lambda: self.progressed.emit(number, total))

        def work() -> None:
            self._client.keyframes(script, model=self._model, indices=indices, on_keyframe=arrived)

        self._tasks.run(_POOL, work, lambda _: self._on_made(), self._on_failed)

    def cancel(self) -> None:
        """Give up what is being made; what has arrived stays."""
        if self._busy is not Busy.NOTHING:
            self._cancelled = True
            self._client.cancel()

    def close(self) -> None:
        """End the worker; whoever waits for it is let go. Waits for the process to end."""
        self._client.close()

    def _begin(self, busy: Busy) -> bool:
        if self._busy is not Busy.NOTHING:
            return False
        self._cancelled = False
        self._enter(busy)
        return True

    def _enter(self, busy: Busy) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)

    def _on_script(self, made: tuple[Script, str]) -> None:
        script, note = made
        self._enter(Busy.NOTHING)
        if self._cancelled:
            return
        self._note(note)
        self.script_made.emit(script)

    def _on_pose(self, key: int, pose: Pose, run: str, note: str) -> None:
        self._note(note)
        self.pose_made.emit(key, pose, run)

    def _on_made(self) -> None:
        self._enter(Busy.NOTHING)
        self.made.emit()

    def _on_failed(self, error: Exception) -> None:
        self._enter(Busy.NOTHING)
        if isinstance(error, CancelledError):
            self._notifier.info("Cancelled. What had arrived is kept.")
        else:
            self._notifier.error(error)

    def _on_cold(self, error: Exception) -> None:
        if not (isinstance(error, WorkerError) and error.kind == "Closed"):
            self._notifier.error(error)

    def _note(self, note: str) -> None:
        """Say what the user should know of the model, once."""
        if note and note not in self._said:
            self._said.add(note)
            self._notifier.info(note)
