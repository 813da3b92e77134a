"""What every layer is told: the keys, their path, the words' mood, and the span asked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.interpolation import Keys, Path
from generator.motion.layers import LayerSpec, Mood
from livelink.channels import CHANNELS, Channel, Region, of_region

Floats = NDArray[np.float64]

REGIONS = tuple(Region)
REGION_OF = np.array([REGIONS.index(info.region) for info in CHANNELS])
"""(61,) index of each channel's region in `REGIONS`."""

Effect = Callable[[Floats, Floats], Floats]
"""(values (n, 61), times_s (n,)) -> new values (n, 61), which may share no memory with the old."""

_EXCITED = re.compile(
    r"\b(?:panic|terror|terrif|fear|afraid|scare|shock|startl|alarm|horror|rage|fur[iy]|anger|angr"
    r"|outrag|excit|elat|ecsta|thrill|joy|glee|delight|triumph|surpris|astonish|nerv|anxi|frantic"
    r"|hyster|agitat|manic|laugh|giggl|hilari|eager|urgent|stress|disgust|revuls|indign|desper)",
    re.IGNORECASE,
)
_CALM = re.compile(
    r"\b(?:calm|seren|peace|bore|tired|weary|sleep|drows|exhaust|sad|sorrow|grie|melanchol|gloom"
    r"|wistful|nostalg|tender|content|relax|numb|resign|dull|languid|dream|pensive|thoughtful"
    r"|gentle|lazy|blank|stoic|deadpan|indifferen|quiet|meditat|regret|lonel|patien|placid)",
    re.IGNORECASE,
)
_QUICK = re.compile(
    r"\b(?:sudden|snap|flash|quick|instant|abrupt|jerk|jolt|bang|bam|flinch|whip|dart|pop|sharp"
    r"|at once|burst|recoil|crash|slam|rear)",
    re.IGNORECASE,
)
_SLOW = re.compile(
    r"\b(?:slow|gradual|drift|ease|easing|creep|settle|linger|soft|melt|sink|droop|by the inch"
    r"|seep|dawn|fade|smooth|glid|little by little|bit by bit)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What layers work on.

    Attributes:
        keys: The poses in time.
        path: The way through them.
        mood: The words.
        arousal: (k,) each key's excitement, -1 (calm) ... 1 (frantic), from the words.
        haste: (k,) how each key is entered, -1 (slowly) ... 1 (suddenly), from the words.
        span_s: First and last second asked for.
    """

    keys: Keys
    path: Path
    mood: Mood
    arousal: Floats
    haste: Floats
    span_s: tuple[float, float]

    @classmethod
    def of(cls, keys: Keys, path: Path, mood: Mood, span_s: tuple[float, float]) -> Scene:
        """Return the scene of keys and words."""
        overall = _balance(mood.emotion, _EXCITED, _CALM)
        texts = [mood.text(index) for index in range(len(keys))]
        own = np.array([_balance(text, _EXCITED, _CALM) for text in texts])
        arousal = np.clip(0.6 * overall + 0.6 * own, -1.0, 1.0)
        haste = np.array([_balance(text, _QUICK, _SLOW) for text in texts])
        return cls(keys, path, mood, arousal, haste, span_s)


@dataclass(frozen=True, slots=True)
class Transition:
    """A stretch of the path that leads from one pose to another.

    Attributes:
        segment: Its index on the path.
        key: The key it leads to.
        start_s, end_s: When it begins and when the key is reached.
        rest_before_s, rest_after_s: How long the face is held before and after it.
        change: (61,) what it changes.
    """

    segment: int
    key: int
    start_s: float
    end_s: float
    rest_before_s: float
    rest_after_s: float
    change: Floats

    @property
    def length_s(self) -> float:
        """Seconds it takes."""
        return self.end_s - self.start_s


def transitions(path: Path) -> tuple[Transition, ...]:
    """Return the path's transitions in time order; the end of the last key rests for a second."""
    lengths = np.diff(path.knots_s)
    found = []
    for segment in np.flatnonzero(path.moving):
        before = 0.0 if segment == 0 or path.moving[segment - 1] else lengths[segment - 1]
        last = segment + 1 == len(lengths)
        after = 1.0 if last else 0.0 if path.moving[segment + 1] else lengths[segment + 1]
        found.append(
            Transition(
                int(segment),
                int(path.targets[segment]),
                float(path.knots_s[segment]),
                float(path.knots_s[segment + 1]),
                float(before),
                float(after),
                path.poses[segment + 1] - path.poses[segment],
            )
        )
    return tuple(found)


def channel_mask(spec: LayerSpec) -> Floats:
    """Return (61,) how much of each channel a layer may change: its weight in its regions."""
    mask = np.zeros(len(Channel))
    mask[list(of_region(*spec.active_regions))] = spec.weight
    return mask


def region_mask(spec: LayerSpec) -> Floats:
    """Return the same by region, in the order of `REGIONS`."""
    return np.array([spec.weight * (region in spec.active_regions) for region in REGIONS])


def _balance(text: str, up: re.Pattern[str], down: re.Pattern[str]) -> float:
    rising, falling = len(up.findall(text)), len(down.findall(text))
    return (rising - falling) / (rising + falling) if rising + falling else 0.0
