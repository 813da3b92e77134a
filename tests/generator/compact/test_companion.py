from __future__ import annotations

import numpy as np
import pytest

from generator.compact import units
from generator.compact.beats import placed
from generator.compact.companion import Companion, spread
from generator.models.lexical import LexicalModel

GRID = np.array([0.0, 0.25, 0.5, 1.0], np.float32)


@pytest.fixture(scope="module")
def lexical() -> LexicalModel:
    return LexicalModel.load()


def _silent(count: int) -> np.ndarray:
    chances = np.zeros((count, units.UNIT_COUNT, len(GRID)), np.float32)
    chances[..., 0] = 1.0
    return chances


def test_a_point_is_spread_over_its_two_neighbours() -> None:
    values = np.array([[0.0, 0.125, 0.5, 0.9, 1.0, 1.3]], np.float32)
    chances = spread(values, GRID)
    np.testing.assert_allclose(chances.sum(-1), 1.0, atol=1e-6)
    np.testing.assert_allclose(chances @ GRID, np.minimum(values, 1.0), atol=1e-6)
    assert (chances > 0).sum(-1).max() <= 2


def test_the_share_is_the_weight_of_its_voice(lexical: LexicalModel) -> None:
    pairs = [("Both eyes close fully.", None), ("The jaw drops fully.", None)]
    mixed = Companion(0.25, lexical).join(_silent(2), pairs, GRID)
    np.testing.assert_allclose(mixed.sum(-1), 1.0, atol=1e-5)
    heard = mixed @ GRID
    blink, jaw = units.INDEX["EyeBlinkLeft"], units.INDEX["JawOpen"]
    assert 0.15 < heard[0, blink] <= 0.25
    assert 0.15 < heard[1, jaw] <= 0.25
    assert heard[0, jaw] < 0.05


def test_without_a_share_nothing_is_loaded_or_changed() -> None:
    chances = _silent(1)
    assert Companion(0.0).join(chances, [("anything", None)], GRID) is chances


def test_the_beats_place_is_none_of_its_words(lexical: LexicalModel) -> None:
    companion = Companion(1.0, lexical)
    text, context = "She grins at last.", "a long day joy"
    plain = companion.join(_silent(1), [(text, context)], GRID)
    told = companion.join(_silent(1), [(text, placed(context, 1, 3))], GRID)
    np.testing.assert_array_equal(plain, told)
