"""Colours and style sheet, dark and light. The palette follows the system unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

from assets import asset
from livelink.channels import Region

DARK_BELOW = 128  # lightness of a window's ground


@dataclass(frozen=True, slots=True)
class Colors:
    """The colours of a theme, as #rrggbb.

    Attributes:
        ground: Behind everything.
        panel: Of the areas on it.
        field: What is typed into, and cards.
        raised: Buttons.
        hover: Under the mouse.
        line: Borders.
        text, dim: Words, and words that matter less.
        accent, on_accent: What to press next, the playhead, and words on it.
        danger, good, caution: Panic and errors, what works, what is old.
        stage: Behind the head.
    """

    ground: str
    panel: str
    field: str
    raised: str
    hover: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    danger: str
    good: str
    caution: str
    stage: str


DARK = Colors(
    ground="#17191f",
    panel="#1f222a",
    field="#272b35",
    raised="#323744",
    hover="#3d4352",
    line="#3a404e",
    text="#e8eaf0",
    dim="#9ba3b4",
    accent="#f2a65a",
    on_accent="#23170a",
    danger="#ec6a5e",
    good="#6fcf97",
    caution="#e5c558",
    stage="#262a33",
)

LIGHT = Colors(
    ground="#e9ebf0",
    panel="#f7f8fa",
    field="#ffffff",
    raised="#e6e9f0",
    hover="#d9dee8",
    line="#c9cfdb",
    text="#1d2230",
    dim="#5c6578",
    accent="#b85a14",
    on_accent="#ffffff",
    danger="#c43d33",
    good="#1f8a52",
    caution="#8a6a00",
    stage="#dde1e9",
)

_REGIONS = {
    Region.LIDS: ("#7fb2f0", "#2f6fb8"),
    Region.GAZE: ("#6fd3d8", "#16848a"),
    Region.BROWS: ("#b99af2", "#6b45c4"),
    Region.CHEEKS: ("#f29bb7", "#b83d68"),
    Region.NOSE: ("#d9c27a", "#8a6d10"),
    Region.JAW: ("#f2a65a", "#b05a14"),
    Region.MOUTH: ("#f07f72", "#bb392c"),
    Region.TONGUE: ("#e88bd8", "#a0308c"),
    Region.HEAD: ("#8fd694", "#2e8037"),
}


def colors_of(palette: QPalette) -> Colors:
    """Return the theme that a widget's palette belongs to."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightness() < DARK_BELOW else LIGHT


def region_color(region: Region, colors: Colors) -> QColor:
    """Return the colour of a part of the face."""
    dark, light = _REGIONS[region]
    return QColor(dark if colors is DARK else light)


def rgb(color: str) -> tuple[int, int, int]:
    """Return #rrggbb as three numbers."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def apply(app: QApplication, choice: str = "system") -> Colors:
    """Dress the application.

    Args:
        app: The application.
        choice: "dark", "light", or "system" (dark where the system does not say).
    """
    hints = app.styleHints()
    system_light = hints is not None and hints.colorScheme() is Qt.ColorScheme.Light
    light = choice == "light" or (choice == "system" and system_light)
    colors = LIGHT if light else DARK
    app.setStyle("Fusion")
    app.setPalette(_palette(colors))
    app.setStyleSheet(_style_sheet(colors))
    return colors


def _palette(colors: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for which, color in (
        (role.Window, colors.ground),
        (role.WindowText, colors.text),
        (role.Base, colors.field),
        (role.AlternateBase, colors.panel),
        (role.Text, colors.text),
        (role.Button, colors.raised),
        (role.ButtonText, colors.text),
        (role.BrightText, colors.danger),
        (role.ToolTipBase, colors.raised),
        (role.ToolTipText, colors.text),
        (role.Highlight, colors.accent),
        (role.HighlightedText, colors.on_accent),
        (role.PlaceholderText, colors.dim),
        (role.Link, colors.accent),
        (role.Mid, colors.line),
    ):
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colors.dim))
    return palette


def _style_sheet(colors: Colors) -> str:
    names = {name: getattr(colors, name) for name in Colors.__slots__}
    return Template(asset("ui", "window.qss").read_text(encoding="utf-8")).substitute(names)
