from __future__ import annotations

import pytest

from generator.standardise.feeling import emotion_of, feeling_of, feelings_in


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("furious", "rage"),
        ("happily", "joy"),
        ("beaming", "joy"),
        ("sobs", "grief"),
        ("sadly", "sadness"),
    ],
)
def test_feeling_of(word: str, name: str) -> None:
    feeling = feeling_of(word)
    assert feeling is not None
    assert feeling.name == name


def test_no_feeling() -> None:
    assert feeling_of("table") is None


def test_what_is_negated_is_not_felt() -> None:
    assert [f.name for f in feelings_in("not angry, just disappointed")] == ["disappointment"]


@pytest.mark.parametrize(
    ("beats", "emotion"),
    [
        (["she is sad"], "sadness"),
        (["a proud and hopeful look"], "pride and hope"),
        (["angry", "calm"], "anger turning to serenity"),
        (["angry", "sad", "calm"], "anger, sadness, then serenity"),
        (["angry", "angry"], "anger"),
        (["fights back tears", "forces a smile"], "grief held back behind a forced smile"),
        (["terror behind a polite smile"], "terror behind a polite smile"),
        (["trying not to laugh"], "amusement held back"),
        (["looks left"], ""),
    ],
)
def test_emotion(beats: list[str], emotion: str) -> None:
    assert emotion_of(beats, ", ".join(beats)) == emotion
