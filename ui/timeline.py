"""The timeline: seconds, beats with their keyframes, how much the face moves, and the playhead."""

from __future__ import annotations

from itertools import pairwise

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PyQt6.QtWidgets import QToolTip, QWidget

from ui.reel import Mark, Reel
from ui.theme import Colors, colors_of

_EDGE_PX = 16.0
_RULER_PX = 20.0
_STEPS_S = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_LEAST_LABEL_PX = 34.0
_TICK_PX = 64.0  # least distance of two numbers


class Timeline(QWidget):
    """Shows a reel, and scrubs it by mouse and keys.

    Signals:
        scrubbed: Somebody moved the playhead to this second.
        mark_chosen: Index of the beat whose keyframe was pressed.
    """

    scrubbed = pyqtSignal(float)
    mark_chosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(86)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(
            "Left and Right move by a frame, with Shift by ten; Page Up and Page Down go to "
            "keyframes; Home and End."
        )
        self._reel: Reel | None = None
        self._time_s = 0.0

    @property
    def time_s(self) -> float:
        """Where the playhead stands."""
        return self._time_s

    def show_reel(self, reel: Reel | None) -> None:
        """Show another reel; the playhead stays where it can."""
        self._reel = reel
        self._time_s = min(self._time_s, self._length_s)
        self.update()

    def show_time(self, time_s: float) -> None:
        """Put the playhead somewhere without telling anybody."""
        self._time_s = min(max(time_s, 0.0), self._length_s)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a comfortable size."""
        return QSize(640, 86)

    @property
    def _length_s(self) -> float:
        return self._reel.duration_s if self._reel is not None else 0.0

    def _x(self, time_s: float) -> float:
        width = self.width() - 2 * _EDGE_PX
        return _EDGE_PX + (time_s / self._length_s * width if self._length_s > 0.0 else 0.0)

    def _seconds_at(self, x: float) -> float:
        share = (x - _EDGE_PX) / max(self.width() - 2 * _EDGE_PX, 1.0)
        return min(max(share, 0.0), 1.0) * self._length_s

    # By hand ------------------------------------------------------------------------------------

    def _scrub(self, time_s: float) -> None:
        if self._reel is not None:
            self.show_time(time_s)
            self.scrubbed.emit(self._time_s)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take the playhead along, or go to a keyframe."""
        if event is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        mark = self._mark_at(event.position())
        if mark is None:
            self._scrub(self._seconds_at(event.position().x()))
            return
        self._scrub(mark.time_s)
        if mark.beat is not None:
            self.mark_chosen.emit(mark.beat)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Drag the playhead."""
        if event is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._scrub(self._seconds_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Step by frames and keyframes."""
        if event is None:
            return
        frame_s = 1.0 / 60.0
        if self._reel is not None and self._reel.rate is not None:
            frame_s = 1.0 / self._reel.rate.fps
        step_s = 10 * frame_s if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else frame_s
        marks_s = [0.0, *(m.time_s for m in self._marks), self._length_s]
        here_s = self._time_s
        to_s = {
            Qt.Key.Key_Left: here_s - step_s,
            Qt.Key.Key_Right: here_s + step_s,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: self._length_s,
            Qt.Key.Key_PageUp: max((t for t in marks_s if t < here_s - 1e-3), default=0.0),
            Qt.Key.Key_PageDown: min(
                (t for t in marks_s if t > here_s + 1e-3), default=self._length_s
            ),
        }.get(Qt.Key(event.key()))
        if to_s is None:
            super().keyPressEvent(event)
        else:
            self._scrub(to_s)

    def focusInEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:  # noqa: N802 - Qt's name
        """Show that it is gone."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent | None) -> bool:
        """Say the words of the keyframe under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            x = float(event.pos().x())
            over = [m for m in self._marks if self._x(m.from_s) <= x <= self._x(m.until_s)]
            if over and over[0].label:
                QToolTip.showText(event.globalPos(), over[0].label, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    @property
    def _marks(self) -> tuple[Mark, ...]:
        return self._reel.marks if self._reel is not None else ()

    def _mark_at(self, at: QPointF) -> Mark | None:
        if at.y() < _RULER_PX:
            return None
        near = [m for m in self._marks if abs(self._x(m.time_s) - at.x()) <= 7.0]
        return min(near, key=lambda m: abs(self._x(m.time_s) - at.x()), default=None)

    # Painting -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Draw ruler, beats, movement, keyframes and playhead."""
        colors = colors_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.line), 1.0))
        painter.setBrush(QColor(colors.panel))
        painter.drawRoundedRect(box, 9, 9)
        if self._reel is None:
            painter.setPen(QColor(colors.dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "Nothing to play yet.")
        else:
            self._paint_ruler(painter, colors)
            self._paint_beats(painter, colors)
            self._paint_profile(painter, colors, self._reel.profile)
            self._paint_labels(painter, colors)
            self._paint_marks(painter, colors)
            self._paint_playhead(painter, colors)
        painter.end()

    def _paint_ruler(self, painter: QPainter, colors: Colors) -> None:
        per_s = (self.width() - 2 * _EDGE_PX) / max(self._length_s, 1e-6)
        step_s = next((s for s in _STEPS_S if s * per_s >= _TICK_PX), _STEPS_S[-1])
        count = int(self._length_s / step_s + 1e-6)
        for index in range(count + 1):
            x = self._x(index * step_s)
            painter.setPen(QColor(colors.line))
            painter.drawLine(QPointF(x, _RULER_PX - 4), QPointF(x, _RULER_PX))
            painter.setPen(QColor(colors.dim))
            place = QRectF(x - 30, 2, 60, _RULER_PX - 6)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{index * step_s:g} s")

    def _lane(self) -> QRectF:
        return QRectF(0.0, _RULER_PX + 2, self.width(), self.height() - _RULER_PX - 12)

    def _paint_beats(self, painter: QPainter, colors: Colors) -> None:
        lane = self._lane()
        painter.setPen(Qt.PenStyle.NoPen)
        for mark in self._marks:
            painter.setBrush(QColor(colors.field))
            left, reached, right = self._x(mark.from_s), self._x(mark.time_s), self._x(mark.until_s)
            ramp = QPolygonF(
                [
                    QPointF(left + 1, lane.bottom()),
                    QPointF(reached, lane.top()),
                    QPointF(right - 1, lane.top()),
                    QPointF(right - 1, lane.bottom()),
                ]
            )
            painter.drawPolygon(ramp)

    def _paint_labels(self, painter: QPainter, colors: Colors) -> None:
        lane, metrics = self._lane(), painter.fontMetrics()
        painter.setPen(QColor(colors.dim))
        for mark in self._marks:
            place = QRectF(self._x(mark.time_s) + 2, lane.top() + 2, 0.0, 15.0)
            place.setRight(self._x(mark.until_s) - 4)
            if place.width() > _LEAST_LABEL_PX:
                words = metrics.elidedText(
                    mark.label, Qt.TextElideMode.ElideRight, int(place.width())
                )
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_profile(self, painter: QPainter, colors: Colors, profile: tuple[float, ...]) -> None:
        if len(profile) < 2:
            return
        lane = self._lane()
        per = self._length_s / (len(profile) - 1)
        points = [
            QPointF(self._x(index * per), lane.bottom() - share * (lane.height() - 18.0))
            for index, share in enumerate(profile)
        ]
        tint = QColor(colors.accent)
        tint.setAlpha(38)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        low = [QPointF(points[-1].x(), lane.bottom()), QPointF(points[0].x(), lane.bottom())]
        painter.drawPolygon(QPolygonF([*points, *low]))
        tint.setAlpha(150)
        painter.setPen(QPen(tint, 1.2))
        for before, after in pairwise(points):
            painter.drawLine(before, after)

    def _paint_marks(self, painter: QPainter, colors: Colors) -> None:
        lane = self._lane()
        for mark in self._marks:
            x, y = self._x(mark.time_s), lane.bottom() - 8
            here = abs(mark.time_s - self._time_s) < 0.02
            painter.setPen(QPen(QColor(colors.panel), 1.5))
            painter.setBrush(QColor(colors.accent if here else colors.text))
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, y - 7),
                        QPointF(x + 7, y),
                        QPointF(x, y + 7),
                        QPointF(x - 7, y),
                    ]
                )
            )

    def _paint_playhead(self, painter: QPainter, colors: Colors) -> None:
        x = self._x(self._time_s)
        painter.setPen(QPen(QColor(colors.accent), 1.6))
        painter.drawLine(QPointF(x, _RULER_PX - 6), QPointF(x, self.height() - 6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        handle = [
            QPointF(x - 6, 7),
            QPointF(x + 6, 7),
            QPointF(x + 6, _RULER_PX - 5),
            QPointF(x, _RULER_PX + 2),
            QPointF(x - 6, _RULER_PX - 5),
        ]
        painter.drawPolygon(QPolygonF(handle))
