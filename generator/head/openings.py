"""The patches round the eyes and the mouth: rings of vertices from inside outwards. Pure numpy.

Rings and columns are what lids and lips move by, so their layout is explicit: an eye has
`EYE_COLUMNS` columns, counted from the inner corner over the upper lid to the outer corner and
back along the lower lid; half a mouth counts from the upper lip's middle to the corner to the lower
lip's middle. Used by the build.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.head.sculpt import (
    EYE_CENTRE,
    EYE_RADIUS,
    MOUTH_HALF_WIDTH,
    MOUTH_Y,
    Points,
    Scalars,
    on_skin,
)

EYE_COLUMNS = 48
EYE_HALF = EYE_COLUMNS // 2
LID_RINGS = (0.035, 0.10, 0.18, 0.27, 0.36, 0.45, 0.55, 0.66, 0.77, 0.88, 1.0)
"""How far out the rings from the margin's outer edge on lie: 0 margin, 1 the patch's outline."""
MARGIN_RING = 1
"""The ring of the margin's inner edge; ring 0 is tucked under the lid."""

MOUTH_COLUMNS = 41
MOUTH_CORNER = MOUTH_COLUMNS // 2
INNER_RINGS = 7
"""Rings of the inner mouth; the next one, the seam, is where the lips meet."""
SEAM_RING = INNER_RINGS
LIP_RINGS = (0.22, 0.45, 0.68, 0.88, 1.0)
"""Rings of the red of the lips as parts of its height; the last is its border."""
BORDER_RING = SEAM_RING + len(LIP_RINGS)
OUTER_RINGS = (0.10, 0.24, 0.42, 0.62, 0.82, 1.0)
"""Rings from the border to the patch's outline."""


_LOWER_RECESS = 2.6 + 4.6 * np.sin(np.pi * 0.14) ** 0.8 - 3.6 * np.sin(np.pi * 0.10) ** 0.8


@dataclass(frozen=True, slots=True)
class Patch:
    """Rings of vertices.

    Attributes:
        points: (rings, columns, 3), innermost ring first.
        closed: Whether the last column joins the first.
    """

    points: Points
    closed: bool

    def triangles(self) -> np.ndarray:
        """Return the triangles (m, 3) over ring-major indices, outside facing forward."""
        rings, columns, _ = self.points.shape
        index = np.arange(rings * columns).reshape(rings, columns)
        if self.closed:
            index = np.concatenate([index, index[:, :1]], axis=1)
        a, b, c, d = index[:-1, :-1], index[1:, :-1], index[:-1, 1:], index[1:, 1:]
        # Split the quads the same way up and down of the opening.
        one = np.stack([a, d, b], axis=-1), np.stack([a, c, d], axis=-1)
        two = np.stack([a, c, b], axis=-1), np.stack([b, c, d], axis=-1)
        half = np.arange(index.shape[1] - 1) < (index.shape[1] - 1) / 2
        parts = [np.where(half[None, :, None], x, y) for x, y in zip(one, two, strict=True)]
        return np.concatenate([part.reshape(-1, 3) for part in parts])


def lid_lines(across: Scalars) -> tuple[Points, Points]:
    """Return the upper and the lower lid's margin, (n, 2) x and y from the eye's centre.

    Args:
        across: -1 at the inner corner to 1 at the outer.
    """
    x = -0.2 + 13.6 * across
    corner = -0.9 + 1.3 * across - 0.9 * np.clip(-across - 0.75, 0, 1) * 4
    arch = np.clip(1.0 - across**2, 0.0, 1.0)
    upper = corner + 5.8 * arch**0.72 * (1 - 0.10 * across)
    lower = corner - 4.9 * arch**0.80 * (1 + 0.16 * across)
    return np.stack([x, upper], axis=1), np.stack([x, lower], axis=1)


def eye_patch() -> Patch:
    """Return the left eye's patch: lid margins, lids, fold and socket."""
    turn = np.pi * np.arange(EYE_HALF + 1) / EYE_HALF
    across = -np.cos(turn)
    upper, lower = lid_lines(across)
    margin = np.concatenate([upper, lower[-2:0:-1]])
    angle = np.concatenate([np.pi - turn, (-turn)[1:-1]])
    outline = np.stack([0.8 + 21.0 * np.cos(angle), 0.5 + 17.0 * np.sin(angle)], axis=1)
    rings = []
    for part in LID_RINGS:
        flat = margin + (outline - margin) * part
        rings.append(_folded(on_skin(flat + EYE_CENTRE[:2]), part))
    direction = rings[0] - EYE_CENTRE
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    away = outline - margin
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    tucked = direction + 0.16 * np.pad(away, ((0, 0), (0, 1)))
    tucked *= (EYE_RADIUS - 0.5) / np.linalg.norm(tucked, axis=1, keepdims=True)
    inner = direction * (EYE_RADIUS + 0.15)
    return Patch(np.stack([tucked + EYE_CENTRE, inner + EYE_CENTRE, *rings]), closed=True)


