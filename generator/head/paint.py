"""The skin's colours, highlights and soft shadow, per vertex. Used by the build."""

from __future__ import annotations

import numpy as np

from generator.head import hair, openings, sculpt
from generator.head.anatomy import Anatomy
from generator.head.sculpt import Points, Scalars
from generator.head.skin import NOSTRIL

_SKIN = np.array([0.80, 0.625, 0.535])
_LIP = np.array([0.725, 0.475, 0.435])
_MOUTH = np.array([0.42, 0.17, 0.17])
_HAIR = np.array([0.36, 0.29, 0.25])


def paint_skin(anatomy: Anatomy) -> tuple[Points, Scalars, Scalars]:
    """Return per vertex: sRGB colour (n, 3), ambient light that arrives, gloss."""
    p = anatomy.points
    colour = np.tile(_SKIN, (len(p), 1))
    gloss = np.full(len(p), 0.28)

    def mix(other: Points | tuple[float, float, float], amount: Scalars) -> None:
        colour[:] += (np.asarray(other) - colour) * np.clip(amount, 0, 1)[:, None]

    blush = (0.80, 0.52, 0.45)
    mix(blush, 0.42 * anatomy.falloff((40, -32, 70), (26, 24, 36), both=True))
    mix(blush, 0.40 * anatomy.falloff((0, -43, 108), (22, 14, 18)))
    mix(blush, 0.20 * anatomy.falloff((0, -97, 92), (22, 14, 22)))
    mix((0.68, 0.49, 0.44), 0.55 * anatomy.falloff((32, 0, 80), (22, 15, 24), both=True))
    mix(_HAIR, 0.92 * _scalp(p))
    gloss -= 0.2 * _scalp(p)
    mix(hair.BROW_COLOUR, 0.55 * _brow_shade(p))
    _paint_rings(anatomy, colour, gloss)
    shade = sculpt.openness(p, anatomy.normals)
    shade[~anatomy.skin.outside] = 0.55
    for ring, value in enumerate((0.05, 0.10, 0.34, 0.52, 0.55, 0.42, 0.25)):
        index, _, _ = anatomy.lip_ring(ring)
        shade[index] = value
    for ring in range(openings.SEAM_RING, openings.BORDER_RING):
        index, across, _ = anatomy.lip_ring(ring)
        shade[index] *= 1.0 - 0.75 * np.abs(across) ** 24
    dark = np.clip(-sculpt.head(p) / 1.3, 0.0, 1.0)
    dark *= anatomy.ball((6.6, -47, 102), (9, 12, 12), both=True)
    corners = anatomy.skin.triangles
    rim = np.zeros(len(p))
    np.maximum.at(rim, corners, np.repeat(dark[corners].max(axis=1)[:, None], 3, axis=1))
    behind = np.clip((NOSTRIL[2] - p[:, 2]) / 2.0, 0.0, 1.0)
    dark = np.maximum(dark, rim * (0.10 + 0.22 * behind))
    shade *= 1.0 - 0.96 * dark
    colour *= (1.0 - 0.75 * dark)[:, None]
    gloss *= 1.0 - dark
    return np.clip(colour, 0, 1), shade, gloss


def _paint_rings(anatomy: Anatomy, colour: Points, gloss: Scalars) -> None:
    for ring in range(openings.SEAM_RING, openings.BORDER_RING + 2):
        index, across, _ = anatomy.lip_ring(ring)
        red = {openings.BORDER_RING: 0.75, openings.BORDER_RING + 1: 0.16}.get(ring, 0.95)
        least = 0.6 if ring == openings.SEAM_RING else 0.25
        share = red * np.clip((1.04 - np.abs(across)) / 0.12, least, 1)
        colour[index] += (_LIP - colour[index]) * share[:, None]
        gloss[index] = 0.28 + 0.14 * share
    for ring in range(openings.SEAM_RING):
        index, _, _ = anatomy.lip_ring(ring)
        colour[index] = _LIP * 0.86 if ring > 2 else _LIP * 0.66 if ring == 2 else _MOUTH
        gloss[index] = 0.08
    for ring, tint in ((0, 0.55), (1, 0.50), (2, 0.60)):
        rows = anatomy.skin.eyes[:, ring]
        colour[rows] = np.array([0.62, 0.40, 0.36]) * (0.75 if ring == 1 else 1.0)
        upper = rows[:, : openings.EYE_HALF + 1]
        across = -np.cos(np.pi * np.arange(openings.EYE_HALF + 1) / openings.EYE_HALF)
        colour[upper] *= (tint + (1 - tint) * np.abs(across) ** 8)[:, None]


def _scalp(p: Points) -> Scalars:
    """Return where the hair is cropped short, 0 to 1."""
    angle = np.degrees(np.arctan2(np.abs(p[:, 0]), p[:, 2] + 5))
    line = np.interp(
        angle,
        [0, 20, 38, 50, 62, 74, 84, 92, 104, 112, 125, 180],
        [68, 70, 66, 54, 40, 16, -12, -12, 8, -30, -62, -72],
    )
    t = np.clip((p[:, 1] - line) / 17.0 + 0.5, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _brow_shade(p: Points) -> Scalars:
    x = np.abs(p[:, 0])
    middle = np.interp(x, hair.BROW_LINE[:, 0], hair.BROW_LINE[:, 1])
    half = np.interp(x, hair.BROW_LINE[:, 0], hair.BROW_LINE[:, 2], left=0.0, right=0.0)
    away = np.abs(p[:, 1] - middle) / np.maximum(half + 0.8, 0.1)
    return np.asarray(np.clip(1.15 - away, 0, 1) * (half > 0) * (p[:, 2] > 30))
