from __future__ import annotations

import numpy as np
import pytest

from generator.evaluation.ranking import ranks, retrieval


def test_ranks_by_hand() -> None:
    distances = np.array([[0.1, 0.5, 0.9], [0.2, 0.3, 0.4], [0.1, 0.2, 0.3]])
    assert ranks(distances).tolist() == [0, 1, 2]


def test_ties_count_against() -> None:
    assert ranks(np.zeros((3, 3))).tolist() == [2, 2, 2]
    near = np.array([[0.5, 0.5 + 1e-12], [0.9, 0.1]])
    assert ranks(near).tolist() == [1, 0]


def test_a_perfect_prediction_scores_1() -> None:
    found = retrieval(1.0 - np.eye(40))
    assert (found.r1, found.r3, found.chance) == (1.0, 1.0, 1 / 32)


def test_a_constant_prediction_scores_at_chance() -> None:
    same = np.tile(np.random.default_rng(0).random(100), (100, 1))  # to every script its distance
    found = retrieval(same, pool=32, rounds=3)
    assert found.r1 == pytest.approx(1 / 32)
    assert found.r3 == pytest.approx(3 / 32)


def test_a_prediction_that_cannot_tell_scores_0() -> None:
    assert retrieval(np.zeros((50, 50)), rounds=3).r3 == 0.0


def test_few_scripts_make_a_small_pool() -> None:
    found = retrieval(np.array([[0.0, 1.0], [0.0, 1.0]]), rounds=4)
    assert (found.r1, found.r3, found.chance) == (0.5, 1.0, 0.5)


def test_pools_are_drawn_by_seed() -> None:
    distances = np.random.default_rng(1).random((60, 60))
    assert retrieval(distances, seed=1, rounds=3) == retrieval(distances, seed=1, rounds=3)
    assert retrieval(distances, seed=1, rounds=3) != retrieval(distances, seed=2, rounds=3)
