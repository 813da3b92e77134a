"""Short plain phrases and their poses, as users type them: 'left brow up', 'jaw drops'. Seeded.

A small grammar of our own, for training only: each stem of `units.STEMS` has wordings, sides are
named or both are meant, and a degree word sets the amount. Full descriptions are the business of
the corpus, not of this grammar.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generator.compact.units import INDEX, UNIT_COUNT

_DEGREES: Final[tuple[tuple[float, str], ...]] = (
    (0.1, "barely|by a trace|a hint|just a touch|ever so slightly"),
    (0.25, "slightly|a little|a bit|softly"),
    (0.45, "moderately|halfway|somewhat|partly"),
    (0.7, "strongly|hard|a lot|firmly|well"),
    (0.97, "fully|completely|to the extreme|all the way|as far as possible"),
)
_PLAIN_AMOUNT = 0.55  # no degree named

_SIDED: Final[Mapping[str, str]] = {
    "EyeBlink": "{s} eye closed|{s} eyelid down|shut the {s} eye|{s} eye shuts",
    "EyeSquint": "{s} eye narrowed|squint the {s} eye|{s} lids tightened",
    "EyeWide": "{s} eye wide|{s} upper lid raised|widen the {s} eye",
    "MouthSmile": "{s} mouth corner up|smile on the {s} side|{s} corner lifts",
    "MouthFrown": "{s} mouth corner down|{s} corner droops",
    "MouthDimple": "{s} corner tucked in|dimple on the {s}",
    "MouthStretch": "{s} corner stretched sideways|{s} corner pulled back",
    "MouthLowerDown": "lower lip pulled down on the {s}",
    "MouthUpperUp": "upper lip raised on the {s}|{s} side of the upper lip lifts",
    "BrowDown": "{s} brow lowered|{s} eyebrow down|furrow the {s} brow",
    "BrowOuterUp": "{s} brow raised|{s} eyebrow up|arch the {s} eyebrow|lift the {s} brow",
    "CheekSquint": "{s} cheek raised|{s} cheek bunched",
    "NoseSneer": "{s} nostril raised|sneer on the {s}",
    "Jaw": "jaw to the {s}|jaw slides {s}|shift the jaw {s}",
    "Mouth": "mouth pulled to the {s}|lips shifted {s}|mouth goes {s}",
    "Look": "look {s}|eyes to the {s}|gaze goes {s}|glance to the {s}",
    "HeadTurn": "head turned {s}|turn the head to the {s}|face turns {s}",
    "HeadTilt": "head tilted {s}|tilt the head to the {s}|head leans toward the {s} shoulder",
}
_BOTH: Final[Mapping[str, str]] = {
    "EyeBlink": "eyes closed|both eyes shut|lids down|close your eyes",
    "EyeSquint": "eyes narrowed|squint|lids tightened|squinting",
    "EyeWide": "eyes wide|wide eyes|upper lids raised|eyes wide open",
    "MouthSmile": "smile|mouth corners up|a smile|smiling|both corners lift",
    "MouthFrown": "mouth corners down|corners droop|downturned mouth",
    "MouthDimple": "corners tucked in|dimples",
    "MouthStretch": "mouth stretched sideways|corners pulled back|lips stretched wide",
    "MouthPress": "lips pressed together|lips pressed|tight lips|lips clamped",
    "MouthLowerDown": "lower lip pulled down|lower teeth bared",
    "MouthUpperUp": "upper lip raised|upper teeth bared",
    "BrowDown": "brows lowered|frown|furrowed brow|brows knitted|scowl",
    "CheekSquint": "cheeks raised|cheeks bunched",
    "NoseSneer": "nose wrinkled|wrinkle the nose|sneer",
}
_SINGLE: Final[Mapping[str, str]] = {
    "JawForward": "jaw forward|push the jaw out|underbite",
    "JawOpen": "jaw drops|mouth open|open the mouth|jaw open",
    "MouthFunnel": "lips in a funnel|lips rounded into an oh",
    "MouthPucker": "lips puckered|pucker up|pursed lips|kissy lips",
    "MouthRollLower": "lower lip bitten|bite the lower lip|lower lip rolled in",
    "MouthRollUpper": "upper lip rolled in|upper lip tucked in",
    "MouthShrugLower": "chin bunched|lower lip pushed up|chin dimpled",
    "BrowInnerUp": "inner brows raised|inner brows up|worried brows",
    "CheekPuff": "cheeks puffed|puff out the cheeks|puffed cheeks",
    "TongueOut": "tongue out|stick out your tongue|tongue pokes out",
    "LookUp": "look up|eyes up|gaze up|eyes to the ceiling",
    "LookDown": "look down|eyes down|gaze lowered",
    "HeadUp": "head back|chin up|head tipped back|raise the head",
    "HeadDown": "head down|chin down|bow the head|head lowered",
}
_ABSENT = ("no {x}", "without {x}", "the {x} stays still", "nothing in the {x}")
_PARTS = ("mouth", "smile", "brow", "jaw", "nose", "head", "tongue")

Wording = tuple[str, NDArray[np.float32]]


def phrase(rng: np.random.Generator) -> Wording:
    """Return one to three joined wordings and the (54,) pose they mean together."""
    count = int(rng.choice([1, 2, 3], p=[0.55, 0.3, 0.15]))
    values = np.zeros(UNIT_COUNT, np.float32)
    texts: list[str] = []
    for _ in range(count):
        text, added = _wording(rng)
        if not ((values > 0) & (added > 0)).any():
            texts.append(text)
            values = np.maximum(values, added)
    joint = (", ", " and ", "; ", ". ")[int(rng.integers(4))]
    text = joint.join(texts)
    if rng.random() < 0.12:
        absent = _ABSENT[int(rng.integers(len(_ABSENT)))]
        spoken = text.lower()
        parts = [part for part in _PARTS if part not in spoken]
        text = f"{text}, {absent.format(x=parts[int(rng.integers(len(parts)))])}"
    return (text[0].upper() + text[1:] + "." if rng.random() < 0.4 else text), values


def _wording(rng: np.random.Generator) -> Wording:
    amount, degree = _amount(rng)
    values = np.zeros(UNIT_COUNT, np.float32)
    kind = rng.random()
    if kind < 0.12:
        return _whole_brows(rng, amount, degree, values)
    if kind < 0.5:
        stem = _pick(rng, tuple(_SIDED))
        side = "left" if rng.random() < 0.5 else "right"
        text = _pick(rng, _SIDED[stem].split("|")).format(s=side)
        values[INDEX[stem + side.capitalize()]] = _usual(stem, amount, degree)
    elif kind < 0.75:
        stem = _pick(rng, tuple(_BOTH))
        text = _pick(rng, _BOTH[stem].split("|"))
        for side in ("Left", "Right"):
            values[INDEX[stem + side]] = _usual(stem, amount, degree)
    else:
        stem = _pick(rng, tuple(_SINGLE))
        text = _pick(rng, _SINGLE[stem].split("|"))
        values[INDEX[stem]] = amount
    return _graded(rng, text, degree), values


def _whole_brows(
    rng: np.random.Generator, amount: float, degree: str, values: NDArray[np.float32]
) -> Wording:
    """'Brows up' lifts the outer and the inner ends alike."""
    for unit in ("BrowOuterUpLeft", "BrowOuterUpRight", "BrowInnerUp"):
        values[INDEX[unit]] = amount
    text = _pick(rng, ("brows up", "both eyebrows raised", "raise the eyebrows", "brows lifted"))
    return _graded(rng, text, degree), values


def _usual(stem: str, amount: float, degree: str) -> float:
    """A lid that closes, closes: without a degree word EyeBlink is full."""
    return 1.0 if stem == "EyeBlink" and not degree else amount


def _amount(rng: np.random.Generator) -> tuple[float, str]:
    if rng.random() < 0.4:
        return _PLAIN_AMOUNT, ""
    amount, words = _DEGREES[int(rng.integers(len(_DEGREES)))]
    return amount, _pick(rng, words.split("|"))


def _graded(rng: np.random.Generator, text: str, degree: str) -> str:
    if not degree:
        return text
    return f"{degree} {text}" if rng.random() < 0.3 else f"{text} {degree}"


def _pick(rng: np.random.Generator, options: tuple[str, ...] | list[str]) -> str:
    return options[int(rng.integers(len(options)))]
