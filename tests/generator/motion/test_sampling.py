from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.motion import CurvePoint, Interpolation, LayerSpec, Mood, default_layers, sample
from generator.motion.layers import KINDS
from livelink.channels import CHANNEL_COUNT, CHANNELS, Channel, Region, of_region

LOW = np.array([info.low for info in CHANNELS], np.float32)
HIGH = np.array([info.high for info in CHANNELS], np.float32)
MOOD = Mood("nervous joy", ("nods twice and winks", "sniffs, eyes wide", "rolls her eyes, blinks"))
KIND = st.sampled_from(list(Interpolation))
SEED = st.integers(0, 2**32 - 1)


@given(seed=SEED, kind=KIND)
def test_layers_off_poses_are_exact(seed, kind, any_keys):
    keys = any_keys(seed)
    assert np.abs(sample(keys, keys.times_s, kind) - keys.poses).max() <= 1e-6


@given(seed=SEED, kind=KIND)
def test_layers_that_bend_time_leave_poses_exact(seed, kind, any_keys):
    keys = any_keys(seed)
    layers = (LayerSpec("offsets"), LayerSpec("easing", seed=seed))
    for times in (keys.times_s, keys.ends_s):
        assert np.abs(sample(keys, times, kind, layers, mood=MOOD) - keys.poses).max() <= 1e-6


@given(seed=SEED, kind=KIND, subset=st.sets(st.sampled_from(list(KINDS))))
def test_no_frame_breaks_a_constraint(seed, kind, subset, any_keys):
    keys = any_keys(seed)
    layers = tuple(LayerSpec(name, seed=seed) for name in subset)
    curves = {Channel.JawOpen: [CurvePoint(0.2, -3.0, "free"), CurvePoint(0.5, 5.0, "free")]}
    values = sample(keys, np.arange(0.0, 5.0, 1 / 60), kind, layers, curves, MOOD)
    assert np.isfinite(values).all()
    assert (values >= LOW).all()
    assert (values <= HIGH).all()
    assert (values[:, Channel.MouthClose] <= values[:, Channel.JawOpen]).all()
    down = values[:, Channel.EyeLookDownLeft] - values[:, Channel.EyeLookUpLeft]
    assert values[:, Channel.LeftEyePitch] == pytest.approx(0.61 * down, abs=1e-6)


@given(
    seed=SEED,
    kind=KIND,
    picks=st.lists(st.integers(0, 479), min_size=1, max_size=20),
)
def test_a_time_has_the_same_values_alone_as_in_a_clip(seed, kind, picks, any_keys):
    keys = any_keys(seed)
    times = np.arange(0.0, 8.0, 1 / 60)
    layers = default_layers(seed % 1000)
    clip = sample(keys, times, kind, layers, mood=MOOD)
    alone = sample(keys, times[picks], kind, layers, mood=MOOD)
    assert alone == pytest.approx(clip[picks], abs=2e-6)


def test_blocks_join_without_a_seam(any_keys):
    keys = any_keys(3)
    times = np.arange(0.0, 100.0, 1 / 60)
    whole = sample(keys, times, Interpolation.MINIMUM_JERK, default_layers(2), mood=MOOD)
    part = sample(keys, times[4000:4200], Interpolation.MINIMUM_JERK, default_layers(2), mood=MOOD)
    assert whole[4000:4200] == pytest.approx(part, abs=2e-6)


