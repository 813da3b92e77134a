"""Builds the head: `python -m generator.head.build` writes assets/head/head.npz and its card.

Parametric and seeded: the same script gives the same head. Needs scipy; takes about a minute.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import assets
from generator.head import hair, lids, lower_face, openings, parts, sculpt, upper_face
from generator.head.anatomy import Anatomy
from generator.head.assembly import Assembly
from generator.head.layout import CORRECTIVES, Part
from generator.head.paint import paint_skin
from generator.head.sculpt import Points
from generator.head.skin import skin
from livelink.channels import CHANNEL_HASH, SHAPE_COUNT, Channel

_log = logging.getLogger(__name__)

SMALLEST_MOVE = 0.01
"""Displacements below this many millimetres are left out."""


def build() -> tuple[dict[str, np.ndarray], dict[str, object]]:
    """Return the head's arrays and its card."""
    surface = skin()
    normals = vertex_normals(surface.points, surface.triangles)
    anatomy = Anatomy(surface, normals)
    shapes = skin_shapes(anatomy)
    assembly = _assemble(anatomy, shapes)
    arrays = assembly.arrays()
    arrays |= _morphs(assembly.shapes)
    arrays |= _mounts(anatomy, assembly)
    card: dict[str, object] = {
        "schema": "facewright.head/1",
        "made_by": "python -m generator.head.build",
        "channel_hash": CHANNEL_HASH,
        "units": "millimetres; x to the subject's left, y up, z forward; linear colour",
        "shapes": list(shape_names()),
        "parts": {part.name.lower(): int(part) for part in Part},
        "vertices": len(arrays["vertices"]),
        "triangles": len(arrays["triangles"]),
        "eye_centre": list(sculpt.EYE_CENTRE),
    }
    return arrays, card


def skin_shapes(anatomy: Anatomy) -> dict[str, Points]:
    """Return the skin's displacements (n, 3) for each of the 52 shapes by wire name."""
    weight = lower_face.jaw_weight(anatomy)
    shapes = lower_face.single(anatomy, weight) | upper_face.single(anatomy)
    left = (
        lids.shapes(anatomy)
        | lids.correctives(anatomy)
        | upper_face.paired(anatomy)
        | lower_face.paired(anatomy)
    )
    for stem, moves in left.items():
        shapes[f"{stem}Left"] = moves
    for name in [name for name in shapes if name.endswith("Left")]:
        shapes[name.replace("Left", "Right")] = anatomy.mirrored(shapes[name])
    return shapes


def shape_names() -> tuple[str, ...]:
    """Return the shapes' names in the file's order: the 52 of the wire, then the correctives."""
    return (*(Channel(i).name for i in range(SHAPE_COUNT)), *CORRECTIVES)


def vertex_normals(points: Points, triangles: np.ndarray) -> Points:
    """Return unit normals (n, 3), faces weighted by their area."""
    corner = points[triangles]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    total = np.zeros_like(points)
    for k in range(3):
        np.add.at(total, triangles[:, k], face)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


def _assemble(anatomy: Anatomy, shapes: dict[str, Points]) -> Assembly:
    colour, shade, gloss = paint_skin(anatomy)
    assembly = Assembly(anatomy.skin, colour, shade, gloss, shapes)
    assembly.add_pair(parts.eyeball(), parts.eyeball().mirrored(Part.EYE_RIGHT), gloss=1.0)
    for upper in (True, False):
        for tooth in parts.teeth(upper=upper):
            assembly.add(tooth, gloss=0.75)
        assembly.add(parts.gums(upper=upper), gloss=0.6)
    assembly.add_tongue(parts.tongue())
    ear = parts.ear()
    assembly.add_pair(ear, ear.mirrored(Part.EAR_RIGHT), gloss=0.25)
    assembly.add_hair(hair.brow(anatomy), None, Part.BROW_RIGHT)
    made, turned = hair.lashes(anatomy, shapes["EyeBlinkLeft"])
    assembly.add_hair(made, turned, Part.LASHES_RIGHT)
    return assembly


def _morphs(shapes: dict[str, Points]) -> dict[str, np.ndarray]:
    starts, indices, moves = [0], [], []
    for name in shape_names():
        (moved,) = np.nonzero(np.linalg.norm(shapes[name], axis=1) > SMALLEST_MOVE)
        indices.append(moved)
        moves.append(shapes[name][moved])
        starts.append(starts[-1] + len(moved))
    return {
        "morph_starts": np.array(starts, dtype=np.int32),
        "morph_vertices": np.concatenate(indices).astype(np.uint16),
        "morph_moves": np.concatenate(moves).astype(np.float16),
    }


def _mounts(anatomy: Anatomy, assembly: Assembly) -> dict[str, np.ndarray]:
    """Return what holds what: the neck's weights and the lids' smallest radius on the eye."""
    points = assembly.points
    z = points[:, 2]
    top = np.interp(z, [-95, -40, 20, 45], [-50.0, -70.0, -112.0, -124.0])
    low = np.interp(z, [-95, 40], [-178.0, -192.0])
    t = np.clip((points[:, 1] - low) / (top - low), 0, 1)
    neck = t * t * (3 - 2 * t)
    neck[len(anatomy.points) :] = 1.0
    rings = anatomy.skin.eyes[:, openings.MARGIN_RING : openings.MARGIN_RING + 9]
    radius = np.full(rings.shape, sculpt.EYE_RADIUS + 0.95)
    radius[:, 0] = sculpt.EYE_RADIUS + 0.12
    centres = np.array([sculpt.EYE_CENTRE, np.multiply(sculpt.EYE_CENTRE, [-1, 1, 1])])
    rest = np.linalg.norm(anatomy.points[rings] - centres[:, None, None], axis=-1)
    radius = np.clip(rest - 0.02, sculpt.EYE_RADIUS + 0.1, radius)
    margin = anatomy.skin.eyes[:, openings.MARGIN_RING, openings.EYE_HALF // 2]
    return {
        "neck": neck.astype(np.float32),
        "lid_vertices": rings.reshape(2, -1).astype(np.uint16),
        "lid_radius": radius.reshape(2, -1).astype(np.float32),
        "lid_peak": margin.astype(np.uint16),
        "eye_centres": np.array(
            [sculpt.EYE_CENTRE, np.multiply(sculpt.EYE_CENTRE, [-1, 1, 1])]
        ).astype(np.float32),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the head and write it to assets/head, or to the folder given."""
    import sys

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    given = list(sys.argv[1:] if arguments is None else arguments)
    folder = Path(given[0]) if given else Path(assets.__file__).parent / "head"
    arrays, card = build()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "head.npz"
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # arrays by name only
    card["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "head.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    _log.info(
        "%s: %s vertices, %s triangles, %d kB",
        path,
        card["vertices"],
        card["triangles"],
        path.stat().st_size // 1000,
    )


if __name__ == "__main__":
    main()
