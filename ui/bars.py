"""Live bars of the channels that do most, coloured by the part of the face they belong to."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QToolTip, QWidget

from livelink.channels import CHANNEL_COUNT, CHANNELS, SHAPE_COUNT, Channel, ChannelInfo
from livelink.frame import Values
from ui.theme import colors_of, region_color

ROWS = 4

_COLUMN_PX = 205  # least; names of channels are long

_ROW_PX = 21
_MOST_COLUMNS = 3
_FADE = 0.985  # of a channel's standing, per look: bars that rest give way within seconds
_LOYALTY = 0.06  # a bar that is shown is replaced only by one that does this much more
_RADIANS_FULL = 0.6  # a rotation that fills its bar


class Bars(QWidget):
    """The busiest channels, always in the same order, changing places as little as possible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(ROWS * _ROW_PX + 12)
        self.setMinimumWidth(420)
        self.setAccessibleName("Busiest channels")
        self._values = np.zeros(CHANNEL_COUNT, np.float32)
        self._standing = np.zeros(CHANNEL_COUNT)
        self._shown: tuple[Channel, ...] = ()

    @property
    def shown(self) -> tuple[Channel, ...]:
        """The channels that have a bar now, in wire order."""
        return self._shown

    def show_values(self, values: Values, *, moving: bool) -> None:
        """Show the bars of a face.

        Args:
            values: (61,) in wire order.
            moving: Whether it is one of many; bars then keep their places for a while.
        """
        self._values = values
        amount = np.abs(values).astype(np.float64)
        amount[SHAPE_COUNT:] /= _RADIANS_FULL
        self._standing = np.maximum(amount, self._standing * _FADE) if moving else amount
        loyal = self._standing.copy()
        loyal[list(self._shown)] += _LOYALTY
        loyal[self._standing < 0.02] = 0.0
        best = np.argsort(loyal, kind="stable")[::-1][: self._columns * ROWS]
        self._shown = tuple(Channel(int(i)) for i in sorted(best) if loyal[i] > 0.0)
        self.update()

    @property
    def _columns(self) -> int:
        return min(max(self.width() // _COLUMN_PX, 1), _MOST_COLUMNS)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return what the rows need."""
        return QSize(640, ROWS * _ROW_PX + 12)

    def event(self, event: QEvent | None) -> bool:
        """Explain the channel under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            info = self._info_at(event.pos().x(), event.pos().y())
            if info is None:
                QToolTip.hideText()
            else:
                value = float(self._values[info.channel])
                text = f"<b>{info.name}</b> {value:+.2f}<br>{info.meaning}<br><i>{info.facs}</i>"
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _cell(self, place: int) -> QRectF:
        width = (self.width() - 24 - (self._columns - 1) * 18) / self._columns
        column, row = divmod(place, ROWS)
        return QRectF(12 + column * (width + 18), 6 + row * _ROW_PX, width, _ROW_PX)

    def _info_at(self, x: int, y: int) -> ChannelInfo | None:
        for place, channel in enumerate(self._shown):
            if self._cell(place).contains(QPointF(x, y)):
                return CHANNELS[channel]
        return None

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Draw name, bar and number of each channel."""
        colors = colors_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        if not self._shown:
            painter.setPen(QColor(colors.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "The face is at rest.")
        for place, channel in enumerate(self._shown):
            self._paint_bar(painter, self._cell(place), CHANNELS[channel])
        painter.end()

    def _paint_bar(self, painter: QPainter, cell: QRectF, info: ChannelInfo) -> None:
        colors = colors_of(self.palette())
        value = float(self._values[info.channel])
        full = _RADIANS_FULL if info.low < 0.0 else 1.0
        middle = Qt.AlignmentFlag.AlignVCenter
        name_px, number_px = min(cell.width() * 0.54, 140.0), 36.0
        painter.setPen(QColor(colors.text))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(info.name, Qt.TextElideMode.ElideRight, int(name_px) - 4)
        painter.drawText(QRectF(cell.left(), cell.top(), name_px, cell.height()), middle, name)
        track = QRectF(
            cell.left() + name_px, cell.center().y() - 3, cell.width() - name_px - number_px, 6
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.line))
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(region_color(info.region, colors))
        share = min(max(value / full, -1.0), 1.0)
        if info.low < 0.0:
            middle_x = track.center().x()
            bar = QRectF(middle_x, track.top(), share * track.width() / 2, track.height())
            painter.drawRoundedRect(bar.normalized(), 3, 3)
        elif share > 0.01:
            painter.drawRoundedRect(
                QRectF(track.left(), track.top(), max(share * track.width(), 6.0), 6), 3, 3
            )
        painter.setPen(QColor(colors.dim))
        number = QRectF(track.right(), cell.top(), number_px, cell.height())
        painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, f"{value:z.2f}")
