"""What is not skin: eyeballs, teeth, gums, tongue and ears. Pure numpy; used by the build.

Every part is a `Piece`; the left one of a pair is made and mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.head.layout import Part
from generator.head.sculpt import (
    EYE_CENTRE,
    EYE_RADIUS,
    MOUTH_Y,
    Points,
    Scalars,
    head,
    normals,
    on_side,
)
from generator.head.surface import Triangles


@dataclass(frozen=True, slots=True)
class Piece:
    """A mesh of its own.

    Attributes:
        part: What it is.
        points: (n, 3).
        triangles: (m, 3).
        colour: (n, 3) sRGB.
        shade: (n,) ambient light that arrives, 0 to 1.
        jaw: Whether it moves with the jaw.
    """

    part: Part
    points: Points
    triangles: Triangles
    colour: Points
    shade: Scalars
    jaw: bool = False

    def mirrored(self, part: Part | None = None) -> Piece:
        """Return the same piece on the other side."""
        points = self.points * [-1, 1, 1]
        triangles = self.triangles[:, ::-1]
        return Piece(part or self.part, points, triangles, self.colour, self.shade, self.jaw)


def grid(rows: int, columns: int, *, closed: bool) -> Triangles:
    """Return the triangles of a grid of points, row-major."""
    index = np.arange(rows * columns).reshape(rows, columns)
    if closed:
        index = np.concatenate([index, index[:, :1]], axis=1)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[:-1, 1:], index[1:, 1:]
    one, two = np.stack([a, b, d], axis=-1), np.stack([a, d, c], axis=-1)
    return np.concatenate([one.reshape(-1, 3), two.reshape(-1, 3)])


# Degrees from the optical axis and sRGB colour; equal angles make a sharp edge.
_EYE_RINGS = (
    (0.01, (0.015, 0.014, 0.016)),
    (5.0, (0.015, 0.014, 0.016)),
    (9.3, (0.02, 0.02, 0.022)),
    (9.9, (0.30, 0.24, 0.15)),
    (13.0, (0.42, 0.42, 0.33)),
    (17.0, (0.37, 0.47, 0.46)),
    (20.5, (0.29, 0.40, 0.42)),
    (23.2, (0.13, 0.19, 0.22)),
    (24.6, (0.10, 0.13, 0.15)),
    (26.2, (0.78, 0.77, 0.76)),
    (31.0, (0.88, 0.865, 0.85)),
    (40.0, (0.885, 0.865, 0.845)),
    (52.0, (0.88, 0.85, 0.82)),
    (66.0, (0.86, 0.77, 0.73)),
    (82.0, (0.80, 0.62, 0.57)),
    (105.0, (0.70, 0.50, 0.45)),
)
EYE_SEGMENTS = 32
IRIS_RINGS = (3, 9)
"""First ring of the iris and first ring of the white."""


def eyeball() -> Piece:
    """Return the left eyeball, looking ahead."""
    angle = np.radians([ring[0] for ring in _EYE_RINGS])
    turn = 2 * np.pi * np.arange(EYE_SEGMENTS) / EYE_SEGMENTS
    sine, cosine = np.sin(angle)[:, None], np.cos(angle)[:, None]
    one = np.ones_like(turn)
    points = EYE_RADIUS * np.stack(
        [sine * np.cos(turn), sine * np.sin(turn), cosine * one], axis=-1
    )
    colour = np.repeat(np.array([ring[1] for ring in _EYE_RINGS])[:, None], len(turn), axis=1)
    streaks = 1 + 0.16 * np.sin(turn * 13) * np.sin(turn * 7 + 1) + 0.06 * np.sin(turn * 20)
    colour[IRIS_RINGS[0] : IRIS_RINGS[1] - 1] *= streaks[None, :, None]
    flat = points.reshape(-1, 3) + EYE_CENTRE
    triangles = grid(len(angle), EYE_SEGMENTS, closed=True)
    count = len(flat)
    return Piece(Part.EYE_LEFT, flat, triangles, colour.reshape(-1, 3), np.ones(count))


# Widths and heights from the middle outwards, millimetres.
_UPPER = ((8.5, 10.0), (6.7, 8.9), (7.6, 9.7), (7.0, 8.2), (6.8, 7.6), (9.8, 7.0), (9.0, 6.5))
_LOWER = ((5.3, 8.6), (5.9, 8.8), (6.8, 9.4), (7.0, 8.2), (7.1, 7.6), (10.5, 7.0), (9.5, 6.5))
_UPPER_ARCH = (28.0, 38.0, 95.0)
_LOWER_ARCH = (26.0, 36.0, 92.3)
_BITE_Y = MOUTH_Y - 1.8
_SQUARE = 2 / 2.6
"""How square the dental arch is: 1 an ellipse, less is squarer."""


def _arch(length: Scalars, shape: tuple[float, float, float]) -> tuple[Points, Points]:
    """Return points (n, 2: x, z) and outward normals at lengths along a dental arch."""
    across, deep, front = shape
    turn = np.linspace(0, np.pi / 2, 600)
    x, drop = across * np.sin(turn) ** _SQUARE, deep * (1 - np.cos(turn) ** _SQUARE)
    run = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(drop)))])
    sign = np.where(length < 0, -1.0, 1.0)
    length = np.minimum(np.abs(length), run[-1] - 0.5)

    def at(where: Scalars) -> Points:
        return np.stack([np.interp(where, run, x), front - np.interp(where, run, drop)], axis=1)

    here = at(length)
    along = at(length + 0.4) - at(np.maximum(length - 0.4, 0))
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    flip = np.stack([sign, np.ones_like(sign)], axis=1)
    return here * flip, normal * flip


def teeth(*, upper: bool) -> list[Piece]:
    """Return one row of teeth: the left half and its mirror image."""
    sizes = _UPPER if upper else _LOWER
    shape = _UPPER_ARCH if upper else _LOWER_ARCH
    part = Part.TEETH_UPPER if upper else Part.TEETH_LOWER
    made, start = [], 0.0
    for index, (width, height) in enumerate(sizes):
        made.append(_tooth(start, width, height, shape, (upper, index, part)))
        start += width
    return made + [tooth.mirrored() for tooth in made]


def _tooth(
    start: float,
    width: float,
    height: float,
    shape: tuple[float, float, float],
    kind: tuple[bool, int, Part],
) -> Piece:
    upper, index, part = kind
    across, upwards = np.meshgrid([-1, -0.93, -0.4, 0.4, 0.93, 1], [0, 0.04, 0.14, 0.5, 0.85, 1.0])
    s, t = across.ravel(), upwards.ravel()  # t: 0 the biting edge, 1 the neck
    round_edge = np.where(t < 0.1, 0.86 - 0.04 * (index == 2), 1.0)
    narrow = (1.0 - 0.16 * t**2) * round_edge
    place, normal = _arch(start + width / 2 * (1 + s * narrow * 0.985), shape)
    bulge = 0.9 * (1 - s**4) * np.sin(np.pi * (0.12 + 0.6 * t)) - 1.2 * (np.abs(s) > 0.97)
    bulge -= 1.7 * (t < 0.02) + (0.35 * t)
    flat = place + normal * bulge[:, None]
    cusp = 0.7 * (1 - np.abs(s)) if index == 2 else 0.35 * np.abs(s) * (index in (0, 1))
    shorter = 0.8 if index == 1 and upper else 0.0
    rise = t * (height - shorter) + shorter - cusp * (t < 0.2) + 0.5 * (index == 2) * (t < 0.2)
    y = _BITE_Y + rise if upper else _BITE_Y + 1.5 - rise
    points = np.column_stack([flat[:, 0], y, flat[:, 1]])
    triangles = grid(6, 6, closed=False)
    if upper:
        triangles = triangles[:, ::-1]
    colour = np.array([0.90, 0.875, 0.82]) - np.outer(t, [0.02, 0.045, 0.09])
    colour *= (1 - 0.05 * max(index - 2, 0)) * (1 - 0.22 * (np.abs(s) > 0.97))[:, None]
    shade = np.clip(0.95 - 0.13 * index - 0.25 * t, 0.15, 1) * (1 - 0.35 * (np.abs(s) > 0.97))
    return Piece(part, points, triangles, colour, shade, jaw=not upper)


def gums(*, upper: bool) -> Piece:
    """Return the gum of one row."""
    shape = _UPPER_ARCH if upper else _LOWER_ARCH
    sizes = np.array(_UPPER if upper else _LOWER)
    u = np.linspace(-50, 50, 61)
    middles = np.cumsum(sizes[:, 0]) - sizes[:, 0] / 2
    neck = np.interp(np.abs(u), middles, sizes[:, 1])
    nearest = np.abs(np.abs(u)[:, None] - middles).min(axis=1)
    neck = neck - 1.3 - 1.6 * np.clip(nearest / 4.0, 0, 1) ** 2
    place, normal = _arch(u, shape)
    rows = []
    for rise, out in ((-0.6, -1.8), (0.0, 0.35), (1.6, 0.75), (5.0, 0.3), (9.0, -2.0)):
        flat = place + normal * out
        y = _BITE_Y + neck + rise if upper else _BITE_Y + 1.5 - neck - rise
        rows.append(np.column_stack([flat[:, 0], y, flat[:, 1]]))
    points = np.concatenate(rows)
    triangles = grid(5, len(u), closed=False)
    if not upper:
        triangles = triangles[:, ::-1]
    depth = np.tile(np.clip(0.85 - np.abs(u) / 55, 0.15, 1), 5)
    colour = np.tile([0.66, 0.36, 0.35], (len(points), 1))
    return Piece(Part.GUMS, points, triangles, colour, depth * 0.8, jaw=not upper)


TONGUE_RINGS, TONGUE_SEGMENTS = 16, 18


def tongue() -> Piece:
    """Return the tongue at rest, its tip behind the lower teeth."""
    along = np.linspace(0, 1, TONGUE_RINGS)
    turn = 2 * np.pi * np.arange(TONGUE_SEGMENTS) / TONGUE_SEGMENTS
    tip = np.sqrt(np.clip(1 - np.clip((along - 0.62) / 0.38, 0, 1) ** 2.2, 0, 1))
    wide, high = 17.5 * tip * (0.86 + 0.14 * np.sin(along * 3)), 6.5 * tip**0.8
    z, y = 42 + 46 * along, MOUTH_Y - 10.5 + 3.5 * np.sin(along * 2.6) - 1.0 * along
    cosine, sine = np.cos(turn), np.sin(turn)
    groove = 1.3 * np.exp(-((cosine / 0.28) ** 2)) * (sine > 0)
    x3 = wide[:, None] * cosine
    y3 = y[:, None] + high[:, None] * (np.sign(sine) * np.abs(sine) ** 0.8)
    y3 -= groove * tip[:, None] ** 2
    z3 = np.broadcast_to(z[:, None], x3.shape)
    points = np.stack([x3, y3, z3], axis=-1).reshape(-1, 3)
    triangles = grid(TONGUE_RINGS, TONGUE_SEGMENTS, closed=True)[:, ::-1]
    colour = np.tile([0.74, 0.40, 0.40], (len(points), 1))
    shade = np.repeat(0.30 + 0.5 * along**1.5, TONGUE_SEGMENTS)
    return Piece(Part.TONGUE, points, triangles, colour, shade, jaw=True)


# Degrees (0 forward, 90 up, 180 back) and the ear's outline in millimetres from the ear hole.
_EAR_OUTLINE = np.array(
    [[0, 13], [30, 19], [60, 28], [90, 33], [120, 32.5], [150, 28.5], [180, 24.5], [210, 23]]  # noqa: RUF005 - two lines of one table
    + [[240, 25], [265, 28], [285, 27], [305, 21.5], [330, 15.5], [360, 13]],
    dtype=np.float64,
)
_EAR_SEGMENTS = 36
_EAR_RINGS = np.array([0.0, 0.16, 0.30, 0.42, 0.50, 0.57, 0.64, 0.71, 0.78, 0.84, 0.90, 0.95, 1.0])


def _above_skin(p: Points) -> Points:
    """Return the points moved out of the head where they lie inside, to just above the skin."""
    p = p.copy()
    for _ in range(12):
        p += normals(p) * np.maximum(0.35 - head(p), 0.0)[:, None]
    return p


def _bump(x: Scalars, centre: float, width: float) -> Scalars:
    return np.asarray(np.exp(-(((x - centre) / width) ** 2)))


def _turn_bump(phi: Scalars, centre: float, width: float) -> Scalars:
    away = (phi - centre + 180) % 360 - 180
    return np.asarray(np.exp(-((away / width) ** 2)))


def ear() -> Piece:
    """Return the left ear: a front sheet with its relief, and a plain back."""
    phi = 360.0 * np.arange(_EAR_SEGMENTS) / _EAR_SEGMENTS
    reach = np.interp(phi, _EAR_OUTLINE[:, 0], _EAR_OUTLINE[:, 1])
    reach = (reach + np.roll(reach, 1) + np.roll(reach, -1)) / 3
    part, turn = np.meshgrid(_EAR_RINGS, phi, indexing="ij")
    helix = np.clip(1 - _turn_bump(turn, 285, 45) - 1.0 * _turn_bump(turn, 345, 38), 0, 1)
    lobe = _turn_bump(turn, 275, 32)
    front = np.clip(_turn_bump(turn, 350, 40), 0, 1)
    height = -8.0 * (1 - front * 0.4) * np.clip(1 - (part / 0.50) ** 3, 0, 1)
    height += 2.4 * _bump(part, 0.60, 0.09) * helix
    height -= 1.4 * _bump(part, 0.80, 0.08) * helix
    height += 3.4 * _bump(part, 0.95, 0.07) * helix
    height += 2.2 * _bump(part, 0.62, 0.30) * lobe - 4.0 * part**6 * lobe
    height += 5.0 * _turn_bump(turn, 352, 20) * _bump(part, 0.62, 0.18)  # tragus
    height += 3.0 * _turn_bump(turn, 300, 14) * _bump(part, 0.62, 0.12)  # antitragus
    height += 1.2 * _turn_bump(turn, 30, 20) * _bump(part, 0.36, 0.2)  # root of the helix
    height -= 4.5 * part**4 * np.clip(front + 0.8 * _turn_bump(turn, 20, 28), 0, 1)
    radius = reach * part
    back = [(1.005, -3.2), (0.93, -5.5), (0.72, -8.5), (0.40, -14.0)]
    radius = np.concatenate([radius, *[reach[None] * k for k, _ in back]])
    edge = height[-1:] * 0.5
    height = np.concatenate([height, *[edge * (k > 0.9) + h for k, h in back]])
    turn = np.radians(np.broadcast_to(phi, radius.shape))
    a, b = -radius * np.cos(turn), radius * np.sin(turn)  # a backwards, b upwards
    tilt, flare = np.radians(14), np.radians(27)
    a, b = a * np.cos(tilt) + b * np.sin(tilt), b * np.cos(tilt) - a * np.sin(tilt)
    backwards = np.array([np.sin(flare), 0, -np.cos(flare)])
    outwards = np.array([np.cos(flare), 0.05, np.sin(flare)])
    centre = np.array([on_side(-19.0, -8.0) + 1.5, -19.0, -8.0])
    flat = np.where(a < 0, a, 0.0)[..., None] * [0.8 * np.sin(flare), 0, 0]
    points = centre + a[..., None] * backwards + b[..., None] * [0, 1, 0] - flat
    points = (points + height[..., None] * outwards).reshape(-1, 3)
    sheet = len(_EAR_RINGS) * _EAR_SEGMENTS
    points[:sheet] = _above_skin(points[:sheet])
    hollow = np.clip(1 + (height - 1) / 11, 0.25, 1).ravel()
    rings = len(radius)
    triangles = grid(rings, _EAR_SEGMENTS, closed=True)[:, ::-1]
    colour = np.tile([0.80, 0.625, 0.535], (len(points), 1))
    colour[:, 1:] -= 0.055 * np.clip(head(points) / 6, 0, 1)[:, None]
    return Piece(Part.EAR_LEFT, points, triangles, colour, hollow)
