"""Documents from and to files: new, open, save, export. Knows no widget; asks by `Questions`.

GUI thread only; reading and writing happen in the pool "files". Nothing is overwritten unasked: a
file that somebody else has changed since it was opened is asked about as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from generator.script import Script
from ui.document import Document
from ui.draft import Draft, draft_of
from ui.notify import Notifier
from ui.preferences import Preferences
from ui.questions import Answer, Questions
from ui.reel import Reel, read_file
from ui.tasks import Tasks

if TYPE_CHECKING:
    from generator.performance import Performance

_POOL = "files"

Then = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Stamp:
    """How a file looked when we last touched it."""

    modified_ns: int
    size: int


class Files(QObject):
    """New, open, save and export.

    Signals:
        reel_opened: A Reel was read: a take or recording, which just plays.
        document_opened: The document is another one; the subject it names.
        recent_changed: The list of recent files.
    """

    reel_opened = pyqtSignal(object)
    document_opened = pyqtSignal(str)
    recent_changed = pyqtSignal()

    def __init__(
        self,
        document: Document,
        tasks: Tasks,
        notifier: Notifier,
        questions: Questions,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._tasks = tasks
        self._notifier = notifier
        self._questions = questions
        self._preferences = preferences
        self._stamp: _Stamp | None = None

    def new(self) -> None:
        """Begin an empty document."""
        self.unless_unsaved(self._begin)

    def open(self, path: Path | None = None) -> None:
        """Open a file; asks which when None. Takes and recordings leave the document alone."""
        chosen = path or self._questions.open_path(self._folder())
        if chosen is None:
            return
        self._tasks.run(
            _POOL,
            lambda: (read_file(chosen), _stamp_of(chosen)),
            lambda read: self._on_read(chosen, *read),
            lambda error: self._on_unreadable(chosen, error),
        )

    def save(self, then: Then | None = None) -> None:
        """Save where it was opened or saved before; asks where when there is no such place."""
        path = self._document.path
        if path is None or path.suffix.lower() != ".json":
            self.save_as(then)
            return
        current = _stamp_of(path)
        changed = current is not None and current != self._stamp
        why = "was changed by another program since it was opened."
        if not changed or self._questions.may_replace(path, why):
            self._write(path, overwrite=True, then=then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask where to save, and save there."""
        if self._document.draft.is_empty:
            self._notifier.info("There is nothing to save yet: write a script first.")
            return
        path = self._asked_path("performance", ".json", "Facewright documents (*.json)")
        if path is not None:
            self._write(path, overwrite=path.exists(), then=then)

    def export_csv(self, reel: Reel | None) -> None:
        """Write what lies on the timeline as a Live Link Face CSV."""
        clip = reel.clip if reel is not None else None
        if clip is None:
            self._notifier.info("There is nothing to export yet: make keyframes first.")
            return
        path = self._asked_path("facewright_1_Facewright", ".csv", "Live Link Face CSV (*.csv)")
        if path is None:
            return
        overwrite = path.exists()

        def work() -> tuple[str, ...]:
            from bridge.converting import write_csv
            from bridge.settings import load_settings

            convention = load_settings().csv_convention
            return write_csv(clip, path, convention=convention, overwrite=overwrite)

        def done(notes: tuple[str, ...]) -> None:
            said = "".join(f" Note: {note}." for note in notes)
            self._notifier.info(f"Exported to {path}.{said}")

        self._tasks.run(_POOL, work, done, self._notifier.error)

    def unless_unsaved(self, go_on: Then) -> None:
        """Go on at once, or after asking about unsaved changes and saving them; or not at all."""
        if not self._document.is_modified:
            go_on()
            return
        answer = self._questions.about_changes(self._document.title)
        if answer is Answer.DISCARD:
            go_on()
        elif answer is Answer.SAVE:
            self.save(go_on)

    def _begin(self) -> None:
        self._stamp = None
        self._document.start()
        self.document_opened.emit("")

    def _on_read(self, path: Path, read: Performance | Script | Reel, stamp: _Stamp | None) -> None:
        if isinstance(read, Reel):
            self._remember(path)
            self.reel_opened.emit(read)
            return
        subject = "" if isinstance(read, Script) else read.subject

        def show() -> None:
            self._stamp = stamp
            self._document.start(draft_of(read), path)
            self._remember(path)
            self._notifier.info(f"Opened {path}.")
            self.document_opened.emit(subject)

        self.unless_unsaved(show)

    def _on_unreadable(self, path: Path, error: Exception) -> None:
        if not path.exists():
            self._preferences.drop_recent(path)
            self.recent_changed.emit()
        self._notifier.error(error)

    def _write(self, path: Path, *, overwrite: bool, then: Then | None) -> None:
        draft = self._document.draft

        def work() -> _Stamp | None:
            _written(draft, path, overwrite=overwrite)
            return _stamp_of(path)

        def done(stamp: _Stamp | None) -> None:
            self._stamp = stamp
            self._document.saved(draft, path)
            self._remember(path)
            self._notifier.info(f"Saved to {path}.")
            if then is not None and not self._document.is_modified:
                then()

        self._tasks.run(_POOL, work, done, self._notifier.error)

    def _asked_path(self, name: str, ending: str, kinds: str) -> Path | None:
        """Return where to write, with an ending, or None; an existing file has been asked about."""
        stem = self._document.path.stem if self._document.path is not None else name
        path = self._questions.save_path(os.path.join(self._folder(), stem + ending), kinds)  # noqa: PTH118
        if path is None:
            return None
        if not path.suffix:
            path = path.with_suffix(ending)
        if path.exists() and not self._questions.may_replace(path, "exists already."):
            return None
        return path

    def _remember(self, path: Path) -> None:
        self._preferences.add_recent(path)
        self.recent_changed.emit()

    def _folder(self) -> str:
        if self._document.path is not None:
            return str(self._document.path.parent)
        recent = self._preferences.now.recent
        return str(Path(recent[0]).parent) if recent else ""


def _written(draft: Draft, path: Path, *, overwrite: bool) -> None:
    """Write the performance of a draft, or its script while nothing has been made of it."""
    from bridge.files import written

    document = draft.performance() or draft.script
    if document is None:
        from generator.errors import DocumentError

        raise DocumentError("There is no beat to save yet.", "Add one first.")
    with written(path, overwrite=overwrite) as stream:
        stream.write(document.dumps())


def _stamp_of(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return _Stamp(found.st_mtime_ns, found.st_size)
