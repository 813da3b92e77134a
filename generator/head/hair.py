"""Brows and lashes: thin strokes that ride on the skin. Used by the build; seeded.

A stroke's vertices hang on skin vertices with weights, so every shape that moves the skin moves
the hair with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from generator.head import openings, sculpt
from generator.head.anatomy import Anatomy
from generator.head.layout import Part
from generator.head.parts import Piece
from generator.head.sculpt import EYE_CENTRE, Points, Scalars
from generator.head.skin import Indices

BROW_COLOUR = (0.27, 0.205, 0.165)
_LASH_COLOUR = (0.10, 0.075, 0.065)
BROW_LINE = np.array(
    # x, y of the middle line, half width
    [[9.0, 19.4, 2.6], [12.5, 20.2, 3.4], [18.0, 21.5, 3.6], [26.0, 23.4, 3.3]]  # noqa: RUF005 - two lines of one table
    + [[33.0, 24.4, 2.8], [39.0, 23.6, 2.2], [44.5, 21.0, 1.4], [48.0, 18.4, 0.7]]
)


@dataclass(frozen=True, slots=True)
class Hair:
    """Strokes on the left side.

    Attributes:
        piece: The mesh.
        roots: (n, 3) skin vertices that carry each vertex.
        weights: (n, 3) how much each carries.
    """

    piece: Piece
    roots: Indices
    weights: Scalars


def brow(anatomy: Anatomy, count: int = 150) -> Hair:
    """Return the left brow."""
    rng = np.random.default_rng(11)
    u = (np.arange(count) + rng.uniform(0, 1, count)) / count
    v = rng.uniform(-1, 1, count)
    knots = np.linspace(0, 1, len(BROW_LINE))
    x, y, half = (np.interp(u, knots, BROW_LINE[:, k]) for k in range(3))
    ahead = np.interp(u + 0.02, knots, BROW_LINE[:, 1]) - np.interp(
        u - 0.02, knots, BROW_LINE[:, 1]
    )
    run = np.interp(u + 0.02, knots, BROW_LINE[:, 0]) - np.interp(u - 0.02, knots, BROW_LINE[:, 0])
    line = np.arctan2(ahead, run)
    # At the nose hairs stand up; further out they lie along the brow and converge.
    angle = line + np.clip(0.95 - 2.6 * u, 0, 1) - 0.30 * v * (0.3 + u) + rng.normal(0, 0.10, count)
    length = (7.6 - 2.4 * u) * rng.uniform(0.8, 1.15, count)
    width = (0.50 - 0.14 * u) * rng.uniform(0.8, 1.1, count)
    start = np.stack([x, y + v * half], axis=1)
    start -= 0.35 * length[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    flats, lifts = [], []
    for level, wide in ((0.0, 0.0), (0.4, 1.0), (0.4, -1.0), (1.0, 0.0)):
        bend = angle - 0.25 * level
        along = np.stack([np.cos(bend), np.sin(bend)], axis=1)
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        flats.append(start + along * (length * level)[:, None] + across * (wide * width)[:, None])
        lifts.append(np.full(count, 0.35 + 0.75 * np.sin(np.pi * level * 0.8)))
    flat = np.stack(flats, axis=1).reshape(-1, 2)
    lift = np.stack(lifts, axis=1).ravel()
    on = sculpt.on_skin(flat)
    points = on + sculpt.normals(on) * lift[:, None]
    tone = np.repeat(rng.uniform(0.82, 1.22, count), len(flats))
    colour = np.outer(tone, BROW_COLOUR)
    kite = np.array([[0, 2, 1], [1, 2, 3]])
    triangles = (kite[None] + 4 * np.arange(count)[:, None, None]).reshape(-1, 3)
    piece = Piece(Part.BROW_LEFT, points, triangles, colour, np.full(len(points), 0.85))
    return Hair(piece, *_hang(anatomy, on))


def _hang(anatomy: Anatomy, on: Points) -> tuple[Indices, Scalars]:
    """Return the three skin vertices nearest to each point and barycentric-like weights."""
    outside = np.nonzero(anatomy.skin.outside)[0]
    gap, nearest = cKDTree(anatomy.points[outside]).query(on, k=6)
    weight = np.clip(1.0 - gap / (gap[:, -1:] * 1.02), 0, 1) ** 2 + 1e-9
    return outside[nearest], weight / weight.sum(axis=1, keepdims=True)


def lashes(anatomy: Anatomy, blink: Points) -> tuple[Hair, Points]:
    """Return the left eye's lashes and what EyeBlink does to them beyond their roots.

    Args:
        anatomy: The skin.
        blink: The displacements of EyeBlinkLeft.
    """
    rings = anatomy.skin.eyes[0]
    edge, inner = rings[openings.MARGIN_RING + 1], rings[openings.MARGIN_RING]
    points: list[Points] = []
    triangles: list[list[int]] = []
    roots, weights, turned = [], [], []
    for upper in (True, False):
        columns = range(1, openings.EYE_HALF) if upper else range(openings.EYE_HALF + 3, 46, 1)
        steps = 2 if upper else 1
        for column in columns:
            for step in range(steps):
                share = step / steps
                a, b = edge[column], edge[(column + 1) % len(edge)]
                # On the margin's face, a third of the way from the outer to the inner edge.
                pair = np.array([a, b, inner[column]])
                mix = np.array([(1 - share) * 0.72, share * 0.72, 0.28])
                base = mix @ anatomy.points[pair]
                out = _direction(base, upper=upper)
                shut = _direction(base + mix @ blink[pair], upper=upper, shut=True)
                across = abs(base[0] - EYE_CENTRE[0]) / 13.5
                length = (5.4 if upper else 2.6) * (0.45 + 0.55 * np.sqrt(max(1 - across**2, 0)))
                length *= 1.15 if base[0] > EYE_CENTRE[0] else 0.95
                side = np.array([0.34 if upper else 0.22, 0.0, 0.0])
                first = len(points)
                for level, wide in ((0.0, 1.0), (0.55, 0.7), (1.0, 0.0)):
                    curl = np.array([0, (0.32 if upper else -0.2) * level**2, 0])
                    tip = (out + curl) * length * level
                    bent = (shut + curl * np.array([1, 0.5, 1])) * length * level
                    for sign in (1, -1) if wide else (0,):
                        points.append(base + tip + sign * side * wide)
                        roots.append(pair)
                        weights.append(mix)
                        turned.append(bent - tip)
                corners = [[0, 1, 2], [1, 3, 2], [2, 3, 4]]
                triangles += [[first + k for k in c] for c in corners]
    made = np.array(points)
    colour = np.tile(_LASH_COLOUR, (len(made), 1))
    piece = Piece(Part.LASHES_LEFT, made, np.array(triangles), colour, np.full(len(made), 0.7))
    return Hair(piece, np.array(roots), np.array(weights)), np.array(turned)


def _direction(base: Points, *, upper: bool, shut: bool = False) -> Points:
    outward = base - EYE_CENTRE
    outward /= np.linalg.norm(outward)
    fan = 0.55 * (base[0] - EYE_CENTRE[0]) / 13.5
    if shut and upper:
        return np.asarray(outward * 0.62 + [fan, -0.62, 0.0])
    return np.asarray(outward * 0.72 + [fan, 0.30 if upper else -0.45, 0.0])
