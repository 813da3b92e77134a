"""Degrees: monotone, calibrated to what the corpus's own words mean, and unambiguous."""

from __future__ import annotations

import numpy as np
import pytest

from generator.describe.degrees import LIDS, PLAIN, RANKS, Scale


@pytest.mark.parametrize("scale", list(Scale))
def test_degrees_never_fall(scale: Scale) -> None:
    degrees = [scale.degree(value) for value in np.linspace(0, 1, 1001)]
    assert degrees == sorted(degrees)
    assert set(degrees) == set(range(9))
    assert len(scale.words) == 9


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.12, "a trace"), (0.18, "faintly"), (0.27, "slightly"), (0.45, "moderately"),
     (0.68, "strongly"), (0.96, "fully")],
)  # fmt: skip
def test_the_corpus_medians_get_their_words(value: float, word: str) -> None:
    assert word in PLAIN[Scale.FACE.degree(value)].after


def test_no_wording_stands_for_two_degrees() -> None:
    for table in (PLAIN, LIDS):
        for degree, words in enumerate(table):
            for wording in (*words.after, *words.before, *words.noun):
                assert not wording or RANKS[wording] == degree
