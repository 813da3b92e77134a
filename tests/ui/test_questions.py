from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from ui.questions import Answer, Dialogs

_BUTTON = QMessageBox.StandardButton


@pytest.fixture
def dialogs(qtbot: QtBot) -> Dialogs:
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Dialogs(parent)
    made.keep = parent  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("pressed", "answer"),
    [
        (_BUTTON.Save, Answer.SAVE),
        (_BUTTON.Discard, Answer.DISCARD),
        (_BUTTON.Cancel, Answer.CANCEL),
        (_BUTTON.NoButton, Answer.CANCEL),
    ],
)
def test_unsaved_changes(
    dialogs: Dialogs,
    monkeypatch: pytest.MonkeyPatch,
    pressed: QMessageBox.StandardButton,
    answer: Answer,
) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: int(pressed.value))
    assert dialogs.about_changes("letter.json") is answer


@pytest.mark.parametrize("pressed", [_BUTTON.Yes, _BUTTON.Cancel])
def test_replacing(
    dialogs: Dialogs, monkeypatch: pytest.MonkeyPatch, pressed: QMessageBox.StandardButton
) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda _: int(pressed.value))
    assert dialogs.may_replace(Path("a.json"), "exists.") is (pressed is _BUTTON.Yes)


def test_paths(dialogs: Dialogs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/x/a.json", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    assert dialogs.open_path("/x") == Path("/x/a.json")
    assert dialogs.save_path("a", "*") is None
