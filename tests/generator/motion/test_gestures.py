from __future__ import annotations

import numpy as np
import pytest

from generator.motion import Interpolation, LayerSpec, Mood, sample
from generator.motion.gestures import open_again
from livelink.channels import Channel, Region

GESTURES = (LayerSpec("gestures", seed=1),)
LEFT, RIGHT = Channel.EyeBlinkLeft, Channel.EyeBlinkRight
RATE = 240


def _played(keys, *texts, layers=GESTURES, end_s=None):
    end_s = end_s or keys.ends_s[-1]
    times = np.arange(0.0, end_s, 1 / RATE)
    return times, sample(keys, times, Interpolation.MINIMUM_JERK, layers, mood=Mood("", texts))


def _peaks(track, least):
    above = (track > least).astype(int)
    return np.count_nonzero(np.diff(above) == 1)


@pytest.mark.parametrize(("side", "shut", "other"), [("Left", LEFT, RIGHT), ("Right", RIGHT, LEFT)])
def test_a_wink_shuts_its_side_alone_and_opens_again(side, shut, other, pose, keys_of):
    keys = keys_of((0.4, 1.2, pose(**{f"EyeBlink{side}": 1.0, "MouthSmileLeft": 0.5})))
    times, values = _played(keys, "a wink")
    assert values[:, shut].max() == pytest.approx(1.0)
    assert values[:, other].max() < 0.05
    assert values[np.searchsorted(times, 0.5), shut] > 0.95
    assert values[times > 1.0][:, shut].max() < 0.05
    assert values[-1, Channel.MouthSmileLeft] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("word", "shut", "other"), [("left", LEFT, RIGHT), ("right", RIGHT, LEFT)])
def test_a_wink_over_open_eyes_goes_by_the_named_side(word, shut, other, pose, keys_of):
    keys = keys_of((0.4, 1.2, pose(MouthSmileLeft=0.3)))
    _, values = _played(keys, f"winks with the {word} eye")
    assert values[:, shut].max() > 0.9
    assert values[:, other].max() == 0.0
    assert values[-1, shut] == pytest.approx(0.0, abs=1e-6)


def test_an_opened_wink_stays_open_into_the_next_beat(pose, keys_of):
    keys = keys_of((0.4, 1.2, pose(EyeBlinkLeft=1.0)), (2.6, 1.0, pose(JawOpen=0.4)))
    times, values = _played(keys, "winks", "laughs")
    assert values[times > 1.0][:, LEFT].max() < 0.05


def test_a_blink_at_its_peak_is_kept_then_opened(pose, keys_of):
    keys = keys_of((0.12, 0.8, pose(EyeBlinkLeft=1.0, EyeBlinkRight=1.0, HeadPitch=0.2)))
    times, values = _played(keys, "Blink.")
    assert sample(keys, keys.times_s, Interpolation.LINEAR, GESTURES, mood=Mood("", ("Blink.",)))[
        0, LEFT
    ] == pytest.approx(1.0)
    assert values[times > 0.5][:, [LEFT, RIGHT]].max() < 0.1


def test_without_the_word_shut_eyes_stay_shut(pose, keys_of):
    keys = keys_of((0.4, 1.2, pose(EyeBlinkLeft=1.0, EyeBlinkRight=1.0)))
    for text in ("Eyes shut.", "He does not wink, he sleeps.", ""):
        times, values = _played(keys, text)
        assert values[times > 0.4][:, LEFT].min() > 0.99


@pytest.mark.parametrize(
    ("text", "count"), [("blinks", 1), ("blinks twice", 2), ("blinks slowly", 1)]
)
def test_blinks_over_open_eyes_are_counted(text, count, pose, keys_of):
    _, values = _played(keys_of((0.4, 2.0, pose(BrowInnerUp=0.5))), text)
    assert _peaks(values[:, LEFT], 0.5) == count == _peaks(values[:, RIGHT], 0.5)


def test_a_slow_blink_is_slower(pose, keys_of):
    keys = keys_of((0.4, 2.0, pose()))
    quick, slow = (
        (_played(keys, text)[1][:, LEFT] > 0.1).sum() for text in ("blinks", "a slow blink")
    )
    assert slow > 1.3 * quick


