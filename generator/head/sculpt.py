"""The head as a solid: a signed distance field of a few dozen soft primitives. Pure numpy.

The form is ours, from the usual measures of adult heads (eyes at half height, 63 mm between the
pupils, 226 mm from crown to chin). Coordinates: x to the subject's left, y up, z forward,
millimetres; y = 0 is the height of the pupils, z = 0 lies near the ear holes. The field is the
same left and right because it is written in |x|.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Scalars = NDArray[np.float64]
Triple = tuple[float, float, float]

EYE_CENTRE = (31.5, 0.0, 71.5)
EYE_RADIUS = 14.5
LID_RADIUS = 15.7
MOUTH_Y = -69.0
MOUTH_HALF_WIDTH = 25.5
BUST_Y = -205.0


def ellipsoid(p: Points, centre: Triple, radii: Triple) -> Scalars:
    """Return the approximate distance to an ellipsoid along the axes."""
    q = p - np.array(centre)
    k0 = np.sqrt(((q / radii) ** 2).sum(axis=1))
    k1 = np.sqrt(((q / np.square(radii)) ** 2).sum(axis=1)) + 1e-12
    return np.asarray(k0 * (k0 - 1.0) / k1)


def cone(p: Points, a: Triple, b: Triple, radius_a: float, radius_b: float) -> Scalars:
    """Return the approximate distance to a rod with round ends of two radii."""
    start, along = np.array(a), np.array(b) - np.array(a)
    t = np.clip((p - start) @ along / (along @ along), 0.0, 1.0)
    gap = p - start - t[:, None] * along
    return np.asarray(np.sqrt((gap**2).sum(axis=1)) - (radius_a + (radius_b - radius_a) * t))


def join(a: Scalars, b: Scalars, k: float) -> Scalars:
    """Return the union of two fields, melted together over about k millimetres."""
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    return np.asarray(np.minimum(a, b) - h * h * k * 0.25)


def carve(a: Scalars, b: Scalars, k: float) -> Scalars:
    """Return field a without b, with a rim rounded over about k millimetres."""
    return -join(-a, b, k)


def head(p: Points) -> Scalars:
    """Return the signed distance of points (n, 3) to the skin, negative inside, without ears."""
    p = np.asarray(p, dtype=np.float64)
    q = p.copy()
    q[:, 0] = np.sqrt(p[:, 0] ** 2 + 0.8**2)
    d = _skull(p, q)
    d = _face(p, q, d)
    d = _nose(p, q, d)
    d = _sockets(q, d)
    return join(d, _neck(p, q), 14.0)


def _skull(p: Points, q: Points) -> Scalars:
    d = ellipsoid(p, (0, 38, -20), (75, 76, 77))
    d = join(d, ellipsoid(p, (0, 46, 34), (61, 57, 62)), 30)
    d = join(d, ellipsoid(q, (26, 20, -45), (44, 48, 46)), 25)
    d = join(d, ellipsoid(q, (34, 8, 30), (31, 42, 42)), 25)  # temple
    return join(d, ellipsoid(p, (0, -12, -25), (58, 60, 58)), 30)


def _face(p: Points, q: Points, d: Scalars) -> Scalars:
    d = join(d, ellipsoid(p, (0, -34, 38), (50, 62, 50)), 26)
    d = join(d, cone(q, (42, -21, 65), (60, -16, 30), 11.0, 8.0), 30)  # cheekbone
    d = join(d, ellipsoid(q, (28, -46, 63), (23, 27, 21)), 28)  # cheek
    d = join(d, cone(q, (49, -20, 8), (38, -68, 16), 10, 9), 28)  # ramus
    d = join(d, cone(q, (38, -68, 16), (14, -99, 80), 9, 12), 28)  # jaw line
    d = join(d, ellipsoid(q, (33, -48, 38), (17, 28, 28)), 24)  # masseter
    d = join(d, ellipsoid(p, (0, -99, 85), (17, 14.5, 13.5)), 20)  # chin
    d = join(d, ellipsoid(p, (0, -68, 71), (33, 30, 32)), 22)  # muzzle
    return join(d, cone(q, (12, 16, 84), (38, 19, 72), 7.0, 6.0), 22)  # brow ridge


def _nose(p: Points, q: Points, d: Scalars) -> Scalars:
    d = join(d, cone(p, (0, 9, 84), (0, -36, 105), 5.2, 7.8), 16)
    d = join(d, ellipsoid(p, (0, -40, 110.0), (8.4, 7.8, 8.6)), 8)
    d = join(d, ellipsoid(q, (11.0, -45.0, 99.5), (5.8, 6.6, 8.6)), 7.5)
    d = join(d, cone(p, (0, -46, 108.5), (0, -51.5, 97), 3.6, 4.6), 6)
    groove = cone(p, (0, -55.5, 108.0), (0, -62, 106.5), 2.6, 3.4)
    return carve(d, groove, 6)


def _sockets(q: Points, d: Scalars) -> Scalars:
    d = carve(d, ellipsoid(q, (33, -1, 95), (19, 12.5, 14)), 18)
    lids = np.sqrt(((q - np.array(EYE_CENTRE)) ** 2).sum(axis=1)) - LID_RADIUS
    return join(d, lids, 8.5)


def _neck(p: Points, q: Points) -> Scalars:
    d = cone(p, (0, -60, -22), (0, -215, -30), 44, 47)
    d = join(d, cone(q, (56, -28, -14), (12, -196, 16), 7, 7), 28)
    d = join(d, ellipsoid(p, (0, -136, 20), (9, 14, 8)), 26)
    d = join(d, cone(q, (18, -138, -45), (95, -208, -38), 26, 26), 40)
    return join(d, ellipsoid(p, (0, -250, -25), (150, 62, 55)), 40)


def gradient(p: Points, step: float = 0.05) -> Points:
    """Return the field's gradient at points (n, 3), central differences."""
    result = np.empty_like(p, dtype=np.float64)
    for axis in range(3):
        shift = np.zeros(3)
        shift[axis] = step
        result[:, axis] = (head(p + shift) - head(p - shift)) / (2 * step)
    return result


