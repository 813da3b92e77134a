from __future__ import annotations

import numpy as np
import pytest

from generator import corpus
from generator.compact import units
from generator.compact.augment import Epochs, Fragment, Mix, composed, fragments
from generator.compact.beats import ReadBeat, beats_of
from generator.compact.phrases import phrase


def beat(anatomical: str, **pose: float) -> ReadBeat:
    values = np.zeros(units.UNIT_COUNT, np.float32)
    for name, value in pose.items():
        values[units.INDEX[name]] = value
    return ReadBeat("t/0", "t", anatomical, "", "", "", "", 0, 1, values)


def test_sentences_are_cut_with_the_channels_they_speak_of() -> None:
    found = fragments(
        beat("Both brows lift strongly. The jaw drops.", BrowInnerUp=0.7, JawOpen=0.5)
    )
    assert [f.text for f in found] == ["Both brows lift strongly.", "The jaw drops."]
    assert [f.units.sum().round(2) for f in found] == [0.7, 0.5]


def test_sentences_that_share_a_region_stay_together() -> None:
    text = "The brows lift. The jaw drops. Those brows then knit."
    found = fragments(beat(text, BrowInnerUp=0.7, BrowDownLeft=0.3, JawOpen=0.5))
    assert sorted(f.text for f in found) == [
        "The brows lift. Those brows then knit.",
        "The jaw drops.",
    ]


def test_a_beat_with_unspoken_values_is_not_cut() -> None:
    assert fragments(beat("The jaw drops. The brows lift.", NoseSneerLeft=0.4)) == []


def test_composed_texts_add_up() -> None:
    values = np.eye(3, units.UNIT_COUNT, dtype=np.float32)
    pool = [
        Fragment(text, frozenset([region]), values[row])
        for row, (text, region) in enumerate(
            [("Brows up;", "brow"), ("jaw drops.", "lower"), ("Head back.", "head")]
        )
    ]
    rng = np.random.default_rng(0)
    for _ in range(30):
        example = composed(pool, rng)
        spoken = sum(f.units for f in pool if f.text.rstrip(";") in example.text)
        assert np.array_equal(example.units, spoken)


def test_epochs_are_seeded_and_in_range() -> None:
    beats = beats_of(corpus.load_corpus()[:60])
    epochs = Epochs(beats, Mix())
    first, again = (epochs.draw(np.random.default_rng(5)) for _ in range(2))
    assert [e.text for e in first] == [e.text for e in again]
    assert any(e.context is None for e in first)
    assert any(e.context for e in first)
    for example in first:
        assert example.text.strip()
        assert example.units.min() >= 0
        assert example.units.max() <= 1


@pytest.mark.parametrize("seed", range(40))
def test_phrases_say_what_they_mean(seed: int) -> None:
    text, values = phrase(np.random.default_rng(seed))
    assert text
    assert values.max() > 0
    asymmetric = np.abs(values - values[units.MIRROR]).max() > 0
    assert asymmetric == ("left" in text.lower() or "right" in text.lower())
