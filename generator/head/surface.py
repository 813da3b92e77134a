"""The skin around the openings: traced on the solid, filled with even points, triangulated.

Only half of the head is meshed (x >= 0); `skin` mirrors it, so that left equals right by
construction. Used by the build only, because it needs scipy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, cKDTree

from generator.head import sculpt
from generator.head.sculpt import Points, Scalars

Triangles = NDArray[np.int64]

_AXIS_Z = -10.0
_STEP = 0.8
_SLICES = 241

# (centre, radius, edge length inside it), millimetres; outside the edges grow.
_SIZES = (
    ((6.5, -50.0, 103.0), 6.0, 1.2),
    ((9.0, -45.0, 102.0), 11.0, 1.8),
    ((0.0, -12.0, 95.0), 11.0, 2.5),
    ((31.5, 0.0, 80.0), 24.0, 2.6),
    ((0.0, -69.0, 97.0), 24.0, 2.5),
    ((26.0, -69.0, 88.0), 16.0, 2.5),
    ((25.0, 24.0, 82.0), 24.0, 2.9),
    ((0.0, 20.0, 95.0), 16.0, 2.7),
    ((0.0, 44.0, 92.0), 34.0, 3.1),
    ((40.0, -32.0, 72.0), 24.0, 3.2),
    ((0.0, -98.0, 92.0), 20.0, 3.1),
    ((58.0, 30.0, 35.0), 26.0, 5.0),
    ((66.0, 0.0, 12.0), 20.0, 4.6),
)
_GROWTH = 0.14
_LARGEST = 10.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """The half head as a dense grid of points: one row a vertical slice, from crown to bust.

    Attributes:
        points: (slices, steps, 3).
        valid: (slices, steps) whether the point lies above the bust's lower edge.
        plane: (slices, steps, 2) the same points laid out flat, crown in the origin.
    """

    points: Points
    valid: NDArray[np.bool_]
    plane: Points

    def locate(self, p: Points) -> Points:
        """Return where points (n, 3) of the skin lie in the flat layout, (n, 2)."""
        tree = cKDTree(self.points[self.valid])
        gap, nearest = tree.query(p, k=6)
        weight = 1.0 / (gap + 1e-3) ** 2
        weight /= weight.sum(axis=1, keepdims=True)
        flat = (self.plane[self.valid][nearest] * weight[..., None]).sum(axis=1)
        flat[np.abs(p[:, 0]) < 1e-6, 0] = 0.0
        return np.asarray(flat)


def trace() -> Sheet:
    """Return the skin of the half head, traced from the crown downwards in vertical slices."""
    angles = np.linspace(0.0, np.pi, _SLICES)
    out = np.stack([np.sin(angles), 0.0 * angles, np.cos(angles)], axis=1)
    out[[0, -1], 0] = 0.0
    radius, y = np.zeros(_SLICES), np.full(_SLICES, 113.0)
    rows: list[Points] = []
    while True:
        for _ in range(2 if rows else 5):
            p = _at(out, radius, y)
            slope, d = sculpt.gradient(p), sculpt.head(p)
            along, up = (slope * out).sum(axis=1), slope[:, 1]
            step = np.clip(d / np.maximum(along**2 + up**2, 0.02), -1.0, 1.0)
            y = y - up * step
            radius = radius - along * step if rows else radius
        rows.append(_at(out, radius, y))
        if (y < sculpt.BUST_Y).all():
            break
        length = np.sqrt(along**2 + up**2)
        radius = radius + _STEP * (up / length if len(rows) > 1 else 1.0)
        y = np.maximum(y - _STEP * (along / length if len(rows) > 1 else 0.0), sculpt.BUST_Y - 3)
    points = np.stack(rows, axis=1)
    valid = np.logical_and.accumulate(points[..., 1] >= sculpt.BUST_Y, axis=1)
    return Sheet(points, valid, _flatten(points, valid, angles))


def _at(out: Points, radius: Scalars, y: Scalars) -> Points:
    p = out * radius[:, None]
    p[:, 1] = y
    p[:, 2] += _AXIS_Z
    return p


def _flatten(points: Points, valid: NDArray[np.bool_], angles: Scalars) -> Points:
    """Lay the slices out flat, nearly conformally: d(log radius) = d(length) / mean radius."""
    away = np.hypot(points[..., 0], points[..., 2] - _AXIS_Z)
    mean = np.maximum((away * valid).sum(axis=0) / np.maximum(valid.sum(axis=0), 1), _STEP)
    log_radius = np.cumsum(_STEP / mean)
    radius = np.exp(log_radius - log_radius[0])
    radius[0] = 0.0
    flat = np.stack([np.sin(angles)[:, None] * radius, np.cos(angles)[:, None] * radius], axis=2)
    flat[[0, -1], :, 0] = 0.0
    return np.asarray(flat)


def edge_length(p: Points) -> Scalars:
    """Return the length that edges should have at points (n, 3), millimetres."""
    q = np.abs(p) * [1, 0, 0] + p * [0, 1, 1]
    length = np.full(len(p), _LARGEST)
    for centre, radius, inside in _SIZES:
        away = np.linalg.norm(q - np.array(centre), axis=1)
        length = np.minimum(length, inside + _GROWTH * np.maximum(away - radius, 0.0))
    return length


def inside(polygon: Points, p: Points) -> NDArray[np.bool_]:
    """Return which flat points (n, 2) lie in a closed polygon (k, 2); even-odd rule."""
    result = np.zeros(len(p), dtype=bool)
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if ay == by:
            continue
        crosses = (ay > p[:, 1]) != (by > p[:, 1])
        result ^= crosses & (p[:, 0] < (bx - ax) * (p[:, 1] - ay) / (by - ay) + ax)
    return result


def _midline(sheet: Sheet, row: int, holes: list[Points]) -> Points:
    """Return evenly graded points of the front (row 0) or back (row -1) midline, 3D."""
    line, flat = sheet.points[row][sheet.valid[row]], sheet.plane[row][sheet.valid[row]]
    free = np.ones(len(line), dtype=bool)
    free[0] = False  # the crown is its own point
    for hole in holes:
        if np.abs(hole[:, 0]).min() < 1e-6:
            ends = hole[np.abs(hole[:, 0]) < 1e-6, 1]
            free &= (flat[:, 1] < ends.min()) | (flat[:, 1] > ends.max())
    picked = []
    for run in np.split(np.arange(len(line)), np.nonzero(np.diff(free.astype(int)))[0] + 1):
        if free[run[0]]:
            turns = np.cumsum(_STEP / edge_length(line[run]))
            count = max(round(turns[-1]), 1)
            edge = run[-1] == len(line) - 1  # the bust's edge belongs to the line
            wanted = (np.arange(count) + (1.0 if edge else 0.5)) * turns[-1] / count
            picked.append(run[np.minimum(np.searchsorted(turns, wanted), len(run) - 1)])
    return np.asarray(line[np.concatenate(picked)])


def _lower_edge(sheet: Sheet) -> Points:
    """Return points along the bust's lower edge, without those on the midline."""
    last = sheet.valid.sum(axis=1) - 1
    line = sheet.points[np.arange(len(last)), last]
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    wanted = np.linspace(0, length[-1], round(length[-1] / _LARGEST) + 1)[1:-1]
    return np.asarray(line[np.searchsorted(length, wanted)])


