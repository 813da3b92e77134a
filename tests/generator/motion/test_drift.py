from __future__ import annotations

import numpy as np
import pytest

from generator.motion import Interpolation, LayerSpec, Mood, sample
from livelink.channels import Channel

DRIFT = (LayerSpec("drift", seed=2),)
BREATH = (LayerSpec("breath", seed=2),)


def test_a_hold_wavers_but_stays_near_its_pose(pose, keys_of):
    held = pose(MouthSmileLeft=0.6, MouthSmileRight=0.6, BrowInnerUp=0.4)
    keys = keys_of((0.5, 30.0, held))
    values = sample(keys, np.arange(0.5, 30.0, 1 / 60), Interpolation.LINEAR, DRIFT)
    smile = values[:, Channel.MouthSmileLeft]
    assert 0.005 < smile.std() < 0.05
    assert np.abs(values - held).max() < 0.2
    assert (np.abs(np.diff(smile)) > 0.0).mean() > 0.99


def test_the_moment_a_pose_is_reached_is_the_steadiest(pose, keys_of):
    keys = keys_of(*((float(i), 0.5, pose(MouthSmileLeft=0.6)) for i in range(1, 40)))
    off = [
        np.abs(sample(keys, times, Interpolation.LINEAR, DRIFT)[:, Channel.MouthSmileLeft] - 0.6)
        for times in (keys.times_s, keys.times_s + 0.45)
    ]
    assert off[0].mean() < 0.5 * off[1].mean()


def test_neighbours_waver_together_and_slower_than_they_shiver(pose, keys_of):
    keys = keys_of((0.5, 60.0, pose(MouthSmileLeft=0.6, MouthSmileRight=0.6, BrowInnerUp=0.6)))
    values = sample(keys, np.arange(1.0, 60.0, 1 / 60), Interpolation.LINEAR, DRIFT)
    pair = np.corrcoef(values[:, Channel.MouthSmileLeft], values[:, Channel.MouthSmileRight])
    assert pair[0, 1] > 0.5
    power = np.abs(
        np.fft.rfft(values[:, Channel.BrowInnerUp] - values[:, Channel.BrowInnerUp].mean())
    )
    hz = np.fft.rfftfreq(len(values), 1 / 60)
    assert power[(hz > 0.2) & (hz < 2.5)].mean() > 10 * power[(hz > 6) & (hz < 18)].mean() > 0.0


def test_eyes_stay_on_their_target_as_the_head_sways(pose, keys_of):
    keys = keys_of((0.5, 60.0, pose(EyeLookOutLeft=0.4, EyeLookInRight=0.4)))
    values = sample(keys, np.arange(1.0, 60.0, 1 / 60), Interpolation.LINEAR, DRIFT)
    yaw, eye = values[:, Channel.HeadYaw], values[:, Channel.LeftEyeYaw]
    assert yaw.std() > 0.005
    assert np.corrcoef(yaw, eye)[0, 1] > 0.8


def test_amount_scales_it(pose, keys_of):
    keys = keys_of((0.5, 30.0, pose(JawOpen=0.5)))
    times = np.arange(1.0, 30.0, 1 / 60)

    def spread(amount):
        layer = (LayerSpec("drift", params={"amount": amount}),)
        return sample(keys, times, Interpolation.LINEAR, layer)[:, Channel.JawOpen].std()

    assert spread(0.0) < 1e-7  # float32 of a constant
    assert spread(2.0) == pytest.approx(2.0 * spread(1.0), rel=0.1)


def test_breath_has_the_asked_rate_and_more_of_it_when_excited(pose, keys_of):
    keys = keys_of((0.5, 120.0, pose()))
    times = np.arange(0.0, 120.0, 1 / 60)

    def per_minute(layer, emotion=""):
        values = sample(keys, times, Interpolation.LINEAR, (layer,), mood=Mood(emotion))
        pitch = values[:, Channel.HeadPitch]
        return np.count_nonzero((pitch[1:] > 0) & (pitch[:-1] <= 0)) / 2

    assert per_minute(LayerSpec("breath", params={"rate_per_min": 20.0})) == pytest.approx(
        20, abs=1
    )
    assert 12 <= per_minute(BREATH[0], "calm") < per_minute(BREATH[0], "panic") <= 20
