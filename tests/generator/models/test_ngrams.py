from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from generator.models.ngrams import MAX_CHARACTERS, context_features, features, read_words

TEXT = "left right the eye closes , . other brow not lifts slightly and all up mouth; both"
WORDS = TEXT.split()


def swapped(text: str) -> str:
    return text.replace("left", "\0").replace("right", "left").replace("\0", "right")


@given(st.lists(st.sampled_from(WORDS), max_size=30))
@hypothesis_settings(max_examples=80, deadline=None)
def test_a_mirrored_text_has_the_same_and_the_opposite_features(words: list[str]) -> None:
    text = " ".join(words)
    even, odd = features(text)
    mirrored_even, mirrored_odd = features(swapped(text))
    assert mirrored_even == even
    assert mirrored_odd == {name: -count for name, count in odd.items()}


@given(st.text(max_size=300))
@hypothesis_settings(max_examples=80, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    even, odd = features(text)
    counts = [*even.values(), *odd.values(), *context_features(text).values()]
    assert all(math.isfinite(count) for count in counts)


def sides(text: str) -> list[int]:
    return [word.side for word in read_words(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the left eye", [0, 1, 0]),
        ("RIGHTWARD gaze", [-1, 0]),
        ("all right then", [0, 0, 0]),
        ("she looks right now", [0, 0, 0, 0]),
        ("Eyes shut. Right. Left.", [0, 0, -1, 1]),
        ("look left.", [0, 1]),
        ("left brow up, the other down", [1, 0, 0, 0, -1, 0]),
        ("the other one", [0, 0, 0]),
    ],
)
def test_sides_and_words_that_only_look_like_sides(text: str, wanted: list[int]) -> None:
    assert sides(text) == wanted


def test_a_negation_reaches_to_the_end_of_its_clause() -> None:
    denied = {word.text: word.denied for word in read_words("no big smile, brows up")}
    assert denied == {"no": False, "big": True, "smile": True, "brows": False, "up": False}
    even, _ = features("no smile")
    assert "smile" not in even
    assert even["!smile"] == 1


def test_degrees_are_one_word() -> None:
    assert [word.key for word in read_words("moderate half faintly fully")] == [
        "#2",
        "#2",
        "#0",
        "#4",
    ]


def test_what_is_too_long_is_not_read() -> None:
    assert len(read_words("a " * MAX_CHARACTERS)) == MAX_CHARACTERS // 2
    assert features("ﷺ" * 100_000) == ({}, {})  # one character that normalises to eighteen
