"""Frames: finite, read-only, compared by value."""

from __future__ import annotations

import numpy as np
import pytest

from livelink.errors import FrameError
from livelink.frame import as_values
from tests.helpers.packets import frame, ramp


def test_values_are_copied_and_read_only() -> None:
    source = np.array(ramp(), np.float32)
    made = frame(values=source)
    source[0] = 1.0
    assert made.values is not None
    assert made.values[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        made.values[0] = 1.0


@pytest.mark.parametrize(
    "values",
    [
        [0.0] * 60,
        [[0.0] * 61],
        [float("nan")] + [0.0] * 60,
        [float("inf")] * 61,
        [1e39] * 61,
        [10**400] * 61,
        ["a"] * 61,
        [None] * 61,
        3.0,
    ],
)
def test_what_no_frame_may_carry_is_refused(values: object) -> None:
    with pytest.raises(FrameError):
        as_values(values)  # type: ignore[arg-type]


def test_any_length_when_asked() -> None:
    assert as_values(np.zeros((3, 61)), shape=(-1, 61)).shape == (3, 61)
    with pytest.raises(FrameError):
        as_values(np.zeros((3, 60)), shape=(-1, 61))


def test_equal_by_value() -> None:
    assert frame() == frame()
    assert frame(values=None) == frame(values=None)
    assert frame() != frame(values=None)
    assert frame() != frame(subject="Another")
    assert frame() != frame(values=[0.5] * 61)
    assert frame() != "frame"


def test_no_face() -> None:
    assert frame().has_face
    assert not frame(values=None).has_face