def _folded(ring: Points, part: float) -> Points:
    """Return a ring of the eye's patch with the upper lid's fold pressed in."""
    turn = np.arange(EYE_COLUMNS) / EYE_HALF
    arch = np.where(turn <= 1, np.clip(np.sin(np.pi * np.clip(turn, 0, 1)), 0, 1) ** 0.5, 0.0)
    outward = ring - EYE_CENTRE
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    groove = -1.1 * np.exp(-(((part - 0.36) / 0.07) ** 2))
    fold = 1.0 * np.exp(-(((part - 0.55) / 0.12) ** 2))
    folded: Points = ring + outward * (arch * (groove + fold))[:, None]
    folded[:, 1] -= 0.8 * arch * fold
    return folded


def _mouth_lines() -> tuple[Scalars, Scalars, Scalars]:
    """Return per column: side (1 upper, -1 lower, 0 corner), across (0 middle, 1 corner), arch."""
    turn = np.pi / 2 * np.arange(MOUTH_CORNER + 1) / MOUTH_CORNER
    across = np.concatenate([np.sin(turn), np.sin(turn)[-2::-1]])
    across[[0, -1]] = 0.0
    arch = np.sqrt(np.clip(1.0 - across**2, 0.0, 1.0))
    arch[MOUTH_CORNER] = 0.0
    side = np.concatenate([np.ones(MOUTH_CORNER), [0.0], -np.ones(MOUTH_CORNER)])
    return side, across, arch


def mouth_patch() -> Patch:
    """Return half of the mouth's patch: cavity, lips and the skin round them."""
    side, across, arch = _mouth_lines()
    x = MOUTH_HALF_WIDTH * across
    seam_y = MOUTH_Y - 0.5 * across**2 - 0.5 * np.exp(-((x / 4.0) ** 2)) + 0.3 * np.sin(x / 5) ** 2
    bow = 1 - 0.17 * np.exp(-((x / 2.6) ** 2)) + 0.10 * np.exp(-(((x - 5.5) / 3.5) ** 2))
    upper, lower = 7.2 * bow * arch**1.1, 9.0 * arch**0.85
    height = np.where(side > 0, upper, -lower)
    rings = []
    for part in (0.0, *LIP_RINGS):
        flat = np.stack([x + 1.2 * part * across**6, seam_y + height * part], axis=1)
        ring = on_skin(flat)
        ring[:, 2] += _lip_depth(np.full(len(x), part), side, arch)
        rings.append(ring)
    outline = np.stack(
        [
            (MOUTH_HALF_WIDTH + 12.0) * across,
            MOUTH_Y - 1.5 + np.where(side > 0, 14.2, -19.0) * arch,
        ],
        axis=1,
    )
    border = rings[-1][:, :2]
    for part in OUTER_RINGS:
        ring = on_skin(border + (outline - border) * part)
        swell = np.where(side >= 0, 0.55, 0.2) * arch**0.5
        ring[:, 2] += swell * np.clip(1 - part / 0.42, 0, 1) ** 2
        rings.append(ring)
    rings = [*_cavity(rings[0], side, arch), *rings]
    points = np.stack(rings)
    points[:, [0, -1], 0] = 0.0
    return Patch(points, closed=False)


def _lip_depth(part: Scalars, side: Scalars, arch: Scalars) -> Scalars:
    """Return how far the lips stand out from the muzzle; part: 0 seam to 1 border."""
    full = arch**0.6
    # At the seam both stand equally deep, so that closed lips leave no gap.
    upper = 3.6 * np.sin(np.pi * np.clip(0.10 + 0.86 * part, 0, 1)) ** 0.8 - 2.6 * (1 - part) ** 5
    lower = (
        4.6 * np.sin(np.pi * np.clip(0.14 + 0.86 * part, 0, 1)) ** 0.8
        - _LOWER_RECESS * (1 - part) ** 5
    )
    corner = -1.6 * (1 - part) ** 2
    return np.where(side > 0, upper, lower) * full + corner * (1 - full)


def _cavity(seam: Points, side: Scalars, arch: Scalars) -> list[Points]:
    """Return the inner mouth's rings, deepest first."""
    # (back, up and down from the seam, width); the deepest ring closes on itself.
    shape = (
        (56.0, 0.0, 0.60),
        (50.0, 9.0, 0.80),
        (27.0, 16.0, 1.10),
        (6.3, 15.0, 1.05),
        (4.6, 8.5, 1.02),
        (3.6, 2.6, 1.005),
        (2.0, -0.4, 1.0),
    )
    rings = []
    for back, spread, width in shape:
        ring = seam.copy()
        ring[:, 0] *= width
        ring[:, 1] += side * spread * arch**0.5
        # The arch of the teeth: the further out, the less deep the front rings are already.
        ring[:, 2] -= back
        rings.append(ring)
    return rings