def project(p: Points, steps: int = 6) -> Points:
    """Return the points moved along the gradient on to the skin."""
    p = np.array(p, dtype=np.float64)
    for _ in range(steps):
        slope = gradient(p)
        p -= slope * (head(p) / np.maximum((slope**2).sum(axis=1), 0.05))[:, None]
    return p


def normals(p: Points) -> Points:
    """Return the skin's outward unit normals."""
    slope = gradient(p)
    return np.asarray(slope / np.linalg.norm(slope, axis=1, keepdims=True))


def openness(p: Points, n: Points, reach: float = 42.0) -> Scalars:
    """Return how much ambient light arrives at points with normals n, 0 to 1."""
    shut = np.zeros(len(p))
    weight = 0.0
    for distance in (2.0, 4.5, 9.0, 18.0, reach):
        shut += np.maximum(distance - head(p + n * distance), 0.0) / distance
        weight += 1.0
    return np.asarray(np.clip(1.0 - 1.15 * shut / weight, 0.0, 1.0))


def on_side(y: float, z: float) -> float:
    """Return the x of the head's left side at a height and depth, millimetres."""
    p = np.array([[110.0, y, z]])
    for _ in range(80):
        p[0, 0] -= 0.8 * float(head(p)[0])
    return float(p[0, 0])


def on_skin(flat: Points) -> Points:
    """Return the points of the face's front with the given x and y, (n, 3)."""
    p = np.column_stack([flat, np.full(len(flat), 100.0)])
    for _ in range(60):
        p[:, 2] -= 0.8 * head(p)
    for _ in range(4):
        ahead = p + np.array([0, 0, 0.05])
        slope = np.maximum((head(ahead) - head(p)) / 0.05, 0.15)
        p[:, 2] -= head(p) / slope
    return p
