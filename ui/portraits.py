"""Portraits: pictures of the head, drawn by numpy elsewhere, delivered in the GUI thread.

The live head asks for the newest face and gets what the computer manages; thumbnails are drawn one
after the other and kept.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QImage

from livelink.frame import Values
from ui.painter import Order, Painter, Rgb
from ui.tasks import Tasks

_LOG = logging.getLogger(__name__)

_KEPT = 512  # thumbnails
_LIVE_MM, _SMALL_MM = 300.0, 250.0  # height of what a picture shows: a thumbnail is all face


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A picture.

    Attributes:
        image: The picture.
        took_s: How long it took to get.
    """

    image: QImage
    took_s: float


class Portraits(QObject):
    """Draws the head for whoever asks. GUI thread only."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._painter = Painter()
        self._kept: OrderedDict[tuple[bytes, int, Rgb], QImage] = OrderedDict()

    def live(
        self,
        values: Values,
        size: tuple[int, int],
        ground: Rgb,
        deliver: Callable[[Portrait], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Draw a face; a later one that is asked for before this has begun takes its place."""
        order = Order(values, size, ground, _LIVE_MM)
        self._tasks.run_latest("head", partial(_drawn, self._painter, order), deliver, failed)

    def thumbnail(
        self, values: Values, pixels: int, ground: Rgb, deliver: Callable[[QImage], None]
    ) -> None:
        """Draw a small square face, or deliver at once the one that was drawn before."""
        key = (values.tobytes(), pixels, ground)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            deliver(known)
            return

        def keep(portrait: Portrait) -> None:
            self._kept[key] = portrait.image
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            deliver(portrait.image)

        order = Order(values, (pixels, pixels), ground, _SMALL_MM)
        work = partial(_drawn, self._painter, order)
        self._tasks.run("thumbnails", work, keep, self._on_failed)

    def close(self) -> None:
        """End the process that draws; call before the tasks are closed."""
        self._painter.close()

    def _on_failed(self, error: Exception) -> None:
        _LOG.info("a thumbnail cannot be drawn: %s", error)


def _drawn(painter: Painter, order: Order) -> Portrait:
    began_s = time.perf_counter()
    pixels = painter.paint(order)
    width, height = order.size
    image = QImage(pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    return Portrait(image.copy(), time.perf_counter() - began_s)
