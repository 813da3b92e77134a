"""Contact sheets: `python -m generator.head.sheet channels|expressions OUT.png`.

`channels` draws each of the 61 channels at 0, 0.5 and 1 (rotations at -1, 0 and 1 times their usual
extent); `expressions` draws twenty whole faces from the authored corpus, front and three-quarter.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assets import asset
from generator.corpus import compile_pose
from generator.head.picture import BACKGROUND, CAMERAS, render
from generator.head.png import Image, write_png
from generator.head.raster import Camera
from generator.head.text import HEIGHT, text_width, write_text
from livelink.channels import CHANNEL_COUNT, CHANNELS, SHAPE_COUNT, Channel, Region, of_region
from livelink.frame import Values

EXPRESSIONS: tuple[tuple[str, str, int], ...] = (
    ("false delight", "t01-001", 1),
    ("laughing and crying", "t01-003", 1),
    ("nausea", "t01-019", 1),
    ("sour lemon", "t01-024", 1),
    ("open fury", "t03-003", 2),
    ("terror", "t03-004", 1),
    ("elation", "t03-001", 0),
    ("brain freeze", "t01-035", 0),
    ("sobbing", "t03-071", 2),
    ("cocky wink", "t03-049", 0),
    ("swallowed giggle", "t03-025", 0),
    ("grossed out", "t03-074", 0),
    ("aghast", "t03-009", 0),
    ("the blowfish", "t04-056", 1),
    ("smugness", "t03-005", 0),
    ("utmost strain", "t23-090", 0),
    ("sulking", "t16-041", 3),
    ("innocence, badly played", "t12-009", 0),
    ("gloating", "t03-019", 0),
    ("tenderness", "t03-023", 0),
)
"""(caption, script id in assets/corpus, beat)."""

_FACE = Camera(height=252.0, target=(0.0, -30.0, 30.0))
_THREE_QUARTER = Camera(yaw=CAMERAS["three-quarter"].yaw, height=252.0, target=(0.0, -30.0, 30.0))
_HEAD_TURN = np.pi / 4
_LABEL = 16


def channel_sheet(cell: int = 128, columns: int = 4) -> Image:
    """Return the picture of every channel at three strengths, labelled.

    Args:
        cell: Pixels that one face is wide and high.
        columns: Channels a row.
    """
    tiles = []
    for channel in Channel:
        faces = [render(values, (cell, cell), _camera(channel)) for values in strengths(channel)]
        tiles.append(_labelled(np.concatenate(faces, axis=1), channel.name))
    return _table(tiles, columns)


def _camera(channel: Channel) -> Camera:
    region = CHANNELS[channel].region
    if region is Region.HEAD:
        return CAMERAS["front"]
    from_side = {Channel.JawForward, Channel.TongueOut, Channel.MouthPucker, Channel.MouthFunnel}
    yaw = _THREE_QUARTER.yaw if channel in from_side else 0.0
    height, y = {
        Region.LIDS: (105.0, 6.0),
        Region.GAZE: (105.0, 6.0),
        Region.BROWS: (125.0, 20.0),
        Region.NOSE: (140.0, -28.0),
        Region.MOUTH: (120.0, -64.0),
    }.get(region, (170.0, -52.0))
    return Camera(yaw=yaw, height=height, target=(0.0, y, 65.0))


def strengths(channel: Channel) -> Iterator[Values]:
    """Yield the values that show a channel, weakest first."""
    steps = (0.0, 0.5, 1.0)
    if channel >= SHAPE_COUNT:
        extent = _HEAD_TURN if channel in of_region(Region.HEAD) else 0.5
        steps = (-extent, 0.0, extent)
    for step in steps:
        values = np.zeros(CHANNEL_COUNT, dtype=np.float32)
        values[channel] = step
        if channel is Channel.MouthClose:  # says nothing over a closed jaw
            values[Channel.JawOpen] = 1.0
        yield values


def expression_sheet(cell: int = 256, columns: int = 5) -> Image:
    """Return the picture of twenty whole expressions, front and three-quarter, labelled."""
    tiles = []
    for caption, script, beat in EXPRESSIONS:
        values = corpus_pose(script, beat)
        faces = [render(values, (cell, cell), view) for view in (_FACE, _THREE_QUARTER)]
        tiles.append(_labelled(np.concatenate(faces, axis=1), caption))
    return _table(tiles, columns)


def corpus_pose(script: str, beat: int) -> Values:
    """Return the 61 values of a beat of the shipped corpus.

    Args:
        script: The script's id, such as "t01-001".
        beat: The beat's index.

    Raises:
        KeyError: The corpus has no such script or beat.
    """
    path = asset("corpus", f"{script.partition('-')[0]}.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["id"] == script and beat < len(entry["beats"]):
            return np.asarray(compile_pose(entry["beats"][beat]["pose"]), dtype=np.float32)
    raise KeyError(f"{path} has no beat {beat} of {script}")


def _labelled(faces: Image, caption: str) -> Image:
    scale = 1 if faces.shape[0] < 200 else 2
    label = _LABEL * scale
    tile = np.full((faces.shape[0] + label, faces.shape[1], 3), BACKGROUND, dtype=np.uint8)
    tile[label:] = faces
    start = max((faces.shape[1] - text_width(caption, scale)) // 2, 2)
    write_text(tile, caption, (start, (label - HEIGHT * scale) // 2), scale=scale)
    return np.pad(tile, ((0, 4), (0, 4), (0, 0)))


def _table(tiles: list[Image], columns: int) -> Image:
    blank = np.zeros_like(tiles[0])
    tiles = tiles + [blank] * (-len(tiles) % columns)
    rows = [np.concatenate(tiles[i : i + columns], axis=1) for i in range(0, len(tiles), columns)]
    return np.concatenate(rows, axis=0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw a contact sheet and write it to a PNG file."""
    parser = argparse.ArgumentParser(prog="python -m generator.head.sheet", description=__doc__)
    parser.add_argument("kind", choices=("channels", "expressions"))
    parser.add_argument("out", type=Path, help="the PNG file to write")
    parser.add_argument("--cell", type=int, default=None, help="pixels that one face is wide")
    options = parser.parse_args(arguments)
    draw = channel_sheet if options.kind == "channels" else expression_sheet
    write_png(options.out, draw() if options.cell is None else draw(cell=options.cell))


if __name__ == "__main__":
    main()
