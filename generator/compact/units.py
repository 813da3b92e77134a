"""The 54 units a model answers in, and their exact map to the 61 wire values. Pure numpy.

A unit is one direction of one muscle group in [0, 1]: paired shapes on each side, single shapes,
and gaze and head as up/down/left/right, as the corpus is written (assets/corpus/README.md). Eye
rotations follow the looks, so that nothing a model answers can contradict itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.corpus import HEAD_RADIANS_PER_UNIT, PAIRED, SINGLE
from livelink.channels import (
    CHANNEL_COUNT,
    EYE_PITCH_PER_LOOK,
    EYE_YAW_PER_LOOK,
    Channel,
    channel_named,
)

DIRECTIONS: Final = (
    "LookUp", "LookDown", "LookLeft", "LookRight", "HeadUp", "HeadDown", "HeadTurnLeft",
    "HeadTurnRight", "HeadTiltLeft", "HeadTiltRight",
)  # fmt: skip
UNITS: Final[tuple[str, ...]] = (
    *(stem + side for stem in PAIRED for side in ("Left", "Right")),
    *SINGLE,
    *DIRECTIONS,
)
"""Names of the 54 units in order; the paired ones come first, Left before Right."""

UNIT_COUNT: Final = len(UNITS)
PAIRED_COUNT: Final = 2 * len(PAIRED)
INDEX: Final[dict[str, int]] = {name: index for index, name in enumerate(UNITS)}
OPPOSITES: Final[tuple[tuple[int, int], ...]] = tuple(
    (INDEX[one], INDEX[other])
    for one, other in (
        ("LookUp", "LookDown"),
        ("LookLeft", "LookRight"),
        ("HeadUp", "HeadDown"),
        ("HeadTurnLeft", "HeadTurnRight"),
        ("HeadTiltLeft", "HeadTiltRight"),
        ("JawLeft", "JawRight"),
        ("MouthLeft", "MouthRight"),
    )
)
"""Pairs that cannot act at once: the weaker is taken from the stronger."""

_HEAD_AXES = (
    ("HeadYaw", "HeadTurnLeft", "HeadTurnRight"),
    ("HeadPitch", "HeadUp", "HeadDown"),
    ("HeadRoll", "HeadTiltRight", "HeadTiltLeft"),
)
_LOOKS = {
    "LookUp": ("EyeLookUpLeft", "EyeLookUpRight"),
    "LookDown": ("EyeLookDownLeft", "EyeLookDownRight"),
    "LookLeft": ("EyeLookOutLeft", "EyeLookInRight"),
    "LookRight": ("EyeLookInLeft", "EyeLookOutRight"),
}
_EYE_TURNS = {
    "LookUp": ("EyePitch", -EYE_PITCH_PER_LOOK),
    "LookDown": ("EyePitch", EYE_PITCH_PER_LOOK),
    "LookLeft": ("EyeYaw", -EYE_YAW_PER_LOOK),
    "LookRight": ("EyeYaw", EYE_YAW_PER_LOOK),
}


def stem_and_side(unit: str) -> tuple[str, int]:
    """Return a unit's name without its side, and its side: 0 none, 1 left, 2 right."""
    for code, side in ((1, "Left"), (2, "Right")):
        if unit.endswith(side):
            return unit.removesuffix(side), code
    return unit, 0


STEMS: Final[tuple[str, ...]] = tuple(sorted({stem_and_side(name)[0] for name in UNITS}))
"""What both sides of a unit share, in order; the network's weights are tied by them."""

