"""The 61 values as a describer sees them: pairs, single shapes, one gaze and one head. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.corpus import HEAD_RADIANS_PER_UNIT, PAIRED, SINGLE
from livelink.channels import EYE_PITCH_PER_LOOK, EYE_YAW_PER_LOOK, Channel
from livelink.frame import Values

_DIRECTED = frozenset(("JawLeft", "JawRight", "MouthLeft", "MouthRight"))


@dataclass(frozen=True, slots=True)
class Face:
    """A pose in the terms people use. Shapes are 0 to 1, clipped; directions -1 to 1.

    Attributes:
        pairs: Stem -> (left, right).
        shapes: Name -> value, of the shapes without a side.
        jaw, mouth: Sideways, + to the subject's left.
        look_up, look_left: Where both eyes look together, - down and to the right.
        crossing: How far the eyes turn towards each other, - apart.
        head_up, head_left, tilt_left: Of the head, in units of 45 degrees.
    """

    pairs: Mapping[str, tuple[float, float]]
    shapes: Mapping[str, float]
    jaw: float
    mouth: float
    look_up: float
    look_left: float
    crossing: float
    head_up: float
    head_left: float
    tilt_left: float


def read_face(values: Values) -> Face:
    """Return what (61,) values show; opposite directions are set off against each other.

    Where all look shapes are still, the eye rotations speak for them, as some senders fill only
    those.
    """
    raw: list[float] = values.tolist()
    shapes = {channel.name: min(max(raw[channel], 0.0), 1.0) for channel in Channel}
    up, left, crossing = _gaze(raw, shapes)
    return Face(
        pairs={stem: (shapes[f"{stem}Left"], shapes[f"{stem}Right"]) for stem in PAIRED},
        shapes={name: shapes[name] for name in SINGLE if name not in _DIRECTED},
        jaw=shapes["JawLeft"] - shapes["JawRight"],
        mouth=shapes["MouthLeft"] - shapes["MouthRight"],
        look_up=up,
        look_left=left,
        crossing=crossing,
        head_up=_unit(raw[Channel.HeadPitch] / HEAD_RADIANS_PER_UNIT),
        head_left=_unit(raw[Channel.HeadYaw] / HEAD_RADIANS_PER_UNIT),
        tilt_left=_unit(-raw[Channel.HeadRoll] / HEAD_RADIANS_PER_UNIT),
    )


def _gaze(raw: list[float], shapes: Mapping[str, float]) -> tuple[float, float, float]:
    """Return (up, left, crossing) of the two eyes together."""
    ups = [shapes[f"EyeLookUp{eye}"] - shapes[f"EyeLookDown{eye}"] for eye in ("Left", "Right")]
    left_eye = shapes["EyeLookOutLeft"] - shapes["EyeLookInLeft"]
    right_eye = shapes["EyeLookInRight"] - shapes["EyeLookOutRight"]
    if not any(ups) and not left_eye and not right_eye:
        pitches = (raw[Channel.LeftEyePitch], raw[Channel.RightEyePitch])
        ups = [_unit(-pitch / EYE_PITCH_PER_LOOK) for pitch in pitches]
        left_eye = _unit(-raw[Channel.LeftEyeYaw] / EYE_YAW_PER_LOOK)
        right_eye = _unit(-raw[Channel.RightEyeYaw] / EYE_YAW_PER_LOOK)
    return (ups[0] + ups[1]) / 2, (left_eye + right_eye) / 2, (right_eye - left_eye) / 2


def _unit(value: float) -> float:
    return min(max(value, -1.0), 1.0)
