"""Puts skin and parts into one mesh. Used by the build."""

from __future__ import annotations

import numpy as np

from generator.head import lower_face, openings, parts
from generator.head.hair import Hair
from generator.head.layout import TWO_SIDED, Part
from generator.head.parts import Piece
from generator.head.raster import decode_srgb
from generator.head.sculpt import MOUTH_Y, Points, Scalars
from generator.head.skin import Skin

_EYE_KINDS = {
    Part.EYE_LEFT: (Part.PUPIL_LEFT, Part.IRIS_LEFT),
    Part.EYE_RIGHT: (Part.PUPIL_RIGHT, Part.IRIS_RIGHT),
}


class Assembly:
    """The growing mesh.

    Attributes:
        points: (n, 3).
        shapes: Displacements (n, 3) by wire name.
    """

    def __init__(
        self,
        skin: Skin,
        colour: Points,
        shade: Scalars,
        gloss: Scalars,
        shapes: dict[str, Points],
    ) -> None:
        self.points = skin.points
        self.shapes = dict(shapes)
        self._triangles = [skin.triangles]
        self._kinds = [_skin_kinds(skin)]
        self._twin = [skin.twin]
        self._colour, self._shade, self._gloss = [colour], [shade], [gloss]

    def add(self, piece: Piece, gloss: float, kinds: np.ndarray | None = None) -> None:
        """Add a piece that is its own mirror image or follows its left one later."""
        first = len(self.points)
        self.points = np.concatenate([self.points, piece.points])
        self._triangles.append(piece.triangles + first)
        self._kinds.append(np.full(len(piece.triangles), piece.part) if kinds is None else kinds)
        self._colour.append(piece.colour)
        self._shade.append(piece.shade)
        self._gloss.append(np.full(len(piece.points), gloss))
        for name, moves in self.shapes.items():
            self.shapes[name] = np.concatenate([moves, _piece_moves(piece, name)])

    def add_pair(self, left: Piece, right: Piece, gloss: float) -> None:
        """Add a piece and its mirror image."""
        for piece in (left, right):
            kinds = _eye_kinds(piece) if piece.part in _EYE_KINDS else None
            self.add(piece, gloss, kinds)

    def add_tongue(self, tongue: Piece) -> None:
        """Add the tongue with the way it comes out."""
        first = len(self.points)
        self.add(tongue, 0.7)
        self.shapes["TongueOut"][first:] = _tongue_out(tongue.points)

    def add_hair(self, made: Hair, turned: Points | None, right: Part) -> None:
        """Add strokes to both sides.

        Args:
            made: The left strokes.
            turned: What EyeBlink does to them beyond what it does to their roots, or None.
            right: The part of the mirrored strokes.
        """
        twin = self._twin[0]
        for left in (True, False):
            piece = made.piece if left else made.piece.mirrored(right)
            roots = made.roots if left else twin[made.roots]
            first = len(self.points)
            self.add(piece, 0.05)
            for name in self.shapes:
                carried = (self.shapes[name][roots] * made.weights[..., None]).sum(axis=1)
                if turned is not None:
                    carried += _turning(name, turned, left=left)
                self.shapes[name][first:] = carried

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the mesh as arrays, ready to be written."""
        kinds = np.concatenate(self._kinds).astype(np.uint8)
        return {
            "vertices": self.points.astype(np.float32),
            "triangles": np.concatenate(self._triangles).astype(np.uint16),
            "parts": kinds,
            "albedo": decode_srgb(np.concatenate(self._colour).astype(np.float32)),
            "occlusion": np.concatenate(self._shade).astype(np.float32),
            "gloss": np.concatenate(self._gloss).astype(np.float32),
            "two_sided": np.isin(kinds, [int(part) for part in TWO_SIDED]),
            "skin_count": np.array(len(self._twin[0]), dtype=np.int32),
        }


def _skin_kinds(skin: Skin) -> np.ndarray:
    """Return the part of each of the skin's triangles."""
    lips = np.zeros(len(skin.points), dtype=bool)
    inner = np.zeros(len(skin.points), dtype=bool)
    rows = skin.mouth[openings.SEAM_RING : openings.BORDER_RING + 1]
    lips[rows] = lips[skin.twin[rows]] = True
    rows = skin.mouth[: openings.SEAM_RING + 1]
    inner[rows] = inner[skin.twin[rows]] = True
    kinds = np.full(len(skin.triangles), Part.SKIN)
    kinds[lips[skin.triangles].all(axis=1)] = Part.LIPS
    kinds[inner[skin.triangles].all(axis=1)] = Part.INNER_MOUTH
    return kinds


def _eye_kinds(piece: Piece) -> np.ndarray:
    pupil, iris = _EYE_KINDS[piece.part]
    ring = piece.triangles.min(axis=1) // parts.EYE_SEGMENTS
    kinds = np.full(len(piece.triangles), piece.part)
    kinds[ring < parts.IRIS_RINGS[1] - 1] = iris
    kinds[ring < parts.IRIS_RINGS[0] - 1] = pupil
    return kinds


def _piece_moves(piece: Piece, name: str) -> Points:
    """Return what a shape does to a piece that only the jaw moves."""
    if not piece.jaw:
        return np.zeros_like(piece.points)
    if name == "JawOpen":
        return lower_face.open_jaw(piece.points)
    slides = {
        "JawForward": (0.0, 0.0, 7.0),
        "JawLeft": (7.5, 0.0, 0.0),
        "JawRight": (-7.5, 0.0, 0.0),
    }
    return np.tile(slides.get(name, (0.0, 0.0, 0.0)), (len(piece.points), 1))


def _tongue_out(p: Points) -> Points:
    """Return how the tongue comes out: forward over the lower lip, its tip hanging down."""
    along = np.clip((p[:, 2] - 42) / 46, 0, 1)
    reach = along**1.3
    forward = 40.0 * reach
    rise = 6.5 * np.sin(np.pi * np.clip(along * 1.05, 0, 1) ** 0.8) + 3.2 * along
    droop = -11.0 * np.clip((along - 0.70) / 0.30, 0, 1) ** 1.6
    flat = 0.90 * (MOUTH_Y - 8.0 - p[:, 1]) * 0.25 * along
    wider = 0.06 * p[:, 0] * along
    return np.stack([wider, rise + droop + flat, forward], axis=1)


def _turning(name: str, turned: Points, *, left: bool) -> Points:
    """Return how lashes turn with the lid: with a blink wholly, with a look down a part."""
    side = "Left" if left else "Right"
    share = {"EyeBlink": 1.0, "EyeLookDown": 0.45, "EyeSquint": 0.2, "EyeWide": -0.2}
    turn = share.get(name.removesuffix(side), 0.0) if name.endswith(side) else 0.0
    return turned * (turn if left else np.array([-turn, turn, turn]))
