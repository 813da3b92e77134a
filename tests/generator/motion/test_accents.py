from __future__ import annotations

import numpy as np
import pytest

from generator.motion import Interpolation, LayerSpec, sample
from livelink.channels import Channel

JERK = Interpolation.MINIMUM_JERK


def _track(keys, name, channel, start_s, end_s, **params):
    times = np.arange(start_s, end_s, 1 / 240)
    values = sample(keys, times, JERK, (LayerSpec(name, params=params),))
    return values[:, channel]


def test_anticipation_goes_the_other_way_first_and_stays_small(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(JawOpen=0.4)), (2.5, 1.0, pose(JawOpen=0.9)))
    before = _track(keys, "anticipation", Channel.JawOpen, 1.5, 2.2)
    assert 0.35 <= before.min() < 0.395
    assert _track(keys, "anticipation", Channel.JawOpen, 1.5, 2.2, amount=0.0).min() > 0.3999


def test_settle_overruns_once_and_comes_to_rest(pose, keys_of):
    keys = keys_of((0.3, 2.0, pose(BrowInnerUp=0.6)))
    after = _track(keys, "settle", Channel.BrowInnerUp, 0.3, 2.3)
    assert 0.605 < after.max() <= 0.65
    assert np.abs(after[240:] - 0.6).max() < 0.005


def test_settle_has_no_part_in_slow_or_small_changes(pose, keys_of):
    small = keys_of((0.3, 2.0, pose(BrowInnerUp=0.1)))
    assert _track(small, "settle", Channel.BrowInnerUp, 0.3, 2.3).max() == pytest.approx(0.1)
    slow = keys_of((4.0, 2.0, pose(BrowInnerUp=0.6)))
    assert _track(slow, "settle", Channel.BrowInnerUp, 4.0, 6.0).max() < 0.61


def test_a_turning_head_dips_and_leans_on_its_way(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(HeadYaw=0.6)))
    middle, end = sample(keys, np.array([0.5, 1.0]), JERK, (LayerSpec("arcs"),))
    assert -0.05 < middle[Channel.HeadPitch] < -0.01
    assert middle[Channel.HeadRoll] < -0.01
    assert end[Channel.HeadPitch] == pytest.approx(0.0, abs=1e-6)
