from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from bridge.verbs.bars import bar, face_bars
from livelink.channels import CHANNEL_COUNT, Channel


def _drawn(values: np.ndarray | None) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(face_bars(values))
    return console.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO above


@pytest.mark.parametrize(
    ("value", "drawn"), [(0.0, "    "), (1.0, "████"), (0.5, "██  "), (-0.5, "██  "), (9.0, "████")]
)
def test_a_bar_shows_size(value: float, drawn: str) -> None:
    assert bar(value, 4) == drawn


def test_the_busiest_channels_are_shown_in_wire_order() -> None:
    values = np.zeros(CHANNEL_COUNT, np.float32)
    values[[Channel.HeadYaw, Channel.JawOpen]] = -0.5, 0.9
    text = _drawn(values)
    assert text.index("JawOpen") < text.index("HeadYaw")
    assert "-0.50" in text
    assert len(text.splitlines()) == 12


def test_no_face_is_said() -> None:
    assert "no face" in _drawn(None)
