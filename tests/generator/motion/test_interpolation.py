from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from generator.errors import DocumentError
from generator.motion.interpolation import Interpolation, Keys, interpolate, minimum_jerk
from livelink.channels import CHANNEL_COUNT, SHAPE_COUNT, Channel

KINDS = list(Interpolation)
SHAPES = slice(0, SHAPE_COUNT)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 6))
def test_poses_are_reached_at_their_times_and_kept(kind, seed, count):
    keys = _random(seed, count)
    assert np.abs(interpolate(keys, keys.times_s, kind) - keys.poses).max() < 1e-9
    middles = keys.times_s + 0.5 * keys.holds_s
    assert np.abs(interpolate(keys, middles, kind) - keys.poses).max() < 1e-9
    later = interpolate(keys, np.array([keys.ends_s[-1], 1e4]), kind)
    assert np.abs(later - keys.poses[-1]).max() < 1e-9


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_shape_leaves_the_interval_between_its_neighbours(kind, seed):
    keys = _random(seed, 4)
    times = np.linspace(0.0, keys.ends_s[-1], 400)
    values = interpolate(keys, times, kind)[:, SHAPES]
    after = np.searchsorted(keys.times_s, times, side="left").clip(0, len(keys) - 1)
    poses = np.concatenate((np.zeros((1, CHANNEL_COUNT)), keys.poses))[:, SHAPES]
    low, high = (f(poses[after], poses[after + 1]) for f in (np.minimum, np.maximum))
    assert (values >= low - 1e-9).all()
    assert (values <= high + 1e-9).all()


@pytest.mark.parametrize("kind", KINDS)
def test_it_starts_from_neutral(kind, pose, keys_of):
    keys = keys_of((1.0, 0.0, pose(JawOpen=0.8, HeadYaw=0.4)))
    assert not interpolate(keys, np.array([0.0, -3.0]), kind).any()


def test_a_key_at_zero_takes_the_place_of_neutral(pose, keys_of):
    keys = keys_of((0.0, 0.0, pose(JawOpen=0.8)))
    assert interpolate(keys, np.array([0.0, 5.0]), Interpolation.LINEAR)[:, Channel.JawOpen] == (
        pytest.approx([0.8, 0.8])
    )


def test_linear_has_constant_speed_and_minimum_jerk_a_bell(pose, keys_of):
    keys = keys_of((1.0, 0.0, pose(JawOpen=1.0)))
    times = np.linspace(0.0, 1.0, 101)
    jaw = interpolate(keys, times, Interpolation.LINEAR)[:, Channel.JawOpen]
    assert jaw == pytest.approx(times)
    jaw = interpolate(keys, times, Interpolation.MINIMUM_JERK)[:, Channel.JawOpen]
    assert jaw == pytest.approx(minimum_jerk(times))
    speed = np.diff(jaw)
    assert speed[0] < 1e-4 < speed.max() == pytest.approx(speed[50], rel=0.02)


def test_monotone_passes_through_a_key_without_stopping(pose, keys_of):
    keys = keys_of((1.0, 0.0, pose(JawOpen=0.4)), (2.0, 0.0, pose(JawOpen=0.8)))
    around = np.array([0.99, 1.01])
    passing = np.diff(interpolate(keys, around, Interpolation.MONOTONE)[:, Channel.JawOpen])
    resting = np.diff(interpolate(keys, around, Interpolation.MINIMUM_JERK)[:, Channel.JawOpen])
    assert passing[0] > 0.005 > 10 * resting[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_turns_on_one_arc(kind, pose, keys_of):
    keys = keys_of((1.0, 0.0, pose(HeadYaw=0.9, HeadPitch=-0.5, HeadRoll=0.6)))
    head = interpolate(keys, np.linspace(0.05, 1.0, 40), kind)[:, 52:55]
    turns = Rotation.from_euler("YXZ", head).as_rotvec()
    axes = turns / np.linalg.norm(turns, axis=1)[:, None]
    assert np.abs(axes - axes[-1]).max() < 1e-7


def test_a_hold_up_to_the_next_key_ends_in_a_jump(pose, keys_of):
    keys = keys_of((0.5, 0.5, pose(JawOpen=1.0)), (1.0, 0.0, pose(JawOpen=0.2)))
    jaw = interpolate(keys, np.array([0.9, 0.999, 1.0]), Interpolation.LINEAR)[:, Channel.JawOpen]
    assert jaw == pytest.approx([1.0, 1.0, 0.2])


def test_keys_are_copied_and_read_only(pose):
    poses = np.stack([pose(JawOpen=0.5)])
    keys = Keys(np.array([1.0]), np.array([0.0]), poses)
    poses[:] = 9.0
    assert keys.poses[0, Channel.JawOpen] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        keys.poses[0, 0] = 1.0


@pytest.mark.parametrize(
    ("times", "holds", "shape", "words"),
    [
        ([], [], (0, 61), "at least one time"),
        ([1.0], [0.0, 0.0], (1, 61), "one hold"),
        ([1.0], [0.0], (1, 60), "shape"),
        ([-1.0], [0.0], (1, 61), ">= 0"),
        ([1.0], [-0.1], (1, 61), ">= 0"),
        ([1.0, 1.0], [0.0, 0.0], (2, 61), "Key 2"),
        ([1.0, 2.0], [1.5, 0.0], (2, 61), "hold of key 1"),
        ([np.nan], [0.0], (1, 61), "NaN"),
    ],
)
def test_keys_out_of_form_are_refused(times, holds, shape, words):
    with pytest.raises(DocumentError, match=words):
        Keys(np.array(times), np.array(holds), np.zeros(shape))


def _random(seed: int, count: int) -> Keys:
    rng = np.random.default_rng(seed)
    holds = rng.uniform(0.01, 1.0, count) * rng.integers(0, 2, count)
    times = np.cumsum(rng.uniform(0.01, 2.0, count)) + np.concatenate(
        ([0.0], np.cumsum(holds)[:-1])
    )
    poses = rng.uniform(0.0, 1.0, (count, CHANNEL_COUNT))
    poses[:, SHAPE_COUNT:] = rng.uniform(-1.0, 1.0, (count, CHANNEL_COUNT - SHAPE_COUNT))
    return Keys(times, holds, poses)
