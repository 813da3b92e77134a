"""The head that performs: 61 channel values in, vertices and normals out. Pure, numpy only.

`pose` adds the sparse shapes, keeps the lids outside the eyeballs, turns eyes and head and
makes the normals anew. The signs of the rotations are those of `livelink.channels`.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets import asset
from generator.errors import DamagedModelError
from generator.head.layout import CORRECTIVES, Part
from generator.head.raster import Floats
from livelink.channels import (
    CHANNEL_COUNT,
    CHANNEL_HASH,
    EYE_PITCH_PER_LOOK,
    EYE_YAW_PER_LOOK,
    SHAPE_COUNT,
    Channel,
)

SCHEMA = "facewright.head/1"
_MAX_BYTES = 64_000_000
_PIVOT = np.array([0.0, -82.0, -24.0], dtype=np.float32)
"""Where the head turns on the neck."""

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Posed:
    """A posed head.

    Attributes:
        vertices: (n, 3) millimetres.
        normals: (n, 3) unit.
        occlusion: (n,) ambient light that arrives, 0 to 1.
    """

    vertices: Floats
    normals: Floats
    occlusion: Floats


class Head:
    """The head's geometry and its 52 shapes.

    Attributes:
        vertices: (n, 3) at rest, millimetres; x to the subject's left, y up, z forward.
        triangles: (m, 3) int32, counter-clockwise from outside.
        parts: (m,) `Part` of each triangle.
        albedo: (n, 3) linear colour.
        occlusion: (n,) ambient light that arrives at rest.
        gloss: (n,) strength of the highlight.
        two_sided: (m,) whether the triangle's back is drawn.
        shapes: Per shape of the 52, then per corrective: (the vertices it moves, their moves in
            millimetres).
    """

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        floats = {k: np.asarray(v, np.float32) for k, v in arrays.items() if v.dtype.kind == "f"}
        self.vertices = floats["vertices"]
        self.triangles = np.asarray(arrays["triangles"], np.int32)
        self.parts = np.asarray(arrays["parts"], np.uint8)
        self.albedo, self.occlusion = floats["albedo"], floats["occlusion"]
        self.gloss, self.two_sided = floats["gloss"], np.asarray(arrays["two_sided"], np.bool_)
        starts = np.asarray(arrays["morph_starts"], np.int64)
        index = np.asarray(arrays["morph_vertices"], np.int64)
        self.shapes = tuple((index[a:b], floats["morph_moves"][a:b]) for a, b in pairwise(starts))
        self._neck = floats["neck"]
        self._centres = floats["eye_centres"]
        self._lids = np.asarray(arrays["lid_vertices"], np.int64)
        self._lid_radius = floats["lid_radius"]
        self._lid_peak = np.asarray(arrays["lid_peak"], np.int64)
        self._eyes = tuple(self._vertices_of(*kinds) for kinds in _EYE_PARTS)
        self._partly = np.nonzero((self._neck > 0) & (self._neck < 1))[0]
        self._wholly = np.nonzero(self._neck >= 1)[0]
        self._corners = self.triangles.T.astype(np.int64)
        order = np.argsort(self.triangles.ravel(), kind="stable")
        self._corner_faces = order // 3
        counts = np.bincount(self.triangles.ravel(), minlength=len(self.vertices))
        self._used = counts > 0
        self._corner_starts = (np.cumsum(counts) - counts)[self._used]

    def _vertices_of(self, *kinds: Part) -> Integers:
        return np.unique(self.triangles[np.isin(self.parts, [int(k) for k in kinds])])

    def pose(self, values: ArrayLike) -> tuple[Floats, Floats]:
        """Return the vertices and normals, each (n, 3) float32, for channel values (61,)."""
        posed = self.posed(values)
        return posed.vertices, posed.normals

    def posed(self, values: ArrayLike) -> Posed:
        """Return the posed head for channel values (61,) in wire order.

        Raises:
            ValueError: Not 61 finite values.
        """
        given = np.asarray(values, dtype=np.float64)
        if given.shape != (CHANNEL_COUNT,) or not np.isfinite(given).all():
            raise ValueError(f"a pose is {CHANNEL_COUNT} finite values, not {given.shape}")
        weights, gaze = effective(given)
        points = self.vertices.copy()
        for weight, (index, moves) in zip(weights, self.shapes, strict=True):
            if weight != 0.0:
                points[index] += moves * np.float32(weight)
        for eye in range(2):
            self._clear_lids(points, eye)
            centre = self._centres[eye]
            index = self._eyes[eye]
            points[index] = (points[index] - centre) @ _rotation(*gaze[eye]).T + centre
        occlusion = self._occlusion(points)
        turn = given[[Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll]]
        if turn.any():
            self._turn(points, *(float(x) for x in turn))
        return Posed(points, self._normals(points), occlusion)

    def _clear_lids(self, points: Floats, eye: int) -> None:
        """Push lid vertices that have sunk into the eyeball out to its surface."""
        index, least = self._lids[eye], self._lid_radius[eye]
        away = points[index] - self._centres[eye]
        radius = np.sqrt(np.einsum("ij,ij->i", away, away))
        sunk = (radius < least) & (away[:, 2] > 0)
        if sunk.any():
            away[sunk] *= (least[sunk] / radius[sunk])[:, None]
            points[index[sunk]] = away[sunk] + self._centres[eye]

    def _occlusion(self, points: Floats) -> Floats:
        """Return the ambient light, the eyeballs in the shadow of their lids."""
        occlusion = self.occlusion.copy()
        for eye in range(2):
            index = self._eyes[eye]
            below = points[self._lid_peak[eye], 1] - points[index, 1]
            aside = np.abs(points[index, 0] - self._centres[eye, 0]) / 13.5
            light = np.clip(0.20 + below / 7.0, 0.15, 1.0) * np.clip(1.25 - aside**2, 0.2, 1)
            occlusion[index] = light
        return occlusion

    def _turn(self, points: Floats, yaw: float, pitch: float, roll: float) -> None:
        """Turn the head on its neck; the shoulders stay."""
        # Angles share the neck: a vertex with weight w turns by w times each angle.
        whole = _head_rotation(yaw, pitch, roll)
        points[self._wholly] = (points[self._wholly] - _PIVOT) @ whole.T + _PIVOT
        weight = self._neck[self._partly]
        rotations = _head_rotation(yaw * weight, pitch * weight, roll * weight)
        around = points[self._partly] - _PIVOT
        points[self._partly] = np.einsum("nij,nj->ni", rotations, around) + _PIVOT

    def _normals(self, points: Floats) -> Floats:
        """Return unit normals, faces weighted by their area."""
        x, y, z = np.ascontiguousarray(points.T)
        a, b, c = self._corners
        ux, uy, uz = x[b] - x[a], y[b] - y[a], z[b] - z[a]
        vx, vy, vz = x[c] - x[a], y[c] - y[a], z[c] - z[a]
        faces = (uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx)
        sums = [np.add.reduceat(face[self._corner_faces], self._corner_starts) for face in faces]
        length = np.sqrt(sums[0] ** 2 + sums[1] ** 2 + sums[2] ** 2)
        inverse = 1.0 / np.maximum(length, 1e-12)
        normals = np.zeros_like(points)
        for axis, total in enumerate(sums):
            normals[self._used, axis] = total * inverse
        return normals


_EYE_PARTS = (
    (Part.EYE_LEFT, Part.IRIS_LEFT, Part.PUPIL_LEFT),
    (Part.EYE_RIGHT, Part.IRIS_RIGHT, Part.PUPIL_RIGHT),
)


def effective(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[tuple[float, ...]]]:
    """Return the shapes' weights (54,) and each eye's (yaw, pitch, roll) for channel values.

    The eyes turn by the rotation channels or by the look shapes, whichever say more, and the lids
    follow where the eyes look. Closing wins over everything else that moves the lids; the lips
    cannot be closed further than the jaw is open. Weights are kept in -0.25 to 1.25.
    """
    weights = np.clip(values[: SHAPE_COUNT + len(CORRECTIVES)], -0.25, 1.25)
    gaze: list[tuple[float, ...]] = []
    for side, out_is_right in (("Left", -1.0), ("Right", 1.0)):
        look = {name: Channel[f"EyeLook{name}{side}"] for name in ("Down", "Up", "Out", "In")}
        down = weights[look["Down"]] - weights[look["Up"]]
        out = weights[look["Out"]] - weights[look["In"]]
        pitch = _larger(values[Channel[f"{side}EyePitch"]], down * EYE_PITCH_PER_LOOK)
        yaw = _larger(values[Channel[f"{side}EyeYaw"]], out * out_is_right * EYE_YAW_PER_LOOK)
        gaze.append((yaw, pitch, float(values[Channel[f"{side}EyeRoll"]])))
        down, out = pitch / EYE_PITCH_PER_LOOK, yaw * out_is_right / EYE_YAW_PER_LOOK
        for name, amount in (("Down", down), ("Up", -down), ("Out", out), ("In", -out)):
            weights[look[name]] = min(max(amount, 0.0), 1.25)
        shut = min(max(weights[Channel[f"EyeBlink{side}"]], 0.0), 1.0)
        weights[Channel[f"EyeBlink{side}"]] = shut
        for name in ("LookDown", "LookUp", "LookIn", "LookOut", "Wide"):
            weights[Channel[f"Eye{name}{side}"]] *= 1.0 - shut
        squint = Channel[f"EyeSquint{side}"]
        weights[SHAPE_COUNT + CORRECTIVES.index(f"EyeSqueeze{side}")] = shut * weights[squint]
        weights[squint] *= 1.0 - shut
    weights[Channel.MouthClose] = min(weights[Channel.MouthClose], max(weights[Channel.JawOpen], 0))
    return weights, gaze


def _larger(a: float, b: float) -> float:
    return float(a if abs(a) >= abs(b) else b)


def _rotation(yaw: float, pitch: float, roll: float) -> Floats:
    """Return an eye's rotation; + yaw looks to the subject's right, + pitch down."""
    return _head_rotation(-yaw, -pitch, roll)


def _head_rotation(yaw: ArrayLike, pitch: ArrayLike, roll: ArrayLike) -> Floats:
    """Return rotations (..., 3, 3): + yaw to the left, + pitch up, + roll to the right."""
    y, p, r = (np.asarray(angle, dtype=np.float32) for angle in (yaw, pitch, roll))
    cy, sy, cp, sp, cr, sr = np.cos(y), np.sin(y), np.cos(p), np.sin(p), np.cos(r), np.sin(r)
    # R = Ry(yaw) Rx(-pitch) Rz(roll), so that the nose (+z) goes left, up, and the crown right.
    rows = [
        [cy * cr - sy * sp * sr, -cy * sr - sy * sp * cr, sy * cp],
        [cp * sr, cp * cr, sp],
        [-sy * cr - cy * sp * sr, sy * sr - cy * sp * cr, cy * cp],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2).astype(np.float32)


def load(path: Path | None = None) -> Head:
    """Return the head in a file, the shipped one by default.

    Raises:
        DamagedModelError: Not a head of this version.
        FileNotFoundError: The file is missing.
    """
    path = asset("head", "head.npz") if path is None else path
    hint = "Install facewright again, or run python -m generator.head.build."
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if card.get("schema") != SCHEMA or card.get("channel_hash") != CHANNEL_HASH:
        raise DamagedModelError(f"{path} is not a head for this version.", hint)
    if path.stat().st_size > _MAX_BYTES:
        raise DamagedModelError(f"{path} is too large for a head.", hint)
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return Head({name: file[name] for name in file.files})
    except (ValueError, KeyError, OSError, IndexError, EOFError, BadZipFile, zlib.error) as exc:
        raise DamagedModelError(f"{path} cannot be read: {exc}", hint) from exc


@cache
def shipped() -> Head:
    """Return the shipped head, loaded once."""
    return load()
