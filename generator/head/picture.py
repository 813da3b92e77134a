"""Pictures of the head: `render(values)` from one of the preset views. Pure, numpy only."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.head.model import Head, shipped
from generator.head.png import Image
from generator.head.raster import Camera, Surface, draw, pick

View = Literal["front", "three-quarter", "left", "right"]

BACKGROUND = (43, 46, 54)
"""sRGB of the pictures' ground, made for dark windows."""

CAMERAS: dict[str, Camera] = {
    "front": Camera(),
    "three-quarter": Camera(yaw=float(np.radians(38.0))),
    "left": Camera(yaw=float(np.radians(90.0))),
    "right": Camera(yaw=float(np.radians(-90.0))),
}
"""The preset views; "left" shows the subject's left side."""


def render(
    values: ArrayLike,
    size: tuple[int, int] = (256, 256),
    view: View | Camera = "front",
    background: tuple[int, int, int] = BACKGROUND,
    head: Head | None = None,
) -> Image:
    """Return a picture of the head with channel values.

    Args:
        values: (61,) in wire order.
        size: Width and height in pixels.
        view: A preset view, or a camera.
        background: sRGB, 0 to 255.
        head: Another head than the shipped one.

    Returns:
        (h, w, 3) uint8, sRGB.

    Raises:
        ValueError: Not 61 finite values, or an unknown view.
    """
    return draw(*_scene(values, view, head), size, background)


def visible_parts(
    values: ArrayLike,
    size: tuple[int, int] = (256, 256),
    view: View | Camera = "front",
    head: Head | None = None,
) -> NDArray[np.int64]:
    """Return which `Part` is seen at each pixel, (h, w); -1 is background.

    Raises:
        ValueError: Not 61 finite values, or an unknown view.
    """
    head = head or shipped()
    triangle = pick(*_scene(values, view, head), size)
    return np.where(triangle >= 0, head.parts[triangle].astype(np.int64), -1)


def _scene(values: ArrayLike, view: View | Camera, head: Head | None) -> tuple[Surface, Camera]:
    if isinstance(view, str):
        if view not in CAMERAS:
            raise ValueError(f"unknown view {view!r}; there are {', '.join(CAMERAS)}")
        view = CAMERAS[view]
    head = head or shipped()
    posed = head.posed(values)
    surface = Surface(
        posed.vertices,
        posed.normals,
        head.albedo,
        posed.occlusion,
        head.gloss,
        head.triangles,
        head.two_sided,
    )
    return surface, view
