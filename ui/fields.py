"""Fields of a form: texts that grow with their words, and seconds. They tell only what is typed."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal, pyqtSlot
from PyQt6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QDoubleSpinBox, QLineEdit, QPlainTextEdit, QWidget

_CHROME_PX = 14  # padding and border of the style sheet, above and below


class WindowUndo(QObject):
    """Leaves Undo and Redo to the window's history instead of a field's own."""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Let the keys of Undo and Redo through to the window's shortcuts."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and (
                event.matches(QKeySequence.StandardKey.Undo)
                or event.matches(QKeySequence.StandardKey.Redo)
            )
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class GrowingText(QPlainTextEdit):
    """A text of several lines, as high as it needs, between two limits.

    Signals:
        typed: The text was changed by its user, not by `show_text`.
    """

    typed = pyqtSignal(str)

    def __init__(self, least_lines: int, most_lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = (least_lines, most_lines)
        self._showing = False
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._on_text_changed)
        document = self.document()
        layout = None if document is None else document.documentLayout()
        if layout is not None:
            layout.documentSizeChanged.connect(self._on_size_changed)
        self._fit()

    def show_text(self, text: str) -> None:
        """Show a text that the model has; the cursor stays where it can."""
        if text == self.toPlainText():
            return
        self._showing = True
        at = self.textCursor().position()
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.setPosition(min(at, len(text)))
        self.setTextCursor(cursor)
        self._showing = False

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Fit again when the style sheet brings another font."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Fit again: another width breaks the lines elsewhere."""
        super().resizeEvent(event)
        self._fit()

    @pyqtSlot()
    def _on_text_changed(self) -> None:
        if not self._showing:
            self.typed.emit(self.toPlainText())

    @pyqtSlot()
    def _on_size_changed(self) -> None:
        self._fit()

    def _fit(self) -> None:
        document = self.document()
        if document is None:
            return
        needed = max(round(document.size().height()), 1)
        lines = min(max(needed, self._limits[0]), self._limits[1])
        chrome = 2 * round(document.documentMargin()) + _CHROME_PX
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + chrome)
        more = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(more if needed > self._limits[1] else never)


class Line(QLineEdit):
    """A text of one line.

    Signals:
        typed: The text was changed by its user.
    """

    typed = pyqtSignal(str)

    def __init__(self, name: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.textEdited.connect(self.typed)

    def show_text(self, text: str) -> None:
        """Show a text that the model has."""
        if text != self.text():
            at = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(at, len(text)))

    def set_wrong(self, why: str) -> None:
        """Mark what is typed as unusable, or ("") as fine."""
        self.setToolTip(why)
        if self.property("wrong") != bool(why):
            self.setProperty("wrong", bool(why))
            style = self.style()
            if style is not None:
                style.unpolish(self)
                style.polish(self)


class Seconds(QDoubleSpinBox):
    """Seconds; the wheel scrolls the form unless the field has the focus.

    Signals:
        typed: The value was changed by its user.
    """

    typed = pyqtSignal(float)

    def __init__(self, name: str, least_s: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.setRange(least_s, 600.0)
        self.setDecimals(2)
        self.setSingleStep(0.1)
        self.setSuffix(" s")
        self.setFixedWidth(76)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._on_value_changed)

    def show_value(self, value_s: float) -> None:
        """Show a value that the model has."""
        if abs(value_s - self.value()) > 0.0049:  # what it shows is rounded; the model's is not
            self._showing = True
            self.setValue(value_s)
            self._showing = False

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802 - Qt's name
        """Change the value only with the focus."""
        if event is None:
            return
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @pyqtSlot(float)
    def _on_value_changed(self, value: float) -> None:
        if not self._showing:
            self.typed.emit(round(value, 2))
