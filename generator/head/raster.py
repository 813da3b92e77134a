"""A small z-buffer renderer in numpy: triangles to pixels, lit softly. Pure, without Qt.

All triangles are turned into candidate pixels at once, the nearest wins, and only the winners are
shaded (deferred), so that a 256 x 256 picture with 2 x 2 samples a pixel takes about 0.1 s.
The coordinate system is the head's: x to the subject's left, y up, z forward, millimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generator.head.png import Image

Floats = NDArray[np.float32]

SAMPLES = 2
"""Samples a pixel along each axis."""

_DEPTH_STEPS = 1 << 24


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the picture is taken from.

    Attributes:
        yaw: Radians that the camera has gone round to the subject's left.
        pitch: Radians that it has gone up.
        distance: Millimetres from `target`.
        height: Millimetres that the picture's height shows at `target`.
        target: The point in the middle of the picture, millimetres.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    distance: float = 900.0
    height: float = 330.0
    target: tuple[float, float, float] = (0.0, -12.0, 10.0)

    def matrix(self) -> Floats:
        """Return the (3, 3) rotation whose rows are right, up and towards the camera."""
        cy, sy = np.cos(self.yaw), np.sin(self.yaw)
        cp, sp = np.cos(self.pitch), np.sin(self.pitch)
        return np.array(
            [[cy, 0.0, -sy], [-sp * sy, cp, -sp * cy], [cp * sy, sp, cp * cy]], dtype=np.float32
        )


@dataclass(frozen=True, slots=True)
class Surface:
    """What is drawn.

    Attributes:
        vertices: (n, 3) millimetres.
        normals: (n, 3) unit.
        albedo: (n, 3) linear colour, 0 to 1.
        occlusion: (n,) ambient light that arrives, 0 to 1.
        gloss: (n,) strength of the highlight, 0 (matt) to 1 (wet).
        triangles: (m, 3) indices, counter-clockwise from outside.
        two_sided: (m,) whether the back is drawn too.
    """

    vertices: Floats
    normals: Floats
    albedo: Floats
    occlusion: Floats
    gloss: Floats
    triangles: NDArray[np.int32]
    two_sided: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Hits:
    """The nearest triangle of each covered sample: flat index, triangle and weights."""

    pixel: NDArray[np.int64]
    triangle: NDArray[np.int64]
    weights: Floats


def draw(
    surface: Surface, camera: Camera, size: tuple[int, int], background: tuple[int, int, int]
) -> Image:
    """Return the picture of a surface.

    Args:
        surface: What is drawn.
        camera: From where.
        size: Width and height in pixels.
        background: sRGB, 0 to 255; the picture is a little lighter in the middle.

    Returns:
        (h, w, 3) uint8, sRGB.
    """
    fine = size[0] * SAMPLES, size[1] * SAMPLES
    hits = _cover(surface, camera, fine)
    linear = _backdrop(background, fine).copy()
    linear[hits.pixel] = _shade(surface, hits, camera.matrix())
    linear = linear.reshape(size[1], SAMPLES, size[0], SAMPLES, 3).mean(axis=(1, 3))
    return _encode(linear)


def pick(surface: Surface, camera: Camera, size: tuple[int, int]) -> NDArray[np.int64]:
    """Return which triangle is seen at each pixel, (h, w); -1 where there is none."""
    hits = _cover(surface, camera, size)
    seen = np.full(size[0] * size[1], -1, dtype=np.int64)
    seen[hits.pixel] = hits.triangle
    return seen.reshape(size[1], size[0])


def _project(
    vertices: Floats, camera: Camera, size: tuple[int, int]
) -> tuple[Floats, Floats, Floats]:
    """Return x and y in samples and the nearness (1 / depth) of vertices."""
    width, height = size
    view = (vertices - np.array(camera.target, dtype=np.float32)) @ camera.matrix().T
    depth = np.maximum(np.float32(camera.distance) - view[:, 2], 1.0)
    scale = np.float32(camera.distance * height / camera.height) / depth
    x = view[:, 0] * scale + np.float32(width / 2 - 0.5)
    y = np.float32(height / 2 - 0.5) - view[:, 1] * scale
    return x, y, 1000.0 / depth


def _cover(surface: Surface, camera: Camera, size: tuple[int, int]) -> _Hits:
    """Return which triangle is nearest at each sample."""
    width, height = size
    x, y, nearness = _project(surface.vertices, camera, size)
    corners = surface.triangles
    ax, ay = x[corners], y[corners]
    area = (ax[:, 1] - ax[:, 0]) * (ay[:, 2] - ay[:, 0]) - (ax[:, 2] - ax[:, 0]) * (
        ay[:, 1] - ay[:, 0]
    )
    low_x = np.maximum(np.ceil(ax.min(axis=1)), 0).astype(np.int32)
    low_y = np.maximum(np.ceil(ay.min(axis=1)), 0).astype(np.int32)
    wide = np.minimum(np.floor(ax.max(axis=1)), width - 1).astype(np.int32) - low_x + 1
    high = np.minimum(np.floor(ay.max(axis=1)), height - 1).astype(np.int32) - low_y + 1
    seen = (wide > 0) & (high > 0) & ((area < -1e-6) | (surface.two_sided & (area > 1e-6)))
    (kept,) = np.nonzero(seen)
    ax, ay, area = ax[kept], ay[kept], area[kept]
    low_x, low_y, wide = low_x[kept], low_y[kept], wide[kept]
    counts = (wide * high[kept]).astype(np.int64)
    owner = np.repeat(np.arange(len(kept), dtype=np.int32), counts)
    local = np.arange(len(owner), dtype=np.int32)
    local -= np.repeat((np.cumsum(counts) - counts).astype(np.int32), counts)
    row = local // wide[owner]
    px = low_x[owner] + local - row * wide[owner]
    py = low_y[owner] + row
    # Barycentric weights are planes over the picture: weight = a * px + b * py + c.
    inverse = 1.0 / area
    planes = np.empty((len(kept), 6), dtype=np.float32)
    dx, dy = px - ax[owner, 0], py - ay[owner, 0]
    planes[:, 0] = (ay[:, 2] - ay[:, 0]) * inverse
    planes[:, 1] = (ax[:, 0] - ax[:, 2]) * inverse
    planes[:, 2] = (ay[:, 0] - ay[:, 1]) * inverse
    planes[:, 3] = (ax[:, 1] - ax[:, 0]) * inverse
    near = nearness[corners[kept]]
    second = planes[owner, 0] * dx + planes[owner, 1] * dy
    third = planes[owner, 2] * dx + planes[owner, 3] * dy
    inside = (second >= 0) & (third >= 0) & (second + third <= 1)
    owner, second, third = owner[inside], second[inside], third[inside]
    pixel = py[inside].astype(np.int64) * width + px[inside]
    z = near[owner, 0] * (1 - second - third) + near[owner, 1] * second + near[owner, 2] * third
    return _nearest(pixel, z, (kept[owner], second, third), width * height)


def _nearest(
    pixel: NDArray[np.int64],
    z: Floats,
    found: tuple[NDArray[np.int64], Floats, Floats],
    count: int,
) -> _Hits:
    """Return the candidates that win their sample."""
    if len(pixel) == 0:
        return _Hits(pixel, pixel, np.zeros((0, 3), dtype=np.float32))
    low, high = float(z.min()), float(z.max())
    steps = (z - low) * ((_DEPTH_STEPS - 1) / max(high - low, 1e-6))
    key = (steps.astype(np.int64) << 32) | np.arange(len(z), dtype=np.int64)
    best = np.full(count, -1, dtype=np.int64)
    np.maximum.at(best, pixel, key)
    (covered,) = np.nonzero(best >= 0)
    winner = best[covered] & 0xFFFFFFFF
    triangle, second, third = (part[winner] for part in found)
    return _Hits(covered, triangle, np.stack([1 - second - third, second, third], axis=1))


def _light(direction: tuple[float, float, float]) -> Floats:
    vector = np.array(direction, dtype=np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


# Directions in camera space (right, up, towards the viewer) and linear colours.
_KEY = _light((-0.55, 0.62, 0.72)), np.array([1.16, 1.08, 0.98], dtype=np.float32)
_FILL = _light((0.85, 0.05, 0.55)), np.array([0.26, 0.30, 0.36], dtype=np.float32)
_RIM = _light((0.75, 0.45, -0.62)), np.array([0.55, 0.62, 0.75], dtype=np.float32)
_SKY = np.array([0.30, 0.32, 0.36], dtype=np.float32)
_GROUND = np.array([0.17, 0.14, 0.13], dtype=np.float32)


def _shade(surface: Surface, hits: _Hits, rotation: Floats) -> Floats:
    """Return the linear colour of each hit."""
    vertex = np.concatenate(
        [
            surface.normals @ rotation.T,
            surface.albedo,
            surface.occlusion[:, None],
            surface.gloss[:, None],
        ],
        axis=1,
    ).astype(np.float32)
    corners = surface.triangles[hits.triangle]
    mixed = vertex[corners[:, 0]] * hits.weights[:, 0:1]
    mixed += vertex[corners[:, 1]] * hits.weights[:, 1:2]
    mixed += vertex[corners[:, 2]] * hits.weights[:, 2:3]
    normal = mixed[:, 0:3]
    normal /= np.sqrt(np.einsum("ij,ij->i", normal, normal) + 1e-12)[:, None]
    normal[(normal[:, 2] < 0) & surface.two_sided[hits.triangle]] *= -1
    occlusion, gloss = mixed[:, 6:7], mixed[:, 7:8]
    direct = 0.35 + 0.65 * occlusion
    up = 0.5 + 0.5 * normal[:, 1:2]
    light = (_GROUND + (_SKY - _GROUND) * up) * occlusion
    facing = normal @ _KEY[0]
    # Light that has wandered under the skin: red reaches past the terminator.
    wrapped = np.stack(
        [np.clip((facing + w) / (1 + w), 0, None) for w in (0.34, 0.20, 0.16)], axis=1
    )
    light += wrapped * _KEY[1] * direct
    light += np.clip(normal @ _FILL[0] * 0.75 + 0.25, 0, None)[:, None] * _FILL[1] * direct
    edge = np.clip(1 - normal[:, 2], 0, 1) ** 2 * np.clip(normal @ _RIM[0], 0, None)
    light += edge[:, None] * _RIM[1] * occlusion
    half = _KEY[0] + np.array([0, 0, 1], dtype=np.float32)
    half /= np.linalg.norm(half)
    shine = np.clip(normal @ half, 0, 1)[:, None]
    lustre = (shine**14) * 0.10 * np.minimum(gloss, 0.35) / 0.35 + shine**90 * gloss * gloss * 1.6
    return np.asarray(mixed[:, 3:6] * light + lustre * direct, dtype=np.float32)


@lru_cache(maxsize=4)
def _backdrop(background: tuple[int, int, int], size: tuple[int, int]) -> Floats:
    """Return the empty picture, (w * h, 3) linear, read-only."""
    base = decode_srgb(np.array([c / 255 for c in background], dtype=np.float32))
    v, u = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j].astype(np.float32)
    glow = np.exp(-1.2 * (u * u + (v + 0.1) ** 2))[..., None]
    picture: Floats = np.asarray(base * (0.75 + 0.75 * glow), dtype=np.float32).reshape(-1, 3)
    picture.flags.writeable = False
    return picture


def decode_srgb(colour: Floats) -> Floats:
    """Return linear light for sRGB values, both 0 to 1 (IEC 61966-2-1)."""
    bent = ((colour + 0.055) / 1.055) ** 2.4
    return np.asarray(np.where(colour <= 0.04045, colour / 12.92, bent), dtype=np.float32)


def _encode(linear: Floats) -> Image:
    """Return 8-bit sRGB; bright light rolls off instead of clipping."""
    rolled = np.where(linear > 0.6, 0.6 + 0.4 * np.tanh((linear - 0.6) / 0.4), linear)
    rolled = np.clip(rolled, 0, 1)
    curve = np.where(
        rolled <= 0.0031308, rolled * 12.92, 1.055 * np.maximum(rolled, 1e-8) ** (1 / 2.4) - 0.055
    )
    return (curve * 255 + 0.5).astype(np.uint8)
