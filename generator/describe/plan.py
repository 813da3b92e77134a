"""What is worth saying of a face, region by region, before any wording is chosen. Pure.

Muscles that people name as one thing are said as one: whole brows, a smile with its cheeks, eyes
squeezed shut, lips sealed over a dropped jaw, a diagonal gaze.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generator.describe.degrees import SILENT, Scale
from generator.describe.face import Face
from livelink.channels import Region

_ALIKE: Final = 0.07  # sides nearer than this are one amount
_LEANS: Final = 0.12  # of one degree, but visibly more on one side
_HALF_SHUT: Final = 0.53  # beyond, eyes 'close' rather than lids 'droop'
_SHUT: Final = 0.9 - 1e-6  # of EyeBlink: corpus texts say 'shut', 'fully closed' from here on


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say.

    Attributes:
        region: Where it happens.
        kind: Key of `wording.SAYINGS`.
        degree: How much, 1 to 8.
        weight: How much it matters, for what is left out of a long text.
        second: The other degree that some kinds have, else 0.
        side: "left", "right" or "".
        other: Degree on the other side, 0 where that is still.
        leans: Whether both sides move, more so on `side`.
        scale: Whose words the degrees take.
    """

    region: Region
    kind: str
    degree: int
    weight: float
    second: int = 0
    side: str = ""
    other: int = 0
    leans: bool = False
    scale: Scale = Scale.FACE


def sayings(face: Face) -> list[Saying]:
    """Return everything to say of a face, brows to head."""
    return [
        *_brows(face),
        *_lids(face),
        *_gaze(face),
        *_nose_and_cheeks(face),
        *_corners(face),
        *_lips(face),
        *_jaw(face),
        *_head(face),
    ]


def _single(region: Region, kind: str, value: float) -> Iterator[Saying]:
    if value >= SILENT:
        yield Saying(region, kind, Scale.FACE.degree(value), value)


def _pair(
    region: Region,
    kinds: tuple[str, str],
    values: tuple[float, float],
    scale: Scale = Scale.FACE,
) -> Iterator[Saying]:
    """Say a pair by its (both, one side) kinds: alike, leaning, uneven or one-sided."""
    left, right = values
    strong, weak = max(values), min(values)
    side = "left" if left > right else "right"
    degree, other = scale.degree(strong), scale.degree(weak)
    if not degree:
        return
    if other and (degree == other or strong - weak < _ALIKE):
        leans = strong - weak >= _LEANS
        mean = scale.degree((left + right) / 2)
        yield Saying(
            region, kinds[0], mean, strong, side=side if leans else "", leans=leans, scale=scale
        )
    else:
        yield Saying(region, kinds[1], degree, strong, side=side, other=other, scale=scale)


def _aside(region: Region, kind: str, left: float, scale: Scale = Scale.FACE) -> Iterator[Saying]:
    """Say a direction, + to the left."""
    if abs(left) >= SILENT:
        side = "left" if left > 0 else "right"
        yield Saying(region, kind, scale.degree(abs(left)), abs(left), side=side, scale=scale)


def _alike(face: Face, stem: str) -> float:
    """Return the mean of a pair that both sides share, else 0."""
    left, right = face.pairs[stem]
    together = abs(left - right) < _ALIKE and min(left, right) >= SILENT
    return (left + right) / 2 if together else 0.0


def _brows(face: Face) -> Iterator[Saying]:
    inner, outer, down = face.shapes["BrowInnerUp"], _alike(face, "BrowOuterUp"), face.pairs
    degree, tails = Scale.FACE.degree(inner), Scale.FACE.degree(outer)
    knit = Scale.FACE.degree(_alike(face, "BrowDown"))
    if degree and tails:
        if degree == tails or abs(inner - outer) < _ALIKE:
            mean = (inner + outer) / 2
            yield Saying(Region.BROWS, "brows up", Scale.FACE.degree(mean), max(inner, outer))
        else:
            yield Saying(Region.BROWS, "brows up by parts", degree, max(inner, outer), second=tails)
    else:
        if degree and knit and knit < degree:
            yield Saying(Region.BROWS, "inner brows up and a knit", degree, inner, second=knit)
        else:
            yield from _single(Region.BROWS, "inner brows up", inner)
        both = "outer brows up" if degree else "outer brows up alone"
        yield from _pair(Region.BROWS, (both, "outer brow up"), down["BrowOuterUp"])
    if not (degree and knit and knit < degree and not tails):
        yield from _pair(Region.BROWS, ("brows down", "brow down"), down["BrowDown"])


def _lids(face: Face) -> Iterator[Saying]:
    blink, squint = face.pairs["EyeBlink"], face.pairs["EyeSquint"]
    tight = Scale.FACE.degree(_alike(face, "EyeSquint"))
    shut = (min(blink) + max(blink)) / 2 >= _SHUT and max(blink) - min(blink) < _ALIKE
    if shut and tight:
        weight = max(*blink, *squint)
        degree = Scale.LIDS.degree(sum(blink) / 2)
        yield Saying(
            Region.LIDS, "eyes squeezed shut", degree, weight, second=tight, scale=Scale.LIDS
        )
    else:
        closed = max(blink) > _HALF_SHUT
        kinds = ("lids shut", "lid shut") if closed else ("lids low", "lid low")
        yield from _pair(Region.LIDS, kinds, blink, Scale.LIDS)
        smiling = max(face.pairs["MouthSmile"]) >= SILENT and not max(blink) >= _SHUT
        both = "eyes crinkle" if smiling else "eyes narrow"
        yield from _pair(Region.LIDS, (both, "eye narrows"), squint)
    yield from _pair(Region.LIDS, ("eyes wide", "eye wide"), face.pairs["EyeWide"])


