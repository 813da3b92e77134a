"""Document: the draft on screen, its history and its file. Knows no widget. GUI thread only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QUndoCommand, QUndoStack

from generator.script import Beat, Script
from ui.draft import Draft, Pose

_MAX_UNDO = 500


class _Change(QUndoCommand):
    """From one draft to another; changes with the same mark that follow each other are one."""

    def __init__(self, document: Document, name: str, after: Draft, mark: str) -> None:
        super().__init__(name)
        self._document = document
        self._before = document.draft
        self._after = after
        self._mark = mark

    def id(self) -> int:
        return hash(self._mark) & 0x7FFFFFFF if self._mark else -1

    def mergeWith(self, other: QUndoCommand | None) -> bool:  # noqa: N802 - Qt's name
        if not isinstance(other, _Change) or other._mark != self._mark:  # noqa: SLF001 - own kind
            return False
        self._after = other._after  # noqa: SLF001
        return True

    def redo(self) -> None:
        self._document._show(self._after)  # noqa: SLF001 - the document's own commands

    def undo(self) -> None:
        self._document._show(self._before)  # noqa: SLF001


class Document(QObject):
    """What is edited and saved.

    Signals:
        changed: Another draft is shown.
        named: The path is another one.
        modified: Whether there is something to save has changed.

    Attributes:
        undo: The history; Undo and Redo actions come from it.
    """

    changed = pyqtSignal()
    named = pyqtSignal()
    modified = pyqtSignal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = Draft()
        self._path: Path | None = None
        self.undo = QUndoStack(self)
        self.undo.setUndoLimit(_MAX_UNDO)
        self.undo.cleanChanged.connect(self._on_clean_changed)

    @property
    def draft(self) -> Draft:
        """What is shown now."""
        return self._draft

    @property
    def path(self) -> Path | None:
        """Where it was opened or saved, or None."""
        return self._path

    @property
    def is_modified(self) -> bool:
        """Whether something would be lost by closing."""
        return not self.undo.isClean()

    @property
    def title(self) -> str:
        """The file's name, or "Untitled"."""
        return self._path.name if self._path is not None else "Untitled"

    def start(self, draft: Draft | None = None, path: Path | None = None) -> None:
        """Begin with another document; the history is gone."""
        self._draft = draft or Draft()
        self._path = path
        self.undo.clear()
        self.undo.setClean()
        self.named.emit()
        self.changed.emit()

    def saved(self, draft: Draft, path: Path) -> None:
        """Note that a draft is in a file; what was changed since remains to be saved."""
        self._path = path
        if draft is self._draft:
            self.undo.setClean()
        self.named.emit()

    def change(self, name: str, draft: Draft, *, mark: str = "") -> None:
        """Show another draft, undoably.

        Args:
            name: What was done, for the Undo menu.
            draft: The result.
            mark: Changes that follow each other with the same mark are undone together.
        """
        if draft is not self._draft:
            self.undo.push(_Change(self, name, draft, mark))

    # What a person does -------------------------------------------------------------------------

    def set_script(self, script: Script) -> None:
        """Put another script in place of this one."""
        self.change("new script", self._draft.with_script(script))

    def set_text(self, field: Literal["background", "emotion"], text: str) -> None:
        """Change the background or the emotion."""
        if getattr(self._draft, field) != text:
            changed = (
                replace(self._draft, background=text)
                if field == "background"
                else replace(self._draft, emotion=text)
            )
            self.change(f"change of {field}", changed, mark=field)

    def set_beat(self, key: int, beat: Beat, field: str) -> None:
        """Change one beat; `field` says what of it, for merging keystrokes."""
        index = self._draft.index_of(key)
        if index is not None and self._draft.entries[index].beat != beat:
            self.change("change of a beat", self._draft.with_beat(key, beat), mark=f"{key}/{field}")

    def set_pose(self, key: int, pose: Pose, mark: str) -> None:
        """Show what was made for a beat; nothing when the beat is gone."""
        if self._draft.index_of(key) is not None:
            self.change("keyframes", self._draft.with_pose(key, pose), mark=mark)

    def add_beat(self, after: int | None = None) -> int:
        """Add an empty beat and return its key."""
        draft, key = self._draft.with_new_beat(after)
        self.change("new beat", draft)
        return key

    def copy_beat(self, key: int) -> int:
        """Double a beat and return the second's key."""
        draft, fresh = self._draft.with_copy(key)
        self.change("copy of a beat", draft)
        return fresh

    def delete_beat(self, key: int) -> None:
        """Delete a beat."""
        self.change("deletion of a beat", self._draft.without(key))

    def move_beat(self, key: int, by: int) -> None:
        """Move a beat up (-1) or down (+1)."""
        index = self._draft.index_of(key)
        if index is not None and 0 <= index + by < len(self._draft.entries):
            self.change("move of a beat", self._draft.moved(key, by))

    def _show(self, draft: Draft) -> None:
        self._draft = draft
        self.changed.emit()

    @pyqtSlot(bool)
    def _on_clean_changed(self, clean: bool) -> None:
        self.modified.emit(not clean)
