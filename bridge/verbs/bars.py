"""Faces in the terminal: the busiest channels as bars. Builds renderables, prints nothing."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from livelink.channels import CHANNELS, Region
from livelink.frame import Values

_WIDTH = 24
_COLOURS = {
    Region.LIDS: "cyan",
    Region.GAZE: "blue",
    Region.BROWS: "yellow",
    Region.CHEEKS: "magenta",
    Region.NOSE: "magenta",
    Region.JAW: "green",
    Region.MOUTH: "green",
    Region.TONGUE: "red",
    Region.HEAD: "white",
}
_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(value: float, width: int = _WIDTH) -> str:
    """Return a bar of `value` (its size counts, 0 ... 1) drawn in eighths of a character."""
    eighths = round(min(abs(value), 1.0) * width * 8)
    full, rest = divmod(eighths, 8)
    text = "█" * full + (_EIGHTHS[rest] if rest else "")
    return text.ljust(width)


def face_bars(values: Values | None, *, rows: int = 12) -> RenderableType:
    """Return the `rows` busiest channels as labelled bars, in wire order so that they stay put.

    Args:
        values: (61,) in wire order, or None for 'no face'.
        rows: How many channels to show.
    """
    if values is None:
        return Text("no face", style="yellow")
    loudest = sorted(CHANNELS, key=lambda info: -abs(float(values[info.channel])))[:rows]
    table = Table.grid(padding=(0, 1))
    for info in sorted(loudest, key=lambda info: info.channel):
        value = float(values[info.channel])
        colour = _COLOURS[info.region]
        table.add_row(info.name, Text(bar(value), style=colour), f"{value:+.2f}")
    return Group(table)