MEANINGS: Final[dict[str, str]] = {
    "EyeBlink": "eyelid closed, eye shut, lids lowered, blink, wink, drooping lid",
    "EyeSquint": "eye narrowed, lids tightened, squint, lower lid tensed",
    "EyeWide": "eye wide open, upper lid raised, staring",
    "MouthSmile": "lip corner pulled up, smile, grin",
    "MouthFrown": "lip corner turned down, mouth frown, drooping corner",
    "MouthDimple": "dimple, mouth corner tucked in",
    "MouthStretch": "mouth corner stretched sideways, grimace, pulled wide",
    "MouthPress": "lips pressed together tightly, clamped lips",
    "MouthLowerDown": "lower lip pulled down, lower teeth shown",
    "MouthUpperUp": "upper lip raised, upper teeth bared",
    "BrowDown": "brow lowered, knitted, furrowed, scowl",
    "BrowOuterUp": "outer brow raised, arched eyebrow",
    "CheekSquint": "cheek raised, bunched up under the eye",
    "NoseSneer": "nose wrinkled, nostril raised, sneer",
    "JawForward": "lower jaw pushed forward, underbite",
    "Jaw": "jaw shifted sideways",
    "JawOpen": "jaw drops, mouth open, gape",
    "MouthClose": "lips closed over an open jaw",
    "MouthFunnel": "lips funneled, rounded oh shape",
    "MouthPucker": "lips puckered, pursed, kiss",
    "Mouth": "mouth dragged to one side",
    "MouthRollLower": "lower lip rolled in over the teeth, bitten",
    "MouthRollUpper": "upper lip rolled in, tucked",
    "MouthShrugLower": "chin bunched, lower lip pushed up, pout",
    "MouthShrugUpper": "upper lip pushed up, shrug",
    "BrowInnerUp": "inner brows raised, worried, peaked in the middle",
    "CheekPuff": "cheeks puffed out, filled with air",
    "TongueOut": "tongue sticks out",
    "LookUp": "eyes look up, gaze lifted",
    "LookDown": "eyes look down, gaze lowered",
    "Look": "eyes look to the side, gaze shifts",
    "HeadUp": "head tipped back, chin raised",
    "HeadDown": "head bowed, chin dips",
    "HeadTurn": "head turned to the side",
    "HeadTilt": "head tilted toward the shoulder",
}
"""What each stem means in an animator's words; the network's queries start from these."""


def _mirrored(unit: str) -> str:
    stem, side = stem_and_side(unit)
    return unit if side == 0 else stem + ("Right" if side == 1 else "Left")


MIRROR: Final[NDArray[np.int64]] = np.array([INDEX[_mirrored(name)] for name in UNITS])
"""(54,) where each unit finds its value after mirroring the face."""


def _wire_matrix() -> NDArray[np.float32]:
    matrix = np.zeros((UNIT_COUNT, CHANNEL_COUNT), np.float32)
    for unit in UNITS:
        if unit in Channel.__members__:
            matrix[INDEX[unit], channel_named(unit)] = 1.0
    for unit, shapes in _LOOKS.items():
        axis, radians = _EYE_TURNS[unit]
        for shape in shapes:
            matrix[INDEX[unit], channel_named(shape)] = 1.0
        for eye in ("Left", "Right"):
            matrix[INDEX[unit], channel_named(eye + axis)] = radians
    for axis, plus, minus in _HEAD_AXES:
        matrix[INDEX[plus], channel_named(axis)] = HEAD_RADIANS_PER_UNIT
        matrix[INDEX[minus], channel_named(axis)] = -HEAD_RADIANS_PER_UNIT
    matrix.flags.writeable = False
    return matrix


WIRE_MATRIX: Final[NDArray[np.float32]] = _wire_matrix()
"""(54, 61): units @ WIRE_MATRIX are wire values, eye rotations included."""


def from_wire(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (n, 54) units of (n, 61) wire values that the corpus's vocabulary can say."""
    units = np.zeros((len(values), UNIT_COUNT), np.float32)
    for unit in UNITS:
        if unit in Channel.__members__:
            units[:, INDEX[unit]] = values[:, channel_named(unit)]
    for unit, shapes in _LOOKS.items():
        units[:, INDEX[unit]] = values[:, channel_named(shapes[0])]
    for axis, plus, minus in _HEAD_AXES:
        turned = values[:, channel_named(axis)] / HEAD_RADIANS_PER_UNIT
        units[:, INDEX[plus]] = np.clip(turned, 0.0, None)
        units[:, INDEX[minus]] = np.clip(-turned, 0.0, None)
    return units


def to_wire(units: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (n, 61) wire values of (n, 54) units: in range, opposites resolved.

    Of two opposite directions only the difference acts, and MouthClose never exceeds JawOpen.
    """
    units = np.clip(units, 0.0, 1.0).astype(np.float32)
    for one, other in OPPOSITES:
        shared = np.minimum(units[:, one], units[:, other])
        units[:, one] -= shared
        units[:, other] -= shared
    close, jaw = INDEX["MouthClose"], INDEX["JawOpen"]
    units[:, close] = np.minimum(units[:, close], units[:, jaw])
    return units @ WIRE_MATRIX
