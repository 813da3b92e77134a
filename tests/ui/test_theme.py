from __future__ import annotations

import re

import pytest
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from livelink.channels import Region
from ui.theme import DARK, LIGHT, Colors, apply, colors_of, region_color, rgb


def luminance(color: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [part / 255 for part in rgb(color)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [DARK, LIGHT])
@pytest.mark.parametrize("ground", ["ground", "panel", "field"])
def test_words_can_be_read(colors: Colors, ground: str) -> None:
    under = getattr(colors, ground)
    assert contrast(colors.text, under) >= 7.0
    assert contrast(colors.dim, under) >= 4.5
    assert contrast(colors.danger, under) >= 4.0


@pytest.mark.parametrize("colors", [DARK, LIGHT])
def test_words_on_the_accent_can_be_read(colors: Colors) -> None:
    assert contrast(colors.on_accent, colors.accent) >= 4.0


@pytest.mark.parametrize("colors", [DARK, LIGHT])
def test_every_region_has_a_colour_of_its_own(colors: Colors) -> None:
    names = [region_color(region, colors).name() for region in Region]
    assert len(set(names)) == len(Region)
    assert all(contrast(name, colors.ground) >= 3.0 for name in names)


@pytest.mark.parametrize(("choice", "colors"), [("dark", DARK), ("light", LIGHT)])
def test_the_application_wears_it(qtbot: QtBot, choice: str, colors: Colors) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    assert apply(app, choice) is colors
    assert colors_of(app.palette()) is colors
    named = set(re.findall(r"#[0-9a-f]{6}", app.styleSheet()))
    assert {colors.accent, colors.panel} <= named
    assert all(QColor(name).isValid() for name in named)
    apply(app, "system")
