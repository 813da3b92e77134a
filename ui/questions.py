"""Questions that stop everything until they are answered: the only dialogs that logic may cause.

Logic gets a `Questions`; the window brings `Dialogs`, tests bring answers.
"""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Protocol

from PyQt6.QtWidgets import QFileDialog, QMessageBox, QWidget

_OPENABLE = (
    "All that Facewright reads (*.json *.csv *.packets *.flbr *.jsonl *.pcap *.pcapng);;"
    "Performances and scripts (*.json);;Live Link Face takes (*.csv);;All files (*)"
)


class Answer(enum.Enum):
    """What to do with changes that are not saved."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class Questions(Protocol):
    """Whom logic asks. GUI thread only; each call returns when there is an answer."""

    def about_changes(self, title: str) -> Answer:
        """Ask what to do with the unsaved changes of a document."""
        ...

    def may_replace(self, path: Path, why: str) -> bool:
        """Ask whether a file may be replaced."""
        ...

    def open_path(self, folder: str) -> Path | None:
        """Ask which file to open; None for none."""
        ...

    def save_path(self, proposed: str, kinds: str) -> Path | None:
        """Ask where to save; None for nowhere. The file may exist: `may_replace` is asked next."""
        ...


class Dialogs:
    """Asks with dialogs over a window."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def about_changes(self, title: str) -> Answer:
        """Ask what to do with the unsaved changes of a document."""
        box = QMessageBox(self._parent)
        box.setWindowTitle("Facewright")
        box.setText(f"{title} has changes that are not saved.")
        box.setInformativeText("Save them first?")
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        answers = {int(button.Save): Answer.SAVE, int(button.Discard): Answer.DISCARD}
        return answers.get(box.exec(), Answer.CANCEL)

    def may_replace(self, path: Path, why: str) -> bool:
        """Ask whether a file may be replaced."""
        box = QMessageBox(self._parent)
        box.setWindowTitle("Facewright")
        box.setText(f"{path.name} {why}")
        box.setInformativeText("Replace it?")
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Yes | button.Cancel)
        box.setDefaultButton(button.Cancel)
        return box.exec() == int(button.Yes)

    def open_path(self, folder: str) -> Path | None:
        """Ask which file to open; None for none."""
        name, _ = QFileDialog.getOpenFileName(self._parent, "Open", folder, _OPENABLE)
        return Path(name) if name else None

    def save_path(self, proposed: str, kinds: str) -> Path | None:
        """Ask where to save; None for nowhere."""
        name, _ = QFileDialog.getSaveFileName(
            self._parent,
            "Save",
            proposed,
            kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        return Path(name) if name else None
