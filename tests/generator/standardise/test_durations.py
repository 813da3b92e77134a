from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.standardise.durations import durations, is_pause


@pytest.mark.parametrize(
    ("text", "seconds", "role"),
    [
        ("for two seconds", 2.0, "hold"),
        ("over 1.5s", 1.5, "transition"),
        ("in 300 ms", 0.3, "transition"),
        ("within a second", 1.0, "transition"),
        ("half a second", 0.5, "hold"),
        ("a quarter of a second", 0.25, "hold"),
        ("a second and a half", 1.5, "hold"),
        ("two and a half seconds", 2.5, "hold"),
        ("a couple of seconds", 2.0, "hold"),
        ("three full seconds", 3.0, "hold"),
        (".5 sec", 0.5, "hold"),
        ("two seconds later", 2.0, "delay"),
        ("after 3 seconds", 3.0, "delay"),
        ("1.5 s transition", 1.5, "transition"),
        ("a second to arrive", 1.0, "transition"),
    ],
)
def test_one_duration(text: str, seconds: float, role: str) -> None:
    (found,) = durations(text)
    assert found.seconds == pytest.approx(seconds)
    assert found.role == role
    assert found.exact


@pytest.mark.parametrize("text", ["a second helping", "every second", "0 s", "5 minutes late", "s"])
def test_no_duration(text: str) -> None:
    assert list(durations(text)) == []


def test_a_beat_is_not_exact() -> None:
    (found,) = durations("a long beat")
    assert (found.seconds, found.exact) == (2.0, False)


@pytest.mark.parametrize(
    "text",
    ["two seconds", "beat", "a long beat", "holds it for 2s", "for three full seconds", "Hold"],
)
def test_pauses(text: str) -> None:
    assert is_pause(text)


@pytest.mark.parametrize("text", ["she smiles for two seconds", "frown", "", "holds the grudge"])
def test_no_pauses(text: str) -> None:
    assert not is_pause(text)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="0123456789.asec ndhlftwo-mi", max_size=200))
def test_durations_are_positive_and_inside_the_text(text: str) -> None:
    for found in durations(text):
        assert found.seconds > 0.0
        assert 0 <= found.start < found.end <= len(text)
