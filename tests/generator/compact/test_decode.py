from __future__ import annotations

import numpy as np

from generator.compact import units
from generator.compact.decode import Decoding, median, mirror_mean

GRID = np.array([0.0, 0.25, 0.5, 1.0], np.float32)


def chances(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array([rows], np.float32)


def test_the_mean_and_the_median_answer() -> None:
    doubt = chances((0.6, 0.0, 0.0, 0.4), (0.0, 0.0, 1.0, 0.0))
    assert np.allclose(Decoding().units(doubt, GRID), [[0.4, 0.5]])
    assert median(doubt, GRID)[0, 0] == 0.0
    assert 0.375 <= median(doubt, GRID)[0, 1] <= 0.75


def test_belief_lifts_and_doubt_holds_back() -> None:
    half = chances((0.6, 0.4, 0.0, 0.0), (0.6, 0.0, 0.0, 0.4))
    decoded = Decoding(believed=0.35, doubted=0.5).units(half, GRID, np.array([False]))
    assert np.allclose(decoded, [[0.16, 0.29]])


def test_differences_of_sides_are_widened_where_words_name_one() -> None:
    leaning = chances((0.8, 0.2, 0.0, 0.0), (0.9, 0.1, 0.0, 0.0))
    decoding = Decoding(side_gain=2.0, side_least=0.06)
    even, sided = (decoding.units(leaning, GRID, np.array([named])) for named in (False, True))
    assert np.allclose(even, [[0.05, 0.025]])
    assert np.allclose(sided[0, 0] - sided[0, 1], 0.06)


def test_mirrored_answers_are_mirrored_back() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(2, units.UNIT_COUNT, 4)).astype(np.float32)
    same = mirror_mean(logits, logits[:, units.MIRROR])
    raised = np.exp(logits)
    assert np.allclose(same, raised / raised.sum(-1, keepdims=True), atol=1e-6)