def fill(sheet: Sheet, rings: list[Points]) -> tuple[Points, Triangles]:
    """Return the mesh between the rings, the midline and the bust's edge.

    Args:
        sheet: The traced half head.
        rings: Closed 3D outlines of the openings' patches; they come first among the points.

    Returns:
        Points (n, 3), the rings' points first in their order; triangles (m, 3).
    """
    holes = [sheet.locate(ring) for ring in rings]
    dense, flat = sheet.points[sheet.valid], sheet.plane[sheet.valid]
    taken = np.logical_or.reduce([inside(hole, flat) for hole in holes])
    area = _areas(sheet)[sheet.valid]
    length = edge_length(dense)
    crown = sheet.points[0, :1]
    fixed = np.concatenate(
        [*rings, crown, _midline(sheet, 0, holes), _midline(sheet, -1, []), _lower_edge(sheet)]
    )
    count = int((area[~taken] / (0.866 * length[~taken] ** 2)).sum()) - len(fixed) // 2
    seeds = _spread(dense[~taken], area[~taken] / length[~taken] ** 4, length, fixed, count)
    points = np.concatenate([fixed, seeds])
    protected = sum(len(ring) for ring in rings) + 1
    place = np.concatenate([*holes, sheet.locate(points[protected - 1 :])])
    place[protected - 1] = 0.0
    while True:
        triangles = _triangulate(place, holes, points)
        crowd = _crowding(points, triangles, _outlines(holes, place), protected)
        if not crowd.any():
            break
        fixed = fixed[~crowd[: len(fixed)]]
        points, place = points[~crowd], place[~crowd]
    for _ in range(3):
        triangles = flip_edges(points, triangles)
        points = _relax(points, triangles, len(fixed))
    return points, flip_edges(points, triangles)


