"""The line at the bottom that says what happened, and the log of what it said."""

from __future__ import annotations

import time

from PyQt6.QtCore import Qt, pyqtSlot
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ui.buttons import button
from ui.notify import Level, Message
from ui.theme import colors_of

_KEPT = 500
_LOG_PX = 130


class MessageBar(QFrame):
    """The newest message, and above it, when asked for, all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = Level.INFO
        self._dot = QLabel("●")
        self.text = QLabel()
        self.text.setAccessibleName("Last message")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setMinimumWidth(80)
        self.log = QPlainTextEdit()
        self.log.setObjectName("log")
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(_KEPT)
        self.log.setFixedHeight(_LOG_PX)
        self.log.setAccessibleName("Log")
        self.log.setTabChangesFocus(True)
        self.log.hide()
        self.toggle = button("Log", "Show or hide what was said before", "link", "Ctrl+J")
        self.toggle.clicked.connect(self.toggle_log)
        row = QHBoxLayout()
        row.setContentsMargins(16, 3, 10, 5)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self.text, 1)
        row.addWidget(self.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.log)
        layout.addLayout(row)
        self.show_message(Message(Level.INFO, "Ready. F1 lists the shortcuts."))

    @pyqtSlot(object)
    def show_message(self, message: Message) -> None:
        """Show a message and add it to the log."""
        self._level = message.level
        one_line = " ".join(message.text.split())
        self.text.setText(one_line)
        self.text.setToolTip(message.text)
        self.log.appendPlainText(f"{time.strftime('%H:%M:%S')}  {message.level.value}: {one_line}")
        self.redress()

    def redress(self) -> None:
        """Take the colours of the theme."""
        colors = colors_of(self.palette())
        color = {
            Level.INFO: colors.dim,
            Level.WARNING: colors.caution,
            Level.ERROR: colors.danger,
        }[self._level]
        self._dot.setStyleSheet(f"color: {color};")
        strong = colors.danger if self._level is Level.ERROR else colors.text
        self.text.setStyleSheet(f"color: {strong};")

    @pyqtSlot()
    def toggle_log(self) -> None:
        """Show or hide the log."""
        self.log.setVisible(not self.log.isVisible())
