"""The whole skin: fill and patches welded, detailed, mirrored. Used by the build."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.head import openings, sculpt, surface
from generator.head.sculpt import Points
from generator.head.surface import Triangles

Indices = NDArray[np.int64]

NOSTRIL = np.array([6.5, -50.5, 104.2])
"""The middle of the left nostril's mouth."""


@dataclass(frozen=True, slots=True)
class Skin:
    """The skin with its inner mouth.

    Attributes:
        points: (n, 3); the left half (x >= 0) first.
        triangles: (m, 3).
        twin: (n,) each vertex's mirror image; its own index on the midline.
        eyes: (2, rings, columns) the vertices of the left and the right eye's patch.
        mouth: (rings, columns) the vertices of the left half of the mouth's patch.
        outside: (n,) whether the vertex is skin or lip, not inner mouth or tucked lid.
    """

    points: Points
    triangles: Triangles
    twin: Indices
    eyes: Indices
    mouth: Indices
    outside: NDArray[np.bool_]


def skin() -> Skin:
    """Return the skin of the head."""
    eye, mouth = openings.eye_patch(), openings.mouth_patch()
    filled, triangles = surface.fill(surface.trace(), [eye.points[-1], mouth.points[-1]])
    half, parts = [filled], [triangles]
    columns = openings.EYE_COLUMNS
    index_eye = _number(eye, len(filled), 0)
    index_mouth = _number(mouth, len(filled) + index_eye[:-1].size, columns)
    half += [eye.points[:-1].reshape(-1, 3), mouth.points[:-1].reshape(-1, 3)]
    parts += [index_eye.ravel()[eye.triangles()], index_mouth.ravel()[mouth.triangles()]]
    points = np.concatenate(half)
    points[: len(filled)] = _nostrils(filled)
    triangles = np.concatenate(parts)
    centre = np.abs(points[:, 0]) < 1e-6
    points[centre, 0] = 0.0
    twin = np.arange(len(points))
    twin[~centre] = len(points) + np.arange((~centre).sum())
    everything = np.concatenate([points, points[~centre] * [-1, 1, 1]])
    both = np.concatenate([twin, np.nonzero(~centre)[0]])
    outside = np.ones(len(everything), dtype=bool)
    outside[index_eye[: openings.MARGIN_RING]] = False
    outside[index_mouth[: openings.SEAM_RING]] = False
    outside[both[~outside]] = False
    return Skin(
        everything,
        np.concatenate([triangles, both[triangles][:, ::-1]]),
        both,
        np.stack([index_eye, both[index_eye]]),
        index_mouth,
        outside,
    )


def _number(patch: openings.Patch, first: int, ring: int) -> Indices:
    """Return the vertices of a patch whose outermost ring is shared with the fill."""
    rings, columns, _ = patch.points.shape
    inner = first + np.arange((rings - 1) * columns).reshape(rings - 1, columns)
    return np.concatenate([inner, ring + np.arange(columns)[None]])


def _nostrils(p: Points) -> Points:
    """Return the points with the nostrils pressed into the nose's underside."""
    inward = np.array([0.05, 0.90, -0.42])
    inward /= np.linalg.norm(inward)
    lengthwise = np.array([-0.30, 0.0, 0.95])
    lengthwise -= inward * (lengthwise @ inward)
    lengthwise /= np.linalg.norm(lengthwise)
    crosswise = np.cross(inward, lengthwise)
    q = p - NOSTRIL
    away = np.hypot(q @ lengthwise / 5.0, q @ crosswise / 3.5)
    away[np.abs(q @ inward) > 7.5] = 99.0
    dent = np.clip(1.0 - away**2, 0.0, 1.0) ** 0.7
    facing = np.clip((-sculpt.normals(p)[:, 1] - 0.42) / 0.3, 0.0, 1.0)
    return np.asarray(p + inward * (6.5 * dent * facing)[:, None])
