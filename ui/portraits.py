"""Portraits: pictures of the head, drawn by numpy in threads, delivered in the GUI thread.

The live head asks for the newest face and gets what the computer manages; thumbnails are drawn one
after the other and kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QImage

from livelink.frame import Values
from ui.tasks import Tasks

_KEPT = 512  # thumbnails
_LIVE_MM, _SMALL_MM = 300.0, 250.0  # height of what a picture shows: a thumbnail is all face
_MIDDLE = (0.0, -4.0, 10.0)  # millimetres; a little above the tip of the nose

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A picture.

    Attributes:
        image: The picture.
        took_s: How long drawing took.
    """

    image: QImage
    took_s: float


class Portraits(QObject):
    """Draws the head for whoever asks. GUI thread only."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
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
        self._tasks.run_latest(
            "head", partial(_draw, values, size, ground, _LIVE_MM), deliver, failed
        )

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

        self._tasks.run(
            "thumbnails", partial(_draw, values, (pixels, pixels), ground, _SMALL_MM), keep
        )


def _draw(values: Values, size: tuple[int, int], ground: Rgb, height_mm: float) -> Portrait:
    from generator.head import Camera, render

    began_s = time.perf_counter()
    pixels = render(values, size, Camera(height=height_mm, target=_MIDDLE), ground)
    height, width, _ = pixels.shape
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return Portrait(image.copy(), time.perf_counter() - began_s)
