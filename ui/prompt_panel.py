"""The prompt: a box to type in, what was typed before, examples, and the two ways on."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import Qt, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QKeyEvent, QTextCursor
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.buttons import button
from ui.fields import GrowingText

EXAMPLES = (
    ("A letter", "She reads the letter, fights back tears, then forces a smile."),
    ("Bad coffee", "He takes a sip, wrinkles his nose in disgust, and shudders."),
    ("A surprise party", "He opens the door, freezes in shock, then bursts out laughing."),
    ("Caught lying", "She looks away, presses her lips together, then meets his eyes in defiance."),
)


class PromptBox(GrowingText):
    """A text box that keeps a history.

    Signals:
        performed: Ctrl+Enter was pressed.
    """

    performed = pyqtSignal()

    def __init__(self, history: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(2, 5, parent)
        self.setObjectName("prompt")
        self.setAccessibleName("Prompt")
        self.setAccessibleDescription(
            "What the face should do. Control and Enter performs it; Up and Down go through "
            "earlier prompts."
        )
        self.setPlaceholderText("What should the face do?")
        self._history = history
        self._at = -1  # index in the history; -1 is what is being typed
        self._typed_text = ""

    def remember(self, history: tuple[str, ...]) -> None:
        """Take another history, the latest first, and go back to its beginning."""
        self._history = history
        self._at = -1

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Perform on Ctrl+Enter; walk the history from the first and the last line."""
        if event is None:
            return
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        key = event.key()
        if ctrl and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.performed.emit()
        elif key == Qt.Key.Key_Up and not self._can_move(QTextCursor.MoveOperation.Up):
            self._walk(1)
        elif key == Qt.Key.Key_Down and not self._can_move(QTextCursor.MoveOperation.Down):
            self._walk(-1)
        else:
            super().keyPressEvent(event)

    def _can_move(self, operation: QTextCursor.MoveOperation) -> bool:
        return self.textCursor().movePosition(operation)

    def _walk(self, step: int) -> None:
        at = min(max(self._at + step, -1), len(self._history) - 1)
        if at == self._at:
            return
        if self._at == -1:
            self._typed_text = self.toPlainText()
        self._at = at
        self.setPlainText(self._typed_text if at == -1 else self._history[at])
        self.moveCursor(QTextCursor.MoveOperation.End)


class PromptPanel(QFrame):
    """The prompt box with its examples and buttons.

    Signals:
        perform_wanted: A prompt is to be performed at once.
        script_wanted: A prompt is to be written as a script.
    """

    perform_wanted = pyqtSignal(str)
    script_wanted = pyqtSignal(str)

    def __init__(self, history: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        heading = QLabel("Prompt")
        heading.setObjectName("heading")
        self.box = PromptBox(history)
        self.perform_button = button(
            "Perform", "Write a script, make its keyframes and play them", "primary", "Ctrl+Return"
        )
        self.script_button = button("Write script", "Write a script to be edited first")
        self.perform_button.clicked.connect(self._on_perform)
        self.box.performed.connect(self._on_perform)
        self.script_button.clicked.connect(self._on_script)
        self.box.textChanged.connect(self._on_text_changed)
        self._hint = QLabel("Ctrl+Enter")
        self._hint.setObjectName("dim")
        self._examples = self._make_examples()

        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.perform_button)
        row.addWidget(self.script_button)
        row.addStretch(1)
        row.addWidget(self._hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.box)
        layout.addWidget(self._examples)
        layout.addLayout(row)
        self._busy = False
        self._on_text_changed()

    @property
    def prompt(self) -> str:
        """What is typed."""
        return self.box.toPlainText().strip()

    def set_busy(self, busy: bool) -> None:
        """Make the buttons wait while something is made."""
        self._busy = busy
        self._on_text_changed()

    def show_prompt(self, prompt: str) -> None:
        """Show the prompt of a document."""
        self.box.show_text(prompt)

    def _make_examples(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for title, prompt in EXAMPLES:
            chip = button(title, prompt, "chip")
            chip.clicked.connect(partial(self._take_example, prompt))
            row.addWidget(chip)
        row.addStretch(1)
        return holder

    def _take_example(self, prompt: str, _checked: bool = False) -> None:
        self.box.setPlainText(prompt)
        self.box.setFocus()
        self.box.moveCursor(QTextCursor.MoveOperation.End)

    @pyqtSlot()
    def _on_perform(self) -> None:
        if self.prompt and not self._busy:
            self.perform_wanted.emit(self.prompt)

    @pyqtSlot()
    def _on_script(self) -> None:
        if self.prompt and not self._busy:
            self.script_wanted.emit(self.prompt)

    @pyqtSlot()
    def _on_text_changed(self) -> None:
        usable = bool(self.prompt) and not self._busy
        self.perform_button.setEnabled(usable)
        self.script_button.setEnabled(usable)
        self._examples.setVisible(not self.box.toPlainText())
