from __future__ import annotations

import pytest

from generator import corpus
from generator.compact import report
from generator.compact.beats import beats_of

BEATS = beats_of(corpus.load_corpus()[:3])
GOOD = {"f1": 0.99, "side": 0.99, "r1": 0.99, "r3": 0.99, "mae": 0.01}


def test_each_reading_gives_the_words_it_says() -> None:
    anatomical = report.asked(BEATS, "anatomical")
    assert anatomical.pairs[0] == (BEATS[0].anatomical, None)
    assert anatomical.texts[0] == BEATS[0].anatomical
    original = report.asked(BEATS, "original with context")
    assert original.pairs[0] == (BEATS[0].original, BEATS[0].context)
    assert original.texts[0].endswith(BEATS[0].original)
    assert report.asked(BEATS, "prompt").pairs[0] == (BEATS[0].prompt, None)
    assert anatomical.targets.shape == (len(BEATS), 61)


@pytest.mark.parametrize(
    ("name", "value", "line"), [("f1", 0.79, "f1 >= 0.8"), ("mae", 0.08, "mae <= 0.075")]
)
def test_what_falls_short_is_named(name: str, value: float, line: str) -> None:
    kind = "original with context"
    table = {"anatomical": GOOD, kind: {**GOOD, name: value}}
    reached = report.meets(table)
    assert reached.pop(f"{kind} {line}") is False
    assert all(reached.values())
