from __future__ import annotations

import numpy as np
import pytest

from generator.training import ridge

TEXTS = [{"a": 1, "b": 2}, {"a": 1}, {"c": -1, "a": 1}, {}]


def test_a_vocabulary_keeps_what_is_common_enough_and_weighs_the_rare_more() -> None:
    rows, rarity = ridge.vocabulary(TEXTS, 1)
    assert rows == {"a": 0, "b": 1, "c": 2}
    assert rarity[1] > rarity[0]
    assert ridge.vocabulary(TEXTS, 2)[0] == {"a": 0}


def test_rows_are_unit_vectors_with_signs() -> None:
    dense = ridge.matrix(TEXTS, *ridge.vocabulary(TEXTS, 1)).toarray()
    np.testing.assert_allclose(np.linalg.norm(dense, axis=1), [1, 1, 1, 0])
    assert dense[2, 2] < 0


@pytest.mark.parametrize("penalty", [0.3, np.linspace(0.1, 1, 700)])
def test_the_dual_solution_is_ridge_regression(penalty: float | np.ndarray) -> None:
    rng = np.random.default_rng(1)
    texts = [{str(n): int(rng.integers(1, 4)) for n in rng.integers(0, 40, 8)} for _ in range(700)]
    features = ridge.matrix(texts, *ridge.vocabulary(texts, 1))
    targets = rng.normal(size=(700, 2))
    weights = features.T @ ridge.duals(ridge.gram(features), targets, penalty)
    dense, trust = features.toarray(), 1 / np.broadcast_to(penalty, 700)[:, None]
    wanted = np.linalg.solve(
        dense.T @ (trust * dense) + np.eye(dense.shape[1]), dense.T @ (trust * targets)
    )
    np.testing.assert_allclose(weights, wanted, atol=1e-8)