def _areas(sheet: Sheet) -> Scalars:
    along = np.gradient(sheet.points, axis=1)
    across = np.gradient(sheet.points, axis=0)
    return np.asarray(np.linalg.norm(np.cross(along, across), axis=2))


def _spread(dense: Points, density: Scalars, length: Scalars, fixed: Points, count: int) -> Points:
    """Return `count` points spread by density over the dense ones (Lloyd's method, seeded)."""
    rng = np.random.default_rng(7)
    chance = density**0.5 * np.median(length)
    seeds = dense[rng.choice(len(dense), count, replace=False, p=chance / chance.sum())]
    off_line = dense[dense[:, 0] > 0.4 * edge_length(dense)]
    tree = cKDTree(off_line)
    for _ in range(24):
        _, owner = cKDTree(np.concatenate([fixed, seeds])).query(dense)
        owner -= len(fixed)
        mine = owner >= 0
        weight = np.bincount(owner[mine], density[mine], count)
        for axis in range(3):
            total = np.bincount(owner[mine], density[mine] * dense[mine, axis], count)
            seeds[:, axis] = np.where(weight > 0, total / np.maximum(weight, 1e-12), seeds[:, axis])
        seeds = off_line[tree.query(seeds)[1]]
    seeds = np.unique(seeds, axis=0)
    gap, _ = cKDTree(fixed).query(seeds)
    return np.asarray(seeds[gap > 0.62 * edge_length(seeds)])


