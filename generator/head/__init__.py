"""The head that performs: our own geometry, built by a script, posed and drawn without Qt.

`Head.pose` turns 61 values into vertices, `render` into a picture. `build` and what it imports
(scipy, about half a minute) make assets/head once; nothing of that is needed to draw.
"""

from __future__ import annotations

from generator.head.layout import Part
from generator.head.model import Head, Posed, load, shipped
from generator.head.picture import CAMERAS, View, render, visible_parts
from generator.head.png import Image, write_png
from generator.head.raster import Camera

__all__ = [
    "CAMERAS",
    "Camera",
    "Head",
    "Image",
    "Part",
    "Posed",
    "View",
    "load",
    "render",
    "shipped",
    "visible_parts",
    "write_png",
]
