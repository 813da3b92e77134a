from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.compact.features import (
    DEGREES,
    SIDE_LEFT,
    SIDE_NONE,
    SIDE_RIGHT,
    SIZES,
    mirror_text,
    names_side,
    word_features,
)
from generator.corpus import load_corpus


def codes(text: str, word: str, column: int) -> int:
    """One feature of the first occurrence of a word."""
    return next(
        w.codes[column] for w in word_features(text) if text[w.start : w.end].lower() == word
    )


def test_mirroring_is_its_own_inverse_on_the_corpus() -> None:
    for script in load_corpus():
        for beat in script.beats:
            for text in (beat.anatomical, beat.original, script.prompt, script.background):
                assert mirror_text(mirror_text(text)) == text


@given(st.text(alphabet="leftrigh tLEFTRIGHT.,'", max_size=60))
def test_mirroring_is_its_own_inverse_on_anything(text: str) -> None:
    assert mirror_text(mirror_text(text)) == text


@pytest.mark.parametrize(
    ("text", "mirrored"),
    [
        ("Left eye shut, the right open.", "Right eye shut, the left open."),
        ("LEFTMOST corner, rightwards", "RIGHTMOST corner, leftwards"),
        ("There is nothing left to do right now.", "There is nothing left to do right now."),
        ("All right, head to her right.", "All right, head to her left."),
        ("brightly aleft righteous", "brightly aleft righteous"),
    ],
)
def test_mirroring_exchanges_sides_and_leaves_idioms(text: str, mirrored: str) -> None:
    assert mirror_text(text) == mirrored


def test_a_side_is_named_only_where_it_is_one() -> None:
    assert names_side("the left brow")
    assert not names_side("nothing left")
    assert not names_side("a broad smile")


def test_the_other_side_is_resolved() -> None:
    text = "The left eye shuts while the other stays open."
    assert codes(text, "other", 0) == SIDE_RIGHT
    assert codes(text, "open", 1) == SIDE_RIGHT
    assert codes(text, "eye", 1) == SIDE_LEFT


def test_a_coming_side_reaches_its_clause_only() -> None:
    text = "Brows low, mouth to the right."
    assert codes(text, "mouth", 2) == SIDE_RIGHT
    assert codes(text, "brows", 2) == SIDE_NONE


def test_degrees_bind_to_the_nearest_word_of_their_clause() -> None:
    text = "Brows barely raised, jaw fully open."
    assert codes(text, "brows", 4) == DEGREES["barely"] == 1
    assert codes(text, "jaw", 4) == DEGREES["fully"] == 7
    assert DEGREES["slightly"] < DEGREES["moderately"] < DEGREES["strongly"]


def test_negation_ends_with_its_clause() -> None:
    text = "The lips never part, the jaw drops."
    assert codes(text, "part", 5) == 1
    assert codes(text, "jaw", 5) == 0
    assert codes("It doesn't move", "move", 5) == 1


@given(st.text(max_size=200))
def test_every_code_has_its_place(text: str) -> None:
    for word in word_features(text):
        assert 0 <= word.start < word.end <= len(text)
        assert all(0 <= code < size for code, size in zip(word.codes, SIZES, strict=True))
