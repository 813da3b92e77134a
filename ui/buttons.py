"""Small buttons with drawn signs: sharp at every scale, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QKeySequence, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QPushButton, QWidget

from ui.theme import colors_of

_SIDE = 26  # pixels of a sign's button
_GRID = 16.0  # signs are drawn on a grid of 16 by 16


def _lines(*strokes: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for stroke in strokes:
        path.moveTo(QPointF(*stroke[0]))
        for point in stroke[1:]:
            path.lineTo(QPointF(*point))
    return path


def _copy() -> QPainterPath:
    path = _lines(((3, 10.5), (3, 3), (10.5, 3)))
    path.addRoundedRect(QRectF(5.5, 5.5, 7.5, 7.5), 1.5, 1.5)
    return path


def _again() -> QPainterPath:
    path = QPainterPath()
    box = QRectF(3, 3, 10, 10)
    path.arcMoveTo(box, 60)
    path.arcTo(box, 60, 290)
    path.addPath(_lines(((8.2, 1.2), (10.9, 3.7), (8.0, 6.0))))
    return path


_SIGNS: dict[str, Callable[[], QPainterPath]] = {
    "up": lambda: _lines(((4, 9.5), (8, 5.5), (12, 9.5))),
    "down": lambda: _lines(((4, 6.5), (8, 10.5), (12, 6.5))),
    "delete": lambda: _lines(((4, 4), (12, 12)), ((12, 4), (4, 12))),
    "add": lambda: _lines(((8, 3.5), (8, 12.5)), ((3.5, 8), (12.5, 8))),
    "copy": _copy,
    "again": _again,
}


class SignButton(QAbstractButton):
    """A button that shows a sign and says in words what it does."""

    def __init__(self, sign: str, says: str, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            sign: One of "up", "down", "delete", "add", "copy", "again".
            says: What it does: its tooltip and its name for screen readers.
            parent: The parent.
        """
        super().__init__(parent)
        self._path = _SIGNS[sign]()
        self.setToolTip(says)
        self.setAccessibleName(says)
        self.setFixedSize(_SIDE, _SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return its fixed size."""
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Draw ground and sign."""
        colors = colors_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        warm = self.isEnabled() and (self.underMouse() or self.hasFocus())
        if warm:
            painter.setPen(QColor(colors.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.hover if not self.isDown() else colors.line))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        ink = QColor(colors.text if warm else colors.dim)
        if not self.isEnabled():
            ink.setAlpha(90)
        pen = QPen(ink, 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        margin = (_SIDE - _GRID) / 2
        painter.translate(margin, margin)
        painter.drawPath(self._path)
        painter.end()

    def enterEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Show that the mouse is there."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Show that it is gone."""
        super().leaveEvent(event)
        self.update()


def button(text: str, says: str, role: str = "", shortcut: str = "") -> QPushButton:
    """Return a button with words.

    Args:
        text: What stands on it.
        says: Its tooltip and description for screen readers.
        role: "primary", "danger", "chip", "link" or "".
        shortcut: Named in the tooltip; the window's actions bind it.
    """
    made = QPushButton(text)
    keys = f"  ({QKeySequence(shortcut).toString()})" if shortcut else ""
    made.setToolTip(f"{says}{keys}")
    made.setAccessibleName(text)
    made.setAccessibleDescription(says)
    if role:
        made.setProperty("role", role)
    return made
