"""The window's commands: one table of names and keys, from which menus and the F1 list are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QMainWindow,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)


@dataclass(frozen=True, slots=True)
class Command:
    """Something the window does.

    Attributes:
        name: Its short name in the program.
        menu: The menu it is in.
        text: Its words there.
        keys: Its shortcut, or "".
        apart: Whether a line is drawn above it.
    """

    name: str
    menu: str
    text: str
    keys: str = ""
    apart: bool = False


COMMANDS = (
    Command("new", "&File", "&New", "Ctrl+N"),
    Command("open", "&File", "&Open ...", "Ctrl+O"),
    Command("recent", "&File", "Open &recent"),
    Command("save", "&File", "&Save", "Ctrl+S", apart=True),
    Command("save_as", "&File", "Save &as ...", "Ctrl+Shift+S"),
    Command("export", "&File", "&Export Live Link Face CSV ...", "Ctrl+E"),
    Command("quit", "&File", "&Quit", "Ctrl+Q", apart=True),
    Command("undo", "&Edit", "&Undo", "Ctrl+Z"),
    Command("redo", "&Edit", "&Redo", "Ctrl+Shift+Z"),
    Command("add_beat", "&Edit", "Add &beat", "Ctrl+B", apart=True),
    Command("go_prompt", "&Edit", "Go to the &prompt", "Ctrl+P", apart=True),
    Command("go_timeline", "&Edit", "Go to the &timeline", "Ctrl+T"),
    Command("perform", "&Make", "&Perform the prompt", "Ctrl+Return"),
    Command("script", "&Make", "Write the &script", "Ctrl+Shift+Return"),
    Command("keyframes", "&Make", "Make &keyframes", "Ctrl+G"),
    Command("cancel", "&Make", "&Cancel", "Esc", apart=True),
    Command("play", "&Play", "&Play or stop", "Ctrl+Space"),
    Command("loop", "&Play", "&Loop", "Ctrl+L"),
    Command("panic", "&Play", "Pa&nic: fade to neutral", "Ctrl+.", apart=True),
    Command("theme_system", "&View", "Colours of the s&ystem"),
    Command("theme_dark", "&View", "&Dark"),
    Command("theme_light", "&View", "&Light"),
    Command("log", "&View", "&Messages", "Ctrl+J", apart=True),
    Command("shortcuts", "&Help", "&Shortcuts", "F1"),
    Command("about", "&Help", "&About Facewright"),
)

_BY_HAND = (
    ("Up, Down in the prompt", "Earlier and later prompts"),
    ("Space", "Play or stop, where nothing is typed"),
    ("Left, Right on the timeline", "One frame; with Shift ten"),
    ("Page Up, Page Down on the timeline", "To the keyframe before, after"),
    ("Home, End on the timeline", "To the beginning, the end"),
)


class Menus:
    """The menu bar of a window.

    Attributes:
        actions: Every command's action, by name.
        recent: The menu of recent files.
    """

    def __init__(self, window: QMainWindow, handlers: dict[str, Callable[[], None]]) -> None:
        """Make the menus.

        Args:
            window: Where they go.
            handlers: What each command does, by name; "recent" alone has none.
        """
        self.actions: dict[str, QAction] = {}
        self.recent = QMenu("Open &recent", window)
        menus: dict[str, QMenu] = {}
        bar = window.menuBar()
        for command in COMMANDS:
            if bar is None:
                break
            if command.menu not in menus:
                menu = QMenu(command.menu, window)
                bar.addMenu(menu)
                menus[command.menu] = menu
            menu = menus[command.menu]
            if command.apart:
                menu.addSeparator()
            if command.name == "recent":
                menu.addMenu(self.recent)
                continue
            action = QAction(command.text, window)
            if command.keys:
                action.setShortcut(QKeySequence(command.keys))
            handler = handlers[command.name]
            action.triggered.connect(lambda _checked, do=handler: do())
            menu.addAction(action)
            self.actions[command.name] = action


class ShortcutList(QDialog):
    """What F1 shows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        rows = [
            (QKeySequence(c.keys).toString(QKeySequence.SequenceFormat.NativeText), _plain(c.text))
            for c in COMMANDS
            if c.keys
        ] + list(_BY_HAND)
        table = QTableWidget(len(rows), 2)
        table.setAccessibleName("Shortcuts")
        table.setHorizontalHeaderLabels(["Keys", "Does"])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        for header in (table.verticalHeader(), table.horizontalHeader()):
            if header is not None:
                header.hide()
                header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                table.setItem(row, column, QTableWidgetItem(text))
        across = table.horizontalHeader()
        if across is not None:
            across.setStretchLastSection(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        layout.addWidget(buttons)
        self.resize(560, 680)


def _plain(text: str) -> str:
    return text.replace("&", "").replace(" ...", "")
