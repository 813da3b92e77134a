"""Soft tissue: given what some vertices do, how the skin between them follows. Used by the build.

Displacements minimise the bending energy (bi-Laplace with cotangent weights), which is how a
sheet of rubber follows its handles; outside the region they are exactly zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from generator.head.sculpt import Points, Scalars
from generator.head.surface import Triangles

Mask = NDArray[np.bool_]


class Tissue:
    """The skin's stiffness.

    Attributes:
        count: Number of vertices.
    """

    def __init__(self, points: Points, triangles: Triangles) -> None:
        self.count = len(points)
        self._laplace, area = _cotangent(points, triangles)
        self._bend = (self._laplace @ sparse.diags(1.0 / area) @ self._laplace).tocsr()

    def follow(self, region: Mask, handles: NDArray[np.int64], moves: Points) -> Points:
        """Return displacements (n, 3) that are `moves` at the handles and zero off the region.

        Args:
            region: (n,) the vertices that may move.
            handles: (k,) vertices whose displacement is given.
            moves: (k, 3) millimetres.
        """
        result = np.zeros((self.count, moves.shape[1]))
        result[handles] = moves
        return self._solve(self._bend, region, handles, result)

    def blend(self, ones: Mask, zeros: Mask) -> Scalars:
        """Return weights (n,) that are 1 and 0 on the masks and harmonic between."""
        result = ones.astype(np.float64)[:, None]
        handles = np.nonzero(ones)[0]
        return self._solve(self._laplace, ~zeros, handles, result)[:, 0]

    def _solve(
        self, matrix: sparse.csr_matrix, region: Mask, handles: NDArray[np.int64], known: Points
    ) -> Points:
        free = region.copy()
        free[handles] = False
        (loose,), (tied,) = np.nonzero(free), np.nonzero(~free)
        rows = matrix[loose]
        right = -(rows[:, tied] @ known[tied])
        stiff = rows[:, loose] + sparse.identity(len(loose)) * 1e-9
        known[loose] = splu(stiff.tocsc()).solve(right)
        return known


def _cotangent(points: Points, triangles: Triangles) -> tuple[sparse.csr_matrix, Scalars]:
    count = len(points)
    rows, columns, values = [], [], []
    for k in range(3):
        o, a, b = triangles[:, k], triangles[:, (k + 1) % 3], triangles[:, (k + 2) % 3]
        u, v = points[a] - points[o], points[b] - points[o]
        double = np.linalg.norm(np.cross(u, v), axis=1)
        weight = np.clip((u * v).sum(axis=1) / np.maximum(double, 1e-6), 0.02, 8.0) / 2
        rows += [a, b]
        columns += [b, a]
        values += [weight, weight]
    i, j, w = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    off = sparse.csr_matrix((w, (i, j)), shape=(count, count))
    laplace = sparse.diags(np.asarray(off.sum(axis=1)).ravel()) - off
    corner = points[triangles]
    double = np.linalg.norm(
        np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1
    )
    area = np.bincount(triangles.ravel(), np.repeat(double / 6, 3), count)
    return laplace.tocsr(), np.maximum(area, 1e-3)
