"""Where things are on the skin, and how moved landmarks carry the skin along. Used by the build.

The shapes are written for the subject's left side or for both; `mirrored` and `symmetric` make the
rest, so that left equals right to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from generator.head import openings, sculpt
from generator.head.sculpt import Points, Scalars, Triple
from generator.head.skin import Indices, Skin
from generator.head.solve import Mask, Tissue

LipMove = Callable[[Scalars, Scalars], Points]
"""(across -1 right corner to 1 left corner, side 1 upper to -1 lower) -> (n, 3) millimetres."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A landmark of the skin and what it does.

    Attributes:
        at: x, y; the point of the face's front there.
        move: Millimetres.
    """

    at: tuple[float, float]
    move: Triple


class Anatomy:
    """The skin, its stiffness and its landmarks.

    Attributes:
        skin: The mesh.
        points: (n, 3) its vertices.
        normals: (n, 3) its outward normals.
    """

    def __init__(self, skin: Skin, normals: Points) -> None:
        self.skin = skin
        self.points = skin.points
        self.normals = normals
        self._tissue = Tissue(skin.points, skin.triangles)
        self._outside = np.nonzero(skin.outside)[0]
        self._tree = cKDTree(skin.points[self._outside])

    # Landmarks

    def lip_ring(self, ring: int) -> tuple[Indices, Scalars, Scalars]:
        """Return a mouth ring's vertices with across (-1 to 1) and side (1, 0, -1)."""
        columns = np.arange(openings.MOUTH_COLUMNS)
        side = np.sign(openings.MOUTH_CORNER - columns).astype(np.float64)
        turn = 1.0 - np.abs(columns - openings.MOUTH_CORNER) / openings.MOUTH_CORNER
        across = np.sin(np.pi / 2 * turn)
        left = self.skin.mouth[ring]
        right = self.skin.twin[left]
        double = right != left
        return (
            np.concatenate([left, right[double]]),
            np.concatenate([across, -across[double]]),
            np.concatenate([side, side[double]]),
        )

    def eye_rings(self, first: int, last: int, *, left_only: bool = False) -> Mask:
        """Return the mask of the eyes' rings first to last (exclusive)."""
        mask = np.zeros(len(self.points), dtype=bool)
        mask[self.skin.eyes[: 1 if left_only else 2, first:last]] = True
        return mask

    def mouth_rings(self, first: int, last: int, *, side: int | None = None) -> Mask:
        """Return the mask of mouth rings first to last (exclusive), one lip's if asked."""
        mask = np.zeros(len(self.points), dtype=bool)
        for ring in range(first, min(last, len(self.skin.mouth))):
            index, _, lip = self.lip_ring(ring)
            mask[index if side is None else index[lip == side]] = True
        return mask

    def ball(self, centre: Triple, radii: Triple, *, both: bool = False) -> Mask:
        """Return the mask of the vertices within an ellipsoid, or within two mirrored ones."""
        q = self.points.copy()
        if both:
            q[:, 0] = np.abs(q[:, 0])
        return np.asarray((((q - np.array(centre)) / np.array(radii)) ** 2).sum(axis=1) < 1.0)

    def falloff(self, centre: Triple, radii: Triple, *, both: bool = False) -> Scalars:
        """Return (1 - r^2)^2 within an ellipsoid, 0 outside: a smooth local weight."""
        q = self.points.copy()
        if both:
            q[:, 0] = np.abs(q[:, 0])
        away = (((q - np.array(centre)) / np.array(radii)) ** 2).sum(axis=1)
        return np.asarray(np.clip(1.0 - away, 0.0, 1.0) ** 2 * self.skin.outside)

    # Deformations

    def follow(self, region: Mask, handles: Indices, moves: Points) -> Points:
        """Return displacements (n, 3): given at the handles, zero off the region."""
        _, first = np.unique(handles, return_index=True)
        return self._tissue.follow(region, handles[first], moves[first])

    def pull(self, region: Mask, pulls: list[Pull], *, both: bool = False) -> Points:
        """Return the displacements of landmarks pulled, on the left or on both sides."""
        at = sculpt.on_skin(np.array([p.at for p in pulls]))
        moves = np.array([p.move for p in pulls])
        _, nearest = self._tree.query(at)
        handles = self._outside[nearest]
        if both:
            handles = np.concatenate([handles, self.skin.twin[handles]])
            moves = np.concatenate([moves, moves * [-1, 1, 1]])
        return self.follow(region, handles, moves)

    def lips(
        self, region: Mask, moves: dict[int, LipMove], pulls: list[Pull] | None = None
    ) -> Points:
        """Return displacements of lips moved ring by ring, and of landmarks round them.

        Args:
            region: What may move.
            moves: What each ring does; the rings between follow.
            pulls: Landmarks; given for the left, or for both sides, one by one.
        """
        handles, displaced = [], []
        for ring, move in moves.items():
            index, across, side = self.lip_ring(ring)
            handles.append(index)
            displaced.append(move(across, side))
        if pulls:
            _, nearest = self._tree.query(sculpt.on_skin(np.array([p.at for p in pulls])))
            handles.append(self._outside[nearest])
            displaced.append(np.array([p.move for p in pulls], dtype=np.float64))
        return self.follow(region, np.concatenate(handles), np.concatenate(displaced))

    def swell(self, weight: Scalars, amount: float) -> Points:
        """Return displacements along the normals, `amount` millimetres where the weight is 1."""
        return self.normals * (weight * amount)[:, None]

    def wrinkles(self, weight: Scalars, phase: Scalars, depth: float) -> Points:
        """Return furrows: a wave of the phase (turns), half bulge and half groove."""
        return self.swell(weight * np.cos(2 * np.pi * phase), depth)

    def mirrored(self, moves: Points) -> Points:
        """Return the same displacements on the other side."""
        return np.asarray(moves[self.skin.twin] * [-1, 1, 1])

    def symmetric(self, moves: Points) -> Points:
        """Return displacements made equal on both sides."""
        return (moves + self.mirrored(moves)) / 2
