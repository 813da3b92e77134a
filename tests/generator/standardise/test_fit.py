from __future__ import annotations

import numpy as np
from scipy.optimize import check_grad

from generator.standardise.fit import _loss, corpus, fit_count, fit_timing, report


def test_the_split_is_fixed_and_disjoint() -> None:
    tuned, held = corpus(held_out=False), corpus(held_out=True)
    assert not {row["id"] for row in tuned} & {row["id"] for row in held}
    assert 0.2 < len(held) / (len(held) + len(tuned)) < 0.3


def test_counting_beats_always_two_by_a_wide_margin() -> None:
    scores = report(corpus(held_out=True))
    assert scores["count exact"] >= scores["count exact, always two"] + 0.10
    assert scores["count within one"] > scores["count within one, always two"]
    assert scores["transition error, log"] < scores["transition error, log, one median"]
    assert scores["hold error, log"] < scores["hold error, log, one median"]


def test_the_gradient_is_the_slope() -> None:
    rng = np.random.default_rng(5)
    inputs, mask = rng.normal(size=(6, 4, 3)), np.ones((6, 4))
    mask[2, 2:] = 0.0
    counts, prior = np.array([1, 2, 3, 4, 5, 2]), np.zeros(3)
    args = (inputs, mask, counts, prior)
    error = check_grad(
        lambda w: _loss(w, *args)[0], lambda w: _loss(w, *args)[1], rng.normal(size=3)
    )
    assert error < 1e-4


def test_fitting_learns_that_then_separates() -> None:
    rows = corpus(held_out=False)[:120]
    weights = fit_count(rows)
    assert weights["link then"] > weights.get("kind comma link none", 0.0) + 1.0


def test_fast_words_are_faster() -> None:
    fitted = fit_timing(corpus(held_out=False))
    assert fitted["factors"]["fast"][0] < 0.7
    assert set(fitted["places"]) == {"only", "first", "middle", "last"}
