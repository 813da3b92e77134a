"""Performances that somebody has tampered with: read and rendered, or refused in a sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import DocumentError
from generator.performance import Performance

GOLDEN = json.loads(
    Path(__file__)
    .parents[1]
    .joinpath("generator", "golden", "performance-1.json")
    .read_text(encoding="utf-8")
)
Place = tuple[str | int, ...]

STRANGE: tuple[Any, ...] = (
    *(None, True, "", "linear", "x" * 300, "\x00", [], {}, [[]], {"a": 1}),
    *(-1, 0, 1, 1.0, 0.5, -0.0, 2**63, 10**400, 1e39, 1e308, -1e308, 36_000),
)


def _places(value: Any, here: Place = ()) -> Iterator[Place]:
    if here:
        yield here
    inner: Any = ()
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        yield from _places(item, (*here, key))


def _changed(place: Place, change: Any) -> str:
    document = copy.deepcopy(GOLDEN)
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = change
    return json.dumps(document)


@given(place=st.sampled_from(list(_places(GOLDEN))), change=st.sampled_from(STRANGE))
def test_a_changed_performance_is_rendered_or_refused(place: Place, change: Any) -> None:
    try:
        performance = Performance.loads(_changed(place, change))
    except DocumentError:
        return
    if performance.duration_s < 60.0 and performance.rate.fps <= 120:
        assert np.isfinite(performance.render().values).all()


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (("keyframes", 0, "beat"), 1.0),  # an integer by JSON Schema, and no index
        (("layers", 0, "params", "rate_per_min"), 10**400),
    ],
)
def test_what_once_ended_in_a_traceback_is_refused(place: Place, change: Any) -> None:
    with pytest.raises(DocumentError):
        Performance.loads(_changed(place, change))