@pytest.mark.parametrize(("text", "count"), [("nods", 1), ("nods twice", 2), ("nodding along", 3)])
def test_a_nod_goes_down_and_returns(text, count, pose, keys_of):
    keys = keys_of((0.5, 2.5, pose(MouthSmileLeft=0.4)))
    times, values = _played(keys, text)
    down = -values[:, Channel.HeadPitch]
    assert _peaks(down, 0.05) == count
    assert down.max() == pytest.approx(0.12, abs=0.02)
    assert down.min() >= 0.0
    assert down[-1] == pytest.approx(0.0, abs=1e-6)
    assert down[times <= 0.5].max() == pytest.approx(0.0, abs=1e-6)


def test_a_head_shake_goes_to_both_sides_and_returns(pose, keys_of):
    _, values = _played(keys_of((0.5, 2.0, pose())), "shakes her head")
    yaw = values[:, Channel.HeadYaw]
    assert yaw.max() > 0.06
    assert yaw.min() < -0.06
    assert yaw[-1] == pytest.approx(0.0, abs=1e-6)


def test_an_eye_roll_sweeps_over_the_top_and_returns_to_the_pose(pose, keys_of):
    keys = keys_of((0.5, 1.6, pose(EyeLookUpLeft=0.3, EyeLookUpRight=0.3)))
    _, values = _played(keys, "rolls her eyes")
    assert values[:, Channel.EyeLookUpLeft].max() > 0.7
    assert values[:, Channel.EyeLookInLeft].max() > 0.2
    assert values[:, Channel.EyeLookOutLeft].max() > 0.2
    assert values[-1, Channel.EyeLookUpLeft] == pytest.approx(0.3, abs=1e-6)
    assert values[-1, Channel.EyeLookInLeft] == pytest.approx(0.0, abs=1e-6)


def test_teeth_chatter_several_times_a_second(pose, keys_of):
    times, values = _played(keys_of((0.5, 2.0, pose(JawOpen=0.1))), "teeth chattering")
    held = values[times > 0.5][:, Channel.JawOpen]
    assert _peaks(held, 0.1 + 0.03) / 2.0 == pytest.approx(7.5, abs=1.5)
    assert held.max() < 0.25


def test_sniffs_lift_the_nose_as_often_as_told(pose, keys_of):
    _, values = _played(keys_of((0.5, 2.0, pose())), "two sniffs")
    assert _peaks(values[:, Channel.NoseSneerLeft], 0.1) == 2
    assert values[-1, Channel.NoseSneerLeft] == pytest.approx(0.0, abs=1e-6)


def test_a_gesture_never_leaves_the_time_of_its_beat(pose, keys_of):
    keys = keys_of((0.5, 0.4, pose()), (2.0, 1.0, pose()))
    times, values = _played(keys, "nods six times, sniffs, blinks twice, teeth chatter", "still")
    outside = values[(times <= 0.5) | (times >= 0.9)]
    assert np.abs(outside).max() < 1e-6
    assert np.abs(values).max() > 0.03


def test_a_beat_without_a_hold_has_no_room_for_gestures(pose, keys_of):
    keys = keys_of((0.5, 0.0, pose(JawOpen=0.3)), (1.0, 0.0, pose()))
    _, values = _played(keys, "nods and winks", "blinks", end_s=2.0)
    _, bare = _played(keys, layers=(), end_s=2.0)
    assert np.array_equal(values, bare)


def test_weight_and_regions_rule_gestures(pose, keys_of):
    keys = keys_of((0.4, 2.0, pose(EyeBlinkLeft=1.0)))
    half = _played(keys, "winks and nods", layers=(LayerSpec("gestures", 0.5),))[1]
    assert half[-1, LEFT] == pytest.approx(0.5, abs=1e-6)
    assert half[:, Channel.HeadPitch].min() == pytest.approx(-0.06, abs=0.01)
    head = (LayerSpec("gestures", regions=(Region.HEAD,)),)
    values = _played(keys, "winks and nods", layers=head)[1]
    assert values[-1, LEFT] == pytest.approx(1.0)
    assert values[:, Channel.HeadPitch].min() < -0.1


def test_opening_keeps_keys_and_words_together(pose, keys_of):
    keys = keys_of((0.4, 1.2, pose(EyeBlinkLeft=1.0)), (2.6, 1.0, pose(JawOpen=0.4)))
    grown, mood, plays = open_again(keys, Mood("", ("winks", "nods")), GESTURES[0])
    assert len(grown) == 3
    assert mood.texts == ("winks", "", "nods")
    assert np.array_equal(grown.poses[[0, 2]], keys.poses)
    assert [play.mention.gesture.value for play in plays] == ["nod"]