def test_the_same_seed_gives_the_same_motion_and_another_does_not(any_keys):
    keys, times = any_keys(5), np.arange(0.0, 6.0, 1 / 60)
    first, again, other = (
        sample(keys, times, Interpolation.MONOTONE, default_layers(seed), mood=MOOD)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_layer_does_something_within_its_regions_and_nothing_when_off(name, pose, keys_of):
    keys = keys_of(
        (0.6, 2.0, pose(EyeLookUpLeft=0.7, EyeLookUpRight=0.7, HeadYaw=0.4, BrowInnerUp=0.6)),
        (3.0, 9.0, pose(MouthSmileLeft=0.8, JawOpen=0.4)),
    )
    times = np.arange(0.0, 12.0, 1 / 60)
    bare = sample(keys, times, Interpolation.MINIMUM_JERK, mood=MOOD)
    on = sample(keys, times, Interpolation.MINIMUM_JERK, (LayerSpec(name),), mood=MOOD)
    off = sample(keys, times, Interpolation.MINIMUM_JERK, (LayerSpec(name, 0.0),), mood=MOOD)
    assert np.array_equal(off, bare)
    moved = set(np.flatnonzero((on != bare).any(axis=0)))
    assert moved
    assert moved <= set(of_region(*KINDS[name].regions))


@pytest.mark.parametrize("region", [Region.HEAD, Region.MOUTH, Region.BROWS])
def test_a_layer_keeps_to_the_regions_it_is_given(region, any_keys):
    keys, times = any_keys(8), np.arange(0.0, 4.0, 1 / 60)
    bare = sample(keys, times, Interpolation.MINIMUM_JERK)
    layer = (LayerSpec("drift", regions=(region,)), LayerSpec("offsets", regions=(region,)))
    moved = np.flatnonzero((sample(keys, times, Interpolation.MINIMUM_JERK, layer) != bare).any(0))
    assert len(moved)
    assert set(moved) <= set(of_region(region))


def test_weight_scales_a_layer(pose, keys_of):
    keys, times = keys_of((0.5, 20.0, pose(JawOpen=0.5))), np.arange(1.0, 20.0, 1 / 60)

    def change(weight):
        values = sample(keys, times, Interpolation.LINEAR, (LayerSpec("drift", weight),))
        return values[:, Channel.JawOpen] - 0.5

    assert change(0.5) == pytest.approx(0.5 * change(1.0), abs=1e-6)


def test_the_order_in_which_layers_are_listed_does_not_matter(any_keys):
    keys, times = any_keys(9), np.arange(0.0, 4.0, 1 / 60)
    layers = default_layers(3)
    there, back = (
        sample(keys, times, Interpolation.LINEAR, order, mood=MOOD)
        for order in (layers, layers[::-1])
    )
    assert np.array_equal(there, back)


def test_curves_take_the_place_of_the_keys_on_their_channel(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(JawOpen=0.8, BrowInnerUp=0.4)))
    curves = {
        Channel.JawOpen: (CurvePoint(0.0, 0.1, "linear"), CurvePoint(1.0, 0.3, "linear")),
        Channel.BrowInnerUp: (),
    }
    (frame,) = sample(keys, np.array([0.5]), Interpolation.LINEAR, (), curves)
    assert frame[Channel.JawOpen] == pytest.approx(0.2)
    assert frame[Channel.BrowInnerUp] == pytest.approx(0.2)


@given(seed=SEED)
def test_living_peaks_stay_recognisable(seed, any_keys):
    keys = any_keys(seed)
    layers = tuple(layer for layer in default_layers(seed % 997) if layer.name != "gestures")
    values = sample(keys, keys.times_s, Interpolation.MINIMUM_JERK, layers)
    eyes = list(of_region(Region.LIDS))
    others = [c for c in range(CHANNEL_COUNT) if c not in eyes]
    assert np.abs(values - keys.poses)[:, others].max() < 0.15
    assert np.abs(values - keys.poses)[:, eyes].max() < 0.30


def test_no_times_give_no_frames_and_times_before_zero_are_zero(any_keys):
    keys = any_keys(1)
    assert sample(keys, np.array([]), Interpolation.LINEAR).shape == (0, CHANNEL_COUNT)
    early, start = sample(keys, np.array([-5.0, 0.0]), Interpolation.LINEAR, default_layers(1))
    assert np.array_equal(early, start)


def test_rendering_ten_seconds_is_quick(any_keys):
    keys, times = any_keys(2), np.arange(600) / 60.0

    def spent_s():
        started_s = time.process_time()
        sample(keys, times, Interpolation.MINIMUM_JERK, default_layers(1), mood=MOOD)
        return time.process_time() - started_s

    assert min(spent_s() for _ in range(7)) < 0.060  # 0.010 where it was written
