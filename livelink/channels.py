"""The 61 channels: names in wire order, regions, sides, mirrors, ranges, meanings and CSV names.

The only place where a channel's number is written. Wire order is Unreal's EARFaceBlendShape, all
pairs Left first (Epic's Python API page gives the same numbers). Left and right are the
subject's own. Pure data.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

CHANNEL_COUNT = 61
SHAPE_COUNT = 52

EYE_PITCH_PER_LOOK = 0.61
"""Radians of eye pitch (+ down) per unit of LookDown - LookUp, measured on real streams."""

EYE_YAW_PER_LOOK = 0.60
"""Radians of eye yaw (+ to the subject's right) per unit of look to the right, likewise."""


class Region(enum.Enum):
    """The part of the face a channel belongs to; layers and panels are organised by it."""

    LIDS = "lids"
    GAZE = "gaze"
    BROWS = "brows"
    CHEEKS = "cheeks"
    NOSE = "nose"
    JAW = "jaw"
    MOUTH = "mouth"
    TONGUE = "tongue"
    HEAD = "head"


class Side(enum.Enum):
    """The subject's own side that a channel names."""

    LEFT = "left"
    RIGHT = "right"
    NONE = "none"


class Channel(enum.IntEnum):
    """A channel; its value is its position on the wire."""

    EyeBlinkLeft = 0
    EyeLookDownLeft = 1
    EyeLookInLeft = 2
    EyeLookOutLeft = 3
    EyeLookUpLeft = 4
    EyeSquintLeft = 5
    EyeWideLeft = 6
    EyeBlinkRight = 7
    EyeLookDownRight = 8
    EyeLookInRight = 9
    EyeLookOutRight = 10
    EyeLookUpRight = 11
    EyeSquintRight = 12
    EyeWideRight = 13
    JawForward = 14
    JawLeft = 15
    JawRight = 16
    JawOpen = 17
    MouthClose = 18
    MouthFunnel = 19
    MouthPucker = 20
    MouthLeft = 21
    MouthRight = 22
    MouthSmileLeft = 23
    MouthSmileRight = 24
    MouthFrownLeft = 25
    MouthFrownRight = 26
    MouthDimpleLeft = 27
    MouthDimpleRight = 28
    MouthStretchLeft = 29
    MouthStretchRight = 30
    MouthRollLower = 31
    MouthRollUpper = 32
    MouthShrugLower = 33
    MouthShrugUpper = 34
    MouthPressLeft = 35
    MouthPressRight = 36
    MouthLowerDownLeft = 37
    MouthLowerDownRight = 38
    MouthUpperUpLeft = 39
    MouthUpperUpRight = 40
    BrowDownLeft = 41
    BrowDownRight = 42
    BrowInnerUp = 43
    BrowOuterUpLeft = 44
    BrowOuterUpRight = 45
    CheekPuff = 46
    CheekSquintLeft = 47
    CheekSquintRight = 48
    NoseSneerLeft = 49
    NoseSneerRight = 50
    TongueOut = 51
    HeadYaw = 52
    HeadPitch = 53
    HeadRoll = 54
    LeftEyeYaw = 55
    LeftEyePitch = 56
    LeftEyeRoll = 57
    RightEyeYaw = 58
    RightEyePitch = 59
    RightEyeRoll = 60


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """What is known about one channel.

    Attributes:
        channel: The channel itself.
        region: Part of the face.
        side: The subject's own side it names.
        mirror: Its partner on the other side (itself where there is none).
        mirror_sign: -1.0 where mirroring negates the value (yaw, roll), else 1.0.
        low, high: Range that a performance keeps to. Real phones send values a little over 1.
        meaning: What the face does, one plain line.
        facs: The same in FACS terms (action units by convention, not Apple's own table).
    """

    channel: Channel
    region: Region
    side: Side
    mirror: Channel
    mirror_sign: float
    low: float
    high: float
    meaning: str
    facs: str

    @property
    def name(self) -> str:
        """The wire name."""
        return self.channel.name


# stem -> (region, meaning with {s} for the side, FACS). Paired stems take Left and Right.
_PAIRED: dict[str, tuple[Region, str, str]] = {
    "EyeBlink": (Region.LIDS, "closes the {s} eyelids; 1 is fully shut", "AU43/45 eye closure"),
    "EyeLookDown": (Region.GAZE, "turns the {s} eye down, the lid following", "AU64 eyes down"),
    "EyeLookIn": (Region.GAZE, "turns the {s} eye in towards the nose", "AU61/62 eyes turn"),
    "EyeLookOut": (Region.GAZE, "turns the {s} eye out, away from the nose", "AU61/62 eyes turn"),
    "EyeLookUp": (Region.GAZE, "turns the {s} eye up, the lid following", "AU63 eyes up"),
    "EyeSquint": (Region.LIDS, "tightens the lids around the {s} eye", "AU7 lid tightener"),
    "EyeWide": (Region.LIDS, "lifts the {s} upper lid off the iris", "AU5 upper lid raiser"),
    "MouthSmile": (Region.MOUTH, "pulls the {s} mouth corner up and out", "AU12 lip corner puller"),
    "MouthFrown": (Region.MOUTH, "draws the {s} mouth corner down", "AU15 lip corner depressor"),
    "MouthDimple": (Region.MOUTH, "tucks the {s} mouth corner back into a dimple", "AU14 dimpler"),
    "MouthStretch": (Region.MOUTH, "stretches the {s} mouth corner sideways", "AU20 lip stretcher"),
    "MouthPress": (Region.MOUTH, "presses the lips together on the {s}", "AU24 lip pressor"),
    "MouthLowerDown": (
        Region.MOUTH,
        "pulls the {s} half of the lower lip down, baring lower teeth",
        "AU16 lower lip depressor",
    ),
    "MouthUpperUp": (
        Region.MOUTH,
        "lifts the {s} half of the upper lip, baring upper teeth",
        "AU10 upper lip raiser",
    ),
    "BrowDown": (Region.BROWS, "lowers the {s} brow and draws it inwards", "AU4 brow lowerer"),
    "BrowOuterUp": (Region.BROWS, "lifts the outer end of the {s} brow", "AU2 outer brow raiser"),
    "CheekSquint": (Region.CHEEKS, "bunches the {s} cheek up under the eye", "AU6 cheek raiser"),
    "NoseSneer": (Region.NOSE, "wrinkles the {s} side of the nose", "AU9 nose wrinkler"),
    "Jaw": (Region.JAW, "slides the jaw to the subject's {s}", "AU30 jaw sideways"),
    "Mouth": (Region.MOUTH, "shifts both lips to the subject's {s}", "lips sideways (no AU)"),
}
_SINGLE: dict[str, tuple[Region, str, str]] = {
    "JawForward": (Region.JAW, "thrusts the jaw forward", "AU29 jaw thrust"),
    "JawOpen": (Region.JAW, "drops the jaw", "AU26/27 jaw drop"),
    "MouthClose": (
        Region.MOUTH,
        "keeps the lips together over an open jaw; never above JawOpen",
        "lips together with AU26",
    ),
    "MouthFunnel": (Region.MOUTH, "opens the lips into a funnel, as in 'oh'", "AU22 lip funneler"),
    "MouthPucker": (Region.MOUTH, "purses the lips forward, as in a kiss", "AU18 lip pucker"),
    "MouthRollLower": (Region.MOUTH, "rolls the lower lip in over the teeth", "AU28 lip suck"),
    "MouthRollUpper": (Region.MOUTH, "rolls the upper lip in over the teeth", "AU28 lip suck"),
    "MouthShrugLower": (
        Region.MOUTH,
        "pushes the lower lip up, the chin bunching",
        "AU17 chin raiser",
    ),
    "MouthShrugUpper": (Region.MOUTH, "pushes the upper lip up, pouting", "AU17 on the upper lip"),
    "BrowInnerUp": (Region.BROWS, "lifts the inner ends of both brows", "AU1 inner brow raiser"),
    "CheekPuff": (Region.CHEEKS, "puffs both cheeks out with air", "AU34 cheek puff"),
    "TongueOut": (Region.TONGUE, "puts the tongue out", "AU19 tongue show"),
}
# Signs: facts from gaze stabilisation in real streams (yaw, pitch: likely) and our convention
# (roll: unknown until someone measures it). Radians.
_ROTATIONS: dict[str, tuple[Region, Side, float, str, str]] = {
    "HeadYaw": (Region.HEAD, Side.NONE, -1.0, "turns the head; + is to the left", "AU51/52"),
    "HeadPitch": (Region.HEAD, Side.NONE, 1.0, "nods the head; + is up", "AU53/54"),
    "HeadRoll": (Region.HEAD, Side.NONE, -1.0, "tilts the head; + is to the right", "AU55/56"),
    "LeftEyeYaw": (Region.GAZE, Side.LEFT, -1.0, "rotates the left eye; + is right", "AU61/62"),
    "LeftEyePitch": (Region.GAZE, Side.LEFT, 1.0, "rotates the left eye; + is down", "AU63/64"),
    "LeftEyeRoll": (Region.GAZE, Side.LEFT, -1.0, "rolls the left eye", "no AU"),
    "RightEyeYaw": (Region.GAZE, Side.RIGHT, -1.0, "rotates the right eye; + is right", "AU61/62"),
    "RightEyePitch": (Region.GAZE, Side.RIGHT, 1.0, "rotates the right eye; + is down", "AU63/64"),
    "RightEyeRoll": (Region.GAZE, Side.RIGHT, -1.0, "rolls the right eye", "no AU"),
}


def _swap_side(name: str) -> str:
    if "Left" in name:
        return name.replace("Left", "Right")
    return name.replace("Right", "Left")  # a name without a side stays as it is


def _info(channel: Channel) -> ChannelInfo:
    name = channel.name
    mirror_name = _swap_side(name)
    mirror = Channel[mirror_name] if mirror_name in Channel.__members__ else channel
    if name in _ROTATIONS:
        region, side, sign, meaning, facs = _ROTATIONS[name]
        return ChannelInfo(channel, region, side, mirror, sign, -1.0, 1.0, meaning, facs)
    for side in (Side.LEFT, Side.RIGHT):
        stem = name.removesuffix(side.value.capitalize())
        if stem != name and stem in _PAIRED:
            region, meaning, facs = _PAIRED[stem]
            text = meaning.format(s=side.value)
            return ChannelInfo(channel, region, side, mirror, 1.0, 0.0, 1.0, text, facs)
    region, meaning, facs = _SINGLE[name]
    return ChannelInfo(channel, region, Side.NONE, mirror, 1.0, 0.0, 1.0, meaning, facs)


CHANNELS: tuple[ChannelInfo, ...] = tuple(_info(channel) for channel in Channel)
"""Everything known about each channel, in wire order."""

WIRE_NAMES: tuple[str, ...] = tuple(channel.name for channel in Channel)
"""The 61 names in wire order."""

CHANNEL_HASH: str = hashlib.sha256("\n".join(WIRE_NAMES).encode()).hexdigest()[:16]
"""Fingerprint of names and order, kept in model cards so that mixing orders is refused."""

SIDE_PAIRS: tuple[tuple[Channel, Channel], ...] = tuple(
    (info.channel, info.mirror) for info in CHANNELS if info.channel < info.mirror
)
"""(left, right) for every pair that mirroring exchanges, eye looks and rotations included."""


def of_region(*regions: Region) -> tuple[Channel, ...]:
    """Return the channels of the given regions, in wire order."""
    return tuple(info.channel for info in CHANNELS if info.region in regions)


def channel_named(name: str) -> Channel:
    """Return the channel of a wire name, in any case and with any first letter (camelCase too).

    Raises:
        KeyError: No channel has that name.
    """
    try:
        return Channel[name]
    except KeyError:
        return _BY_FOLDED_NAME[name.casefold()]


_BY_FOLDED_NAME = {name.casefold(): Channel[name] for name in WIRE_NAMES}


class CsvConvention(enum.Enum):
    """How a Live Link Face CSV's jaw and mouth columns map to the wire.

    The app's header says JawRight, JawLeft ... MouthRight, MouthLeft where the wire has
    JawLeft, JawRight ... MouthLeft, MouthRight. On real data (facts, section 2.3) the jaw pair
    keeps its NAME and the mouth pair keeps its POSITION: column 'MouthRight' holds what the wire
    calls MouthLeft. No single recording settles it yet, so it is a setting.
    """

    MEASURED = "jaw-by-name-mouth-by-position"
    BY_NAME = "by-name"
    BY_POSITION = "by-position"


_SWAPPED_IN_CSV = {
    CsvConvention.MEASURED: ("MouthLeft", "MouthRight"),
    CsvConvention.BY_NAME: (),
    CsvConvention.BY_POSITION: ("MouthLeft", "MouthRight", "JawLeft", "JawRight"),
}

CSV_NAMES: tuple[str, ...] = tuple(
    _swap_side(name) if name in ("JawLeft", "JawRight", "MouthLeft", "MouthRight") else name
    for name in WIRE_NAMES
)
"""The 61 column names in the order of the app's CSV header (2022 to 2025)."""

CSV_NAMES_2021: tuple[str, ...] = tuple(
    name[0].lower() + name[1:]
    for name in (*(_swap_side(n) for n in WIRE_NAMES[:SHAPE_COUNT]), *WIRE_NAMES[SHAPE_COUNT:])
)
"""The oldest header: camelCase, every shape pair Right first. By position it equals CSV_NAMES
(likely reading); the order of its rotations is assumed unchanged."""


def csv_channel(column: str, convention: CsvConvention = CsvConvention.MEASURED) -> Channel:
    """Return the wire channel that a column of the app's CSV holds.

    Args:
        column: A column name of today's header, any case.
        convention: How to read the jaw and mouth pairs.

    Raises:
        KeyError: Not a channel column.
    """
    channel = channel_named(column)
    if channel.name in _SWAPPED_IN_CSV[convention]:
        return CHANNELS[channel].mirror
    return channel