def _triangulate(place: Points, holes: list[Points], points: Points) -> Triangles:
    triangles = Delaunay(place).simplices.astype(np.int64)
    a, b, c = (place[triangles[:, i]] for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    triangles[area > 0] = triangles[area > 0][:, ::-1]
    keep = np.abs(area) > 1e-9
    middle = (a + b + c) / 3
    for hole in holes:
        keep &= ~inside(hole, middle)
    keep &= ~(np.abs(points[triangles, 1] - sculpt.BUST_Y) < 1.2).all(axis=1)
    return np.asarray(triangles[keep])


def _crowding(
    points: Points, triangles: Triangles, wanted: list[tuple[int, int]], protected: int
) -> NDArray[np.bool_]:
    """Return which points stand in the way of an outline's edge that the triangles lack."""
    crowd = np.zeros(len(points), dtype=bool)
    edges = edges_of(triangles)
    for a, b in wanted:
        if (a, b) not in edges:
            middle, reach = (points[a] + points[b]) / 2, np.linalg.norm(points[a] - points[b])
            crowd |= np.linalg.norm(points - middle, axis=1) < 0.8 * reach
            crowd[:protected] = False
            if not crowd.any():
                raise ValueError(f"the outline edge at {middle} cannot be meshed")
    return crowd


def _outlines(holes: list[Points], place: Points) -> list[tuple[int, int]]:
    """Return the edges that have to be there: the holes' outlines and the midline."""
    edges, first = [], 0
    for hole in holes:
        around = [(first + i, first + (i + 1) % len(hole)) for i in range(len(hole))]
        edges += [e for e in around if np.abs(place[list(e), 0]).max() > 0]
        first += len(hole)
    return [(min(e), max(e)) for e in edges]


def edges_of(triangles: Triangles) -> dict[tuple[int, int], list[int]]:
    """Return the triangles at each edge; an edge is a sorted pair of points."""
    edges: dict[tuple[int, int], list[int]] = {}
    for index, corners in enumerate(triangles.tolist()):
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
            edges.setdefault((min(a, b), max(a, b)), []).append(index)
    return edges


def flip_edges(points: Points, triangles: Triangles) -> Triangles:
    """Return the triangles with edges flipped until they are Delaunay on the curved skin."""
    triangles = triangles.copy()
    for _ in range(30):
        edges = edges_of(triangles)
        touched: set[int] = set()
        flips = 0
        for (a, b), owners in list(edges.items()):
            if len(owners) != 2 or owners[0] in touched or owners[1] in touched:
                continue
            if _flip(points, triangles, (a, b), (owners[0], owners[1]), edges):
                touched.update(owners)
                flips += 1
        if not flips:
            break
    return triangles


def _flip(
    points: Points,
    triangles: Triangles,
    edge: tuple[int, int],
    owners: tuple[int, int],
    edges: dict[tuple[int, int], list[int]],
) -> bool:
    a, b = edge
    first = triangles[owners[0]].tolist()
    if first[(first.index(a) + 1) % 3] != b:
        a, b = b, a
    c = next(i for i in first if i not in (a, b))
    d = next(i for i in triangles[owners[1]].tolist() if i not in (a, b))
    if (min(c, d), max(c, d)) in edges:
        return False
    pa, pb, pc, pd = points[a], points[b], points[c], points[d]
    if _cotangent(pc, pa, pb) + _cotangent(pd, pa, pb) > -1e-3:
        return False
    n = np.cross(pb - pa, pc - pa) + np.cross(pd - pa, pb - pa)
    # Both new triangles, (a, d, c) and (d, b, c), have to look the same way as the old ones.
    if np.dot(np.cross(pd - pa, pc - pa), n) <= 0 or np.dot(np.cross(pb - pd, pc - pd), n) <= 0:
        return False
    edges[min(c, d), max(c, d)] = list(owners)  # so that no second flip makes it again
    triangles[owners[0]] = (a, d, c)
    triangles[owners[1]] = (d, b, c)
    return True


def _cotangent(corner: Points, a: Points, b: Points) -> float:
    """Return the cotangent of the angle at `corner`; two sum to < 0 where both exceed 180 deg."""
    u, v = a - corner, b - corner
    return float(np.dot(u, v) / (np.linalg.norm(np.cross(u, v)) + 1e-12))


def _relax(points: Points, triangles: Triangles, fixed: int) -> Points:
    """Return the points moved towards their neighbours' mean, on the skin; the first stay."""
    i = triangles.ravel()
    j = np.roll(triangles, -1, axis=1).ravel()
    ends = np.concatenate([i, j]), np.concatenate([j, i])
    count = np.bincount(ends[0], minlength=len(points))
    mean = np.stack(
        [
            np.bincount(ends[0], points[ends[1], k], len(points)) / np.maximum(count, 1)
            for k in range(3)
        ],
        axis=1,
    )
    moved = points.copy()
    free = slice(fixed, None)
    moved[free] = sculpt.project(points[free] + 0.5 * (mean[free] - points[free]), steps=3)
    return moved