def _gaze(face: Face) -> Iterator[Saying]:
    up, left = face.look_up, face.look_left
    height = "up" if up > 0 else "down"
    rise, turn = Scale.FACE.degree(abs(up)), Scale.FACE.degree(abs(left))
    if rise and turn:
        alike = rise == turn or abs(abs(up) - abs(left)) < _ALIKE
        degree = Scale.FACE.degree((abs(up) + abs(left)) / 2) if alike else rise
        yield Saying(
            Region.GAZE,
            f"gaze {height} and aside alike" if alike else f"gaze {height} and aside",
            degree,
            max(abs(up), abs(left)),
            second=0 if alike else turn,
            side="left" if left > 0 else "right",
        )
    else:
        yield from _single(Region.GAZE, f"gaze {height}", abs(up))
        yield from _aside(Region.GAZE, "gaze aside", left)
    if abs(face.crossing) > abs(left) + _ALIKE:  # no eye looks where the other does
        kind = "eyes cross" if face.crossing > 0 else "eyes part"
        yield from _single(Region.GAZE, kind, abs(face.crossing))


def _nose_and_cheeks(face: Face) -> Iterator[Saying]:
    yield from _pair(Region.NOSE, ("nose", "nostril"), face.pairs["NoseSneer"])
    if not _smiles_with_cheeks(face):
        yield from _pair(Region.CHEEKS, ("cheeks up", "cheek up"), face.pairs["CheekSquint"])
    yield from _single(Region.CHEEKS, "cheeks puffed", face.shapes["CheekPuff"])


def _smiles_with_cheeks(face: Face) -> bool:
    smile, cheeks = _alike(face, "MouthSmile"), _alike(face, "CheekSquint")
    degree = Scale.FACE.degree(smile)
    return degree > 0 and degree == Scale.FACE.degree(cheeks)


def _corners(face: Face) -> Iterator[Saying]:
    pairs = face.pairs
    if _smiles_with_cheeks(face):
        smile = _alike(face, "MouthSmile")
        yield Saying(
            Region.MOUTH,
            "smile with cheeks",
            Scale.FACE.degree(smile),
            max(*pairs["MouthSmile"], *pairs["CheekSquint"]),
        )
    else:
        yield from _pair(Region.MOUTH, ("smile", "smile on one side"), pairs["MouthSmile"])
    yield from _pair(Region.MOUTH, ("corners down", "corner down"), pairs["MouthFrown"])
    yield from _pair(Region.MOUTH, ("mouth wide", "corner wide"), pairs["MouthStretch"])
    yield from _pair(Region.MOUTH, ("dimples", "dimple"), pairs["MouthDimple"])
    yield from _aside(Region.MOUTH, "mouth aside", face.mouth)


def _lips(face: Face) -> Iterator[Saying]:
    shapes, region = face.shapes, Region.MOUTH
    yield from _pair(region, ("lips pressed", "lips pressed on one side"), face.pairs["MouthPress"])
    lower, upper = shapes["MouthRollLower"], shapes["MouthRollUpper"]
    if min(lower, upper) >= SILENT and abs(lower - upper) < 2 * _ALIKE:
        degree = Scale.FACE.degree((lower + upper) / 2)
        yield Saying(region, "both lips rolled in", degree, max(lower, upper))
    else:
        yield from _single(region, "lower lip rolled in", lower)
        yield from _single(region, "upper lip rolled in", upper)
    yield from _single(region, "funnel", shapes["MouthFunnel"])
    yield from _single(region, "pucker", shapes["MouthPucker"])
    yield from _single(region, "chin up", shapes["MouthShrugLower"])
    yield from _single(region, "upper lip pushed up", shapes["MouthShrugUpper"])
    lift = Scale.FACE.degree(_alike(face, "MouthUpperUp"))
    drop = Scale.FACE.degree(_alike(face, "MouthLowerDown"))
    if lift and drop:
        weight = max(*face.pairs["MouthUpperUp"], *face.pairs["MouthLowerDown"])
        yield Saying(region, "teeth bared", lift, weight, second=drop)
        return
    kinds = ("upper lip up", "upper lip up on one side")
    yield from _pair(region, kinds, face.pairs["MouthUpperUp"])
    kinds = ("lower lip down", "lower lip down on one side")
    yield from _pair(region, kinds, face.pairs["MouthLowerDown"])


def _jaw(face: Face) -> Iterator[Saying]:
    drop, close = face.shapes["JawOpen"], face.shapes["MouthClose"]
    if drop < SILENT:
        yield from _single(Region.MOUTH, "lips closed", close)
    elif close < max(SILENT, 0.35 * drop):
        yield from _single(Region.JAW, "jaw open", drop)
    elif close < 0.75 * drop:
        yield from _single(Region.JAW, "jaw open, lips nearly together", drop)
    else:
        yield from _single(Region.JAW, "jaw open, lips sealed", drop)
    yield from _single(Region.JAW, "jaw forward", face.shapes["JawForward"])
    yield from _aside(Region.JAW, "jaw aside", face.jaw)
    yield from _single(Region.TONGUE, "tongue", face.shapes["TongueOut"])


def _head(face: Face) -> Iterator[Saying]:
    yield from _aside(Region.HEAD, "head turned", face.head_left, Scale.HEAD)
    if abs(face.head_up) >= SILENT:
        kind = "head up" if face.head_up > 0 else "head down"
        degree = Scale.HEAD.degree(abs(face.head_up))
        yield Saying(Region.HEAD, kind, degree, abs(face.head_up), scale=Scale.HEAD)
    yield from _aside(Region.HEAD, "head tilted", face.tilt_left, Scale.HEAD)
