"""The live head: shows the newest face it was given, as fast as threads of numpy can draw it.

While the face moves, it is drawn small enough to keep up; once it rests, at full size. The rate in
the corner is that of the pictures really shown.
"""

from __future__ import annotations

import time
from collections import deque

import numpy as np
from PyQt6.QtCore import QRectF, QSize, Qt, QTimer, pyqtSlot
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QWidget

from livelink.channels import CHANNEL_COUNT
from livelink.frame import Values
from ui.notify import Notifier
from ui.painter import Rgb
from ui.portraits import Portrait, Portraits
from ui.theme import colors_of, rgb

_AIM_S = 0.07  # a picture of a moving face may take this long
_LEAST_PX, _MOST_PX = 140, 520  # height of a moving picture
_STILL_PX = 640  # most for one at rest
_REST_MS = 220  # without a new face, the one shown is drawn in full
_RATE_OVER_S = 2.0


class HeadView(QWidget):
    """A widget that performs."""

    def __init__(
        self, portraits: Portraits, notifier: Notifier, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setMinimumSize(220, 200)
        self.setAccessibleName("Head")
        self.setAccessibleDescription("The face that is sent, or where the playhead stands.")
        self._portraits = portraits
        self._notifier = notifier
        self._values: Values = np.zeros(CHANNEL_COUNT, np.float32)
        self._image: QImage | None = None
        self._ground: Rgb = (0, 0, 0)
        self._drawing = False
        self._stale = True  # the newest face has not been asked for
        self._sharp = False  # what is shown is at full size
        self._moving_px = 220.0
        self._shown_s: deque[float] = deque(maxlen=240)
        self._live = False
        self._broken = False
        self._rest = QTimer(self)
        self._rest.setObjectName("head-rest")
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rest)

    @property
    def image(self) -> QImage | None:
        """The picture shown, or None before the first."""
        return self._image

    @property
    def is_sharp(self) -> bool:
        """Whether the newest face is shown at full size."""
        return self._sharp and not self._stale

    def begin(self) -> None:
        """Draw the first face; called once the window has been painted."""
        self._ask(sharp=False)

    def show_values(self, values: Values) -> None:
        """Show a face as soon as possible; what was asked for before and not drawn is dropped.

        Args:
            values: (61,) in wire order.
        """
        if values is self._values or np.array_equal(values, self._values):
            return
        self._values, self._stale, self._sharp = values, True, False
        self._rest.start()
        self._ask(sharp=False)

    def set_live(self, live: bool) -> None:
        """Say whether the face is one that is being sent; its rate is shown then."""
        self._live = live
        self._shown_s.clear()
        self.update()

    def redraw(self) -> None:
        """Draw anew: the theme has changed."""
        self._stale, self._sharp = True, False
        self._ask(sharp=True)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a comfortable size."""
        return QSize(560, 420)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Draw at the new size once it stays."""
        super().resizeEvent(event)
        self._sharp = False
        if self._image is not None:
            self._rest.start()

    def stop(self) -> None:
        """Ask for nothing more."""
        self._broken = True
        self._rest.stop()

    def _ask(self, *, sharp: bool) -> None:
        if self._drawing or self._broken or self.width() < 8 or self.height() < 8:
            return
        full = min(self.height() * self.devicePixelRatioF(), _STILL_PX)
        height = full if sharp else min(self._moving_px, full)
        size = (max(round(height * self.width() / self.height()), 8), max(round(height), 8))
        self._drawing, self._stale, self._sharp = True, False, False
        ground = rgb(colors_of(self.palette()).stage)
        self._ground = ground

        def deliver(portrait: Portrait) -> None:
            self._on_drawn(portrait, sharp=sharp)

        self._portraits.live(self._values, size, ground, deliver, self._on_failed)

    def _on_drawn(self, portrait: Portrait, *, sharp: bool) -> None:
        self._drawing = False
        self._image = portrait.image
        self._sharp = sharp
        self._shown_s.append(time.monotonic())
        if not sharp and portrait.took_s > 0.0:  # pixels cost about as their number
            better = self._moving_px * (_AIM_S / portrait.took_s) ** 0.5
            self._moving_px = min(max(0.7 * self._moving_px + 0.3 * better, _LEAST_PX), _MOST_PX)
        self.update()
        if self._stale:
            self._ask(sharp=False)
        elif not sharp:
            self._rest.start()

    def _on_failed(self, error: Exception) -> None:
        self._drawing = False
        self._broken = True
        self._notifier.error(f"The head cannot be drawn: {error}. Sending goes on without it.")

    @pyqtSlot()
    def _on_rest(self) -> None:
        if not self._sharp or self._stale:
            self._ask(sharp=True)

    def _rate_hz(self) -> float | None:
        """Return how many pictures a second were shown lately; None when there were too few."""
        now_s = time.monotonic()
        recent = [at for at in self._shown_s if now_s - at <= _RATE_OVER_S]
        if len(recent) < 3:
            return None
        return (len(recent) - 1) / max(recent[-1] - recent[0], 1e-6)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802, ARG002 - Qt's
        """Draw the newest picture, and how fast they come."""
        colors = colors_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        frame = QPainterPath()
        frame.addRoundedRect(box, 10, 10)
        painter.setClipPath(frame)
        painter.fillPath(frame, QColor(colors.stage))
        if self._image is not None:
            painter.drawImage(self._placed(box, self._image), self._image)
        rate = self._rate_hz() if self._live else None
        if rate is not None:
            font = painter.font()
            font.setPixelSize(11)
            painter.setFont(font)
            painter.setPen(QColor(colors.dim))
            corner = box.adjusted(0, 8, -12, 0)
            top_right = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
            painter.drawText(corner, top_right, f"preview {rate:.0f} pictures a second")
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colors.line), 1.0))
        painter.drawPath(frame)
        painter.end()

    @staticmethod
    def _placed(box: QRectF, image: QImage) -> QRectF:
        """Return where a picture lies that covers the box, however the widget was resized."""
        scale = max(box.width() / image.width(), box.height() / image.height())
        placed = QRectF(0, 0, image.width() * scale, image.height() * scale)
        placed.moveCenter(box.center())
        return placed
