from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.motion import Interpolation, LayerSpec, Mood, sample
from generator.motion.scene import REGIONS
from generator.motion.timing import Timing
from livelink.channels import Channel, Region

TIMED = tuple(LayerSpec(name, seed=4) for name in ("offsets", "easing", "saccades"))


def _half_way(values: np.ndarray, channel: Channel) -> float:
    track = values[:, channel]
    return float(np.argmax(track >= 0.5 * track[-1]))


def test_eyes_lead_brows_follow_and_the_mouth_comes_last(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(EyeLookUpLeft=0.5, EyeLookUpRight=0.5, BrowInnerUp=0.6,
                                   MouthSmileLeft=0.6, EyeWideLeft=0.3)))  # fmt: skip
    times = np.linspace(0.0, 1.0, 601)
    values = sample(keys, times, Interpolation.MINIMUM_JERK, (LayerSpec("offsets"),))
    order = [
        Channel.EyeLookUpLeft,
        Channel.EyeWideLeft,
        Channel.BrowInnerUp,
        Channel.MouthSmileLeft,
    ]
    ways = [_half_way(values, channel) for channel in order]
    assert ways == sorted(ways)
    assert ways[-1] - ways[0] > 60


@pytest.mark.parametrize("kind", list(Interpolation))
@given(seed=st.integers(0, 2**20))
def test_shares_rise_from_nothing_to_all(kind, seed, any_keys, scene_of):
    scene = scene_of(any_keys(seed), Mood("panic", ("suddenly", "slowly", "")), kind)
    timing = Timing.of(scene, TIMED)
    share = np.linspace(0.0, 1.0, 201)
    for segment in np.flatnonzero(scene.path.moving):
        shares = timing.shares(np.full(len(share), segment), share)
        assert (np.diff(shares, axis=0) >= -1e-9).all()
        assert np.abs(shares[0]).max() < 1e-9
        assert np.abs(shares[-1] - 1.0).max() < 1e-9


def test_offsets_of_a_long_transition_stay_short(pose, keys_of, scene_of):
    scene = scene_of(keys_of((8.0, 1.0, pose(MouthSmileLeft=0.6))))
    timing = Timing.of(scene, TIMED[:1])
    assert timing.start[0, REGIONS.index(Region.MOUTH)] * 8.0 < 0.2
    assert (1.0 - timing.end[0, REGIONS.index(Region.GAZE)]) * 8.0 < 0.5


def test_sudden_words_put_the_speed_first(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(BrowInnerUp=0.8)))
    times = np.array([0.4])
    early, late = (
        sample(keys, times, Interpolation.MINIMUM_JERK, (LayerSpec("easing"),), mood=mood)
        for mood in (Mood("panic", ("suddenly",)), Mood("sadness", ("slowly",)))
    )
    assert early[0, Channel.BrowInnerUp] > late[0, Channel.BrowInnerUp] + 0.05


def test_eyes_are_there_before_the_head_and_turn_back_as_it_comes(pose, keys_of):
    look = {"EyeLookOutLeft": 0.3, "EyeLookInRight": 0.3}
    keys = keys_of((0.8, 1.0, pose(HeadYaw=0.5, **look)))
    values = sample(keys, np.array([0.3, 0.8]), Interpolation.MINIMUM_JERK, TIMED[2:])
    assert values[0, Channel.HeadYaw] < 0.25
    assert values[0, Channel.EyeLookOutLeft] > 0.45
    assert values[1, Channel.EyeLookOutLeft] == pytest.approx(0.3, abs=1e-6)
