from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.evaluation.alignment import align, pose_costs, warped_distances
from livelink.channels import CHANNEL_COUNT, Channel


def _pose(**values: float) -> np.ndarray:
    pose = np.zeros(CHANNEL_COUNT)
    for name, value in values.items():
        pose[Channel[name]] = value
    return pose


SMILE = _pose(MouthSmileLeft=0.5, MouthSmileRight=0.5)
JAW = _pose(JawOpen=0.8)
NOD, UP = _pose(HeadPitch=-0.3), _pose(HeadPitch=0.2)
NEUTRAL = _pose()


def test_costs_of_poses_are_those_of_their_directions() -> None:
    costs = pose_costs(np.stack([SMILE, NOD, NEUTRAL]), np.stack([SMILE * 2, JAW, UP, NEUTRAL]))
    assert costs == pytest.approx(np.array([[0, 1, 1, 1], [1, 1, 2, 1], [1, 1, 1, 0]]), abs=1e-12)


def test_eye_rotations_count_only_through_the_look_shapes() -> None:
    looking = SMILE + _pose(LeftEyeYaw=0.5, RightEyeYaw=0.5)
    assert pose_costs(looking[None], SMILE[None])[0, 0] == pytest.approx(0.0, abs=1e-12)


def test_the_head_weighs_in_units_of_45_degrees() -> None:
    half = _pose(JawOpen=1.0, HeadYaw=np.pi / 4)
    assert pose_costs(half[None], JAW[None])[0, 0] == pytest.approx(1 - np.sqrt(0.5))


def test_an_alignment_worked_out_by_hand() -> None:
    # A A B against A B: the second A costs nothing beside the first.
    costs = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert align(costs) == ((0, 0), (1, 0), (2, 1))
    assert align(costs.T) == ((0, 0), (0, 1), (1, 2))


def test_order_is_kept_even_where_it_costs() -> None:
    crossed = np.array([[1.0, 0.5], [0.0, 1.0]])
    # Along the edge 2 + 0 + 1 = 3; through the middle 2 + 2 = 4, and 2 + .5 + 1 on the other side.
    assert align(crossed) == ((0, 0), (1, 0), (1, 1))
    assert warped_distances([np.stack([SMILE, JAW])], [np.stack([JAW, SMILE])])[
        0, 0
    ] == pytest.approx(3 / 4)


def test_of_equal_ways_the_straightest_is_taken() -> None:
    assert align(np.zeros((3, 3))) == ((0, 0), (1, 1), (2, 2))
    assert align(np.zeros((1, 3))) == ((0, 0), (0, 1), (0, 2))


def test_distances_of_scripts_of_different_lengths() -> None:
    one, two = np.stack([SMILE]), np.stack([SMILE, JAW])
    distances = warped_distances([one, two], [one, two])
    # SMILE against SMILE, JAW: 2 * 0 + 1 over 1 + 2.
    assert distances == pytest.approx(np.array([[0, 1 / 3], [1 / 3, 0]]), abs=1e-12)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 999))
@settings(deadline=None, max_examples=60)
def test_alignments_are_monotone_whole_and_the_cheapest(n: int, m: int, seed: int) -> None:
    costs = np.random.default_rng(seed).random((n, m)).round(1)
    way = align(costs)
    assert way[0] == (0, 0)
    assert way[-1] == (n - 1, m - 1)
    assert {row for row, _ in way} == set(range(n))
    assert {column for _, column in way} == set(range(m))
    for step in itertools.pairwise(way):
        assert _weight(*step) > 0
    assert _price(costs, way) == pytest.approx(_cheapest(costs, n - 1, m - 1))


def _weight(before: tuple[int, int], after: tuple[int, int]) -> int:
    return {(1, 1): 2, (0, 1): 1, (1, 0): 1}.get((after[0] - before[0], after[1] - before[1]), 0)


def _price(costs: np.ndarray, way: tuple[tuple[int, int], ...]) -> float:
    first = 2.0 * float(costs[0, 0])
    return first + sum(_weight(*step) * float(costs[step[1]]) for step in itertools.pairwise(way))


def _cheapest(costs: np.ndarray, row: int, column: int) -> float:
    """The definition, without tables."""
    cost = float(costs[row, column])
    if row == column == 0:
        return 2 * cost
    ways = []
    if row and column:
        ways.append(_cheapest(costs, row - 1, column - 1) + 2 * cost)
    if row:
        ways.append(_cheapest(costs, row - 1, column) + cost)
    if column:
        ways.append(_cheapest(costs, row, column - 1) + cost)
    return min(ways)


def test_many_scripts_at_once_are_as_one_by_one() -> None:
    rng = np.random.default_rng(3)
    scripts = [rng.normal(size=(count, CHANNEL_COUNT)) for count in (1, 3, 2, 5)]
    others = [rng.normal(size=(count, CHANNEL_COUNT)) for count in (4, 1, 2)]
    together = warped_distances(scripts, others)
    for i, script in enumerate(scripts):
        for j, other in enumerate(others):
            costs = pose_costs(script, other)
            alone = _price(costs, align(costs)) / (len(script) + len(other))
            assert together[i, j] == pytest.approx(alone)
