"""Beats that say wink, blink, nod, shake, eye roll, chatter or sniff do it in their time. Pure.

A pose that is itself the peak of a wink or a blink is reached as ever, kept for a moment, and the
lids open again within the hold: that is done to the keys (`open_again`). Everything else is a
signal beside the pose (`gestures`) that is over when the beat is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from generator.motion.blinks import Blink, close_lids
from generator.motion.gaze import gaze_of, shift_gaze
from generator.motion.gesture_words import Gesture, Mention, mentions
from generator.motion.interpolation import Keys, minimum_jerk
from generator.motion.layers import LayerSpec, Mood
from generator.motion.noise import rng_of
from generator.motion.scene import Effect, Floats
from livelink.channels import Channel, Region

_LIDS = np.array([Channel.EyeBlinkLeft, Channel.EyeBlinkRight])
_SHUT = 0.5
_UNEVEN = 0.3
_SHUT_AGAIN_S = {Gesture.WINK: 0.20, Gesture.BLINK: 0.08}  # how long the peak is kept
_OPENING_S = 0.20

_NOD_RAD, _NOD_S = 0.12, 0.50
_SHAKE_RAD, _SHAKE_S = 0.14, 0.45
_ROLL_S = 1.0
_SNIFF_S = 0.32
_CHATTER_HZ = 7.5  # shivering jaws beat some 5 to 10 times a second
_BLINK_S = 0.44


@dataclass(frozen=True, slots=True)
class Play:
    """A gesture with its place in time.

    Attributes:
        mention: What was asked for.
        start_s, end_s: The time it may take, from its beat's pose to the end of the hold.
        lid: 0 left, 1 right: the eye that winks.
        turn: +1 or -1: where a shake or an eye roll begins.
    """

    mention: Mention
    start_s: float
    end_s: float
    lid: int
    turn: float


def open_again(keys: Keys, mood: Mood, spec: LayerSpec) -> tuple[Keys, Mood, tuple[Play, ...]]:
    """Return keys, words and what else is to be played, with shut poses opened within their holds.

    Args:
        keys: The poses as they were set.
        mood: Their words.
        spec: The layer.

    Returns:
        The keys with one more after each pose that is a wink or blink at its peak; the words, ""
        for the new ones; and the gestures that remain to be played beside the poses.
    """
    lids = spec.weight * (Region.LIDS in spec.active_regions)
    ends_s = keys.ends_s
    rows: list[tuple[float, float, Floats, str]] = []
    plays: list[Play] = []
    for index, pose in enumerate(keys.poses):
        text, reach_s, end_s = mood.text(index), keys.times_s[index], ends_s[index]
        asked = mentions(text)
        opened, asked = _opened(keys, index, asked)
        free_s = reach_s
        if opened is None or lids == 0.0:
            rows.append((reach_s, end_s - reach_s, pose, text))
        else:
            kept_s, open_pose = opened
            free_s = reach_s + kept_s + _OPENING_S
            rows.append((reach_s, kept_s, pose, text))
            rows.append((free_s, end_s - free_s, pose + lids * (open_pose - pose), ""))
        for number, mention in enumerate(asked):
            rng = rng_of(spec.seed, "gesture", index, number)
            lids_first = mention.gesture in (Gesture.BLINK, Gesture.WINK)
            start_s = free_s if lids_first else reach_s
            lid = _winking_lid(pose, mention, rng)
            turn = float(rng.choice((-1.0, 1.0)))
            plays.append(Play(mention, start_s, end_s, lid, turn))
    times, holds, poses, texts = zip(*rows, strict=True)
    grown = Keys(np.array(times), np.maximum(holds, 0.0), np.stack(poses))
    return grown, replace(mood, texts=texts), tuple(plays)


def gestures(plays: Sequence[Play]) -> Effect:
    """Return the effect of gestures beside the poses."""

    def play(values: Floats, times_s: Floats) -> Floats:
        out = values.copy()
        for one in plays:
            rows = (times_s > one.start_s) & (times_s < one.end_s)
            if rows.any():
                part = out[rows]
                _PLAYERS[one.mention.gesture](part, times_s[rows], one)
                out[rows] = part
        return out

    return play


def _opened(
    keys: Keys, index: int, asked: tuple[Mention, ...]
) -> tuple[tuple[float, Floats] | None, tuple[Mention, ...]]:
    """Return (seconds the shut pose is kept, the pose with open lids) and what is left to play."""
    pose = keys.poses[index]
    shut = pose[_LIDS] >= _SHUT
    winks = bool(abs(pose[_LIDS[0]] - pose[_LIDS[1]]) >= _UNEVEN and shut.any())
    want = Gesture.WINK if winks else Gesture.BLINK
    mention = next((one for one in asked if one.gesture is want), None)
    if mention is None or not shut.any() or (not winks and not shut.all()):
        return None, asked
    hold_s = float(keys.ends_s[index] - keys.times_s[index])
    kept_s = min(_SHUT_AGAIN_S[want] * mention.pace**2, 0.5 * hold_s)
    rest = tuple(one for one in asked if one is not mention)
    if mention.count > 1:
        rest += (replace(mention, count=mention.count - 1),)
    if kept_s + _OPENING_S > hold_s - 0.01 or kept_s < 0.02:
        return None, rest  # too short to open within: the next transition opens the eye
    opened = pose.copy()
    before = keys.poses[index - 1][_LIDS] if index else np.zeros(2)
    level = pose[_LIDS].min() if winks else min(float(before.min()), 0.3)
    opened[_LIDS[shut]] = min(level, 0.45)
    return (kept_s, opened), rest


def _winking_lid(pose: Floats, mention: Mention, rng: np.random.Generator) -> int:
    """Return which eye winks: the one the pose shuts, the one the words name, the smiling side."""
    left, right = pose[_LIDS]
    if abs(left - right) >= _UNEVEN:
        return int(right > left)
    if mention.side:
        return int(mention.side == "right")
    lean = pose[Channel.MouthSmileRight] - pose[Channel.MouthSmileLeft]
    return int(lean > 0.0) if abs(lean) >= 0.05 else int(rng.integers(2))


def _cycles(play: Play, period_s: float) -> tuple[int, float]:
    """Return how many repetitions fit, at least one, and how long each takes."""
    room_s = play.end_s - play.start_s
    wanted_s = period_s * play.mention.pace
    count = play.mention.count
    if count * wanted_s > room_s:
        wanted_s = max(room_s / count, 0.6 * wanted_s)
        count = max(1, int(room_s / wanted_s + 1e-9))
    return count, min(wanted_s, room_s)


def _humps(play: Play, times_s: Floats, period_s: float) -> Floats:
    """Return (n,) a hump a repetition, each a little smaller, smaller too where time is short."""
    count, each_s = _cycles(play, period_s)
    turn = (times_s - play.start_s) / each_s
    strength = 0.85 ** np.floor(turn) * min(1.0, each_s / (0.5 * period_s))
    humps: Floats = np.where(turn < count, strength * np.sin(np.pi * turn) ** 2, 0.0)
    return humps


def _window(times_s: Floats, start_s: float, end_s: float, ramp_s: float) -> Floats:
    """Return (n,) 1 within a stretch, 0 outside it, with smooth ramps inside it."""
    ramp_s = max(min(ramp_s, 0.5 * (end_s - start_s)), 1e-6)
    rise = np.clip((times_s - start_s) / ramp_s, 0.0, 1.0)
    fall = np.clip((end_s - times_s) / ramp_s, 0.0, 1.0)
    return minimum_jerk(np.minimum(rise, fall))


def _nod(part: Floats, times_s: Floats, play: Play) -> None:
    part[:, Channel.HeadPitch] -= _NOD_RAD * play.mention.size * _humps(play, times_s, _NOD_S)


def _shake(part: Floats, times_s: Floats, play: Play) -> None:
    # One mention is a turn to either side and a weaker one after it.
    whole = replace(play, mention=replace(play.mention, count=play.mention.count + 1))
    count, each_s = _cycles(whole, _SHAKE_S)
    turn = (times_s - play.start_s) / each_s
    fade = _window(times_s, play.start_s, play.start_s + count * each_s, 0.5 * each_s)
    swing = play.turn * np.sin(2.0 * np.pi * turn) * fade * 0.9**turn
    part[:, Channel.HeadYaw] += _SHAKE_RAD * play.mention.size * np.where(turn < count, swing, 0.0)


def _sniff(part: Floats, times_s: Floats, play: Play) -> None:
    humps = play.mention.size * _humps(play, times_s, _SNIFF_S)
    for channel, size in (
        (Channel.NoseSneerLeft, 0.22),
        (Channel.NoseSneerRight, 0.22),
        (Channel.MouthUpperUpLeft, 0.07),
        (Channel.MouthUpperUpRight, 0.07),
        (Channel.HeadPitch, 0.03),
    ):
        part[:, channel] += size * humps


def _chatter(part: Floats, times_s: Floats, play: Play) -> None:
    since_s = times_s - play.start_s
    beat = 0.5 - 0.5 * np.cos(2.0 * np.pi * _CHATTER_HZ * since_s)
    bursts = 0.65 + 0.35 * np.sin(2.0 * np.pi * 0.9 * since_s + play.turn)
    shiver = beat * bursts * _window(times_s, play.start_s, play.end_s, 0.15)
    part[:, Channel.JawOpen] += 0.10 * play.mention.size * shiver
    part[:, Channel.HeadPitch] += 0.006 * play.mention.size * shiver


def _eye_roll(part: Floats, times_s: Floats, play: Play) -> None:
    room_s = play.end_s - play.start_s
    length_s = min(_ROLL_S * play.mention.pace, room_s)
    u = np.clip((times_s - play.start_s) / length_s, 0.0, 1.0)
    share = _window(times_s, play.start_s, play.start_s + length_s, 0.3 * length_s)[:, None]
    aside, up = 0.55 * play.turn * np.cos(np.pi * u), 0.30 + 0.60 * np.sin(np.pi * u)
    rolled = np.stack((up, up, aside, aside), axis=1)
    shift_gaze(part, share * (rolled - gaze_of(part)))
    for lid in _LIDS:
        part[:, lid] += 0.15 * share[:, 0] * np.maximum(1.0 - part[:, lid], 0.0)


def _blink(part: Floats, times_s: Floats, play: Play) -> None:
    _shut(part, times_s, play, (0, 1), Blink(0.0, 0.11, 0.03, 0.22))


def _wink(part: Floats, times_s: Floats, play: Play) -> None:
    closure = _shut(part, times_s, play, (play.lid,), Blink(0.0, 0.12, 0.16, 0.24))
    side = "Right" if play.lid else "Left"
    part[:, Channel[f"CheekSquint{side}"]] += 0.25 * closure
    part[:, Channel[f"MouthSmile{side}"]] += 0.10 * closure


def _shut(part: Floats, times_s: Floats, play: Play, lids: tuple[int, ...], one: Blink) -> Floats:
    room_s = play.end_s - play.start_s
    whole_s = one.end_s * play.mention.pace
    scale = play.mention.pace * min(1.0, room_s / max(whole_s, 1e-6))
    count, each_s = _cycles(play, max(_BLINK_S, one.end_s + 0.04))
    closure = np.zeros(len(times_s))
    for number in range(count):
        start_s = play.start_s + number * each_s
        scaled = min(scale, each_s / one.end_s)
        blink = Blink(
            start_s, one.closing_s * scaled, one.closed_s * scaled, one.opening_s * scaled
        )
        closure = np.maximum(closure, blink.closure(times_s))
    close_lids(part, closure, lids)
    return closure


_PLAYERS: dict[Gesture, Callable[[Floats, Floats, Play], None]] = {
    Gesture.WINK: _wink,
    Gesture.BLINK: _blink,
    Gesture.NOD: _nod,
    Gesture.SHAKE: _shake,
    Gesture.EYE_ROLL: _eye_roll,
    Gesture.CHATTER: _chatter,
    Gesture.SNIFF: _sniff,
}
