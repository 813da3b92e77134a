from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QMainWindow, QTableWidget
from pytestqt.qtbot import QtBot

from ui.menus import COMMANDS, Menus, ShortcutList


def test_every_command_calls_its_handler(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    called: list[str] = []
    handlers = {c.name: (lambda name=c.name: called.append(name)) for c in COMMANDS}
    menus = Menus(window, handlers)  # type: ignore[arg-type]
    for action in menus.actions.values():
        action.trigger()
    assert called == [c.name for c in COMMANDS if c.name != "recent"]


def test_a_command_without_a_handler_is_a_mistake(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    with pytest.raises(KeyError):
        Menus(window, {})


def test_f1_lists_every_shortcut(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    listed = ShortcutList(window)
    table = listed.findChild(QTableWidget)
    assert table is not None
    keys = {item.text() for row in range(table.rowCount()) if (item := table.item(row, 0))}
    assert {"Ctrl+Return", "F1", "Ctrl+Shift+S"} <= keys
    assert len(keys) == table.rowCount() >= sum(bool(c.keys) for c in COMMANDS)
