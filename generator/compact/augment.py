"""More to read than was written: what an epoch of training consists of. Pure, seeded.

Anatomical sentences are cut into fragments that own whole regions of the face (no other sentence
of the beat speaks of them), and fragments of different beats are joined, dropped and reordered
with their channels. Short plain phrases teach what users type. Mirroring is left to the trainer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.compact import units
from generator.compact.beats import ReadBeat, placed
from generator.compact.features import names_side
from generator.compact.phrases import phrase

_WORDS: dict[str, str] = {
    "brow": r"brow|forehead|frontalis|glabella|corrugator",
    "eye": (
        r"\beyes?\b|eyelid|eyeball|\blids?\b|gaze|\blook|\bstar(?:e|es|ing)\b|glanc|squint|pupil"
        r"|\biris|blink|wink|glare|peer"
    ),
    "cheek": r"cheek",
    "nose": r"\bnos|nostril|sneer",
    "lower": (
        r"\blips?\b|mouth|corner|smil|grin|teeth|tooth|jaw|mandible|\bchin|tongue|dimple|pucker"
        r"|pout|grimac|gape|yawn|laugh|\bpress|mentalis|zygomatic|bite|\bpurs|puff|snarl|underbite"
        r"|molar"
    ),
    "head": (
        r"\bhead|\bneck|\bface\b|\bchin|shoulder|\btilt|\btip(?:s|ped)?\b|\bnod|\bskull|crown"
        r"|\bturn"
    ),
}
_PATTERNS = {name: re.compile(words, re.IGNORECASE) for name, words in _WORDS.items()}
_STEMS: dict[str, tuple[str, ...]] = {
    "brow": ("BrowDown", "BrowOuterUp", "BrowInnerUp"),
    "eye": ("EyeBlink", "EyeSquint", "EyeWide", "LookUp", "LookDown", "Look"),
    "cheek": ("CheekSquint", "CheekPuff"),
    "nose": ("NoseSneer",),
    "lower": tuple(s for s in units.STEMS if s.startswith(("Mouth", "Jaw", "Tongue"))),
    "head": ("HeadUp", "HeadDown", "HeadTurn", "HeadTilt"),
}
_OWNED: dict[str, NDArray[np.int64]] = {
    name: np.array(
        [i for i, unit in enumerate(units.UNITS) if units.stem_and_side(unit)[0] in stems]
    )
    for name, stems in _STEMS.items()
}
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")
_UNSPOKEN = 0.06  # a value this strong in a region nobody speaks of spoils the cut
_PUFFED = 0.1
_ONE_SIDED = 0.25  # as scored
_FRAGMENT_CHARACTERS = 220


@dataclass(frozen=True, slots=True)
class Example:
    """A text to read and the pose it means.

    Attributes:
        text, context: As the model is given them.
        units: (54,) pose.
    """

    text: str
    context: str | None
    units: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fragment:
    """Sentences that alone speak of some regions, with those regions' values.

    Attributes:
        text: The sentences.
        regions: Names of the regions.
        units: (54,) values, 0 outside the regions.
    """

    text: str
    regions: frozenset[str]
    units: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mix:
    """How many examples of each kind an epoch has, per beat; kept on the card.

    Attributes:
        anatomical: Anatomical text alone.
        original: Original text with its context.
        alone: Original text without context.
        prompt: Prompt alone, one of its beats drawn.
        emotion: Emotion alone, one of its beats drawn.
        composed: Fragments of several beats.
        phrases: Short plain phrases.
        kept: Chance of prompt, background and emotion each to stay in a context.
        placed: Chance of a context to say which beat of how many it is.
        sided: Further copies of one-sided beats whose words name a side, original with context.
    """

    anatomical: float = 0.6
    original: float = 1.0
    alone: float = 0.05
    prompt: float = 0.15
    emotion: float = 0.03
    composed: float = 0.3
    phrases: float = 0.12
    kept: float = 0.8
    placed: float = 0.6
    sided: float = 1.0


def fragments(beat: ReadBeat) -> list[Fragment]:
    """Return the fragments of a beat's anatomical text; none where a value goes unspoken."""
    sentences = [part for part in _SENTENCE.split(beat.anatomical) if part]
    spoken = _regions_of(sentences, beat.units)
    everywhere: set[str] = set().union(*spoken)
    for name, owned in _OWNED.items():
        if name not in everywhere and (beat.units[owned] >= _UNSPOKEN).any():
            return []
    groups: list[tuple[list[int], set[str]]] = []
    for number, regions in enumerate(spoken):
        joined = ([number], set(regions))
        for group in [group for group in groups if group[1] & regions]:
            joined[0].extend(group[0])
            joined[1].update(group[1])
            groups.remove(group)
        groups.append(joined)
    return [
        Fragment(
            " ".join(sentences[i] for i in sorted(numbers)),
            frozenset(regions),
            _only(beat.units, regions),
        )
        for numbers, regions in groups
    ]


def composed(pool: Sequence[Fragment], rng: np.random.Generator) -> Example:
    """Return one to four fragments of different regions as one text and one pose."""
    wanted = int(rng.choice([1, 2, 3, 4], p=[0.25, 0.4, 0.25, 0.1]))
    chosen: list[Fragment] = []
    used: set[str] = set()
    for _ in range(12):
        fragment = pool[int(rng.integers(len(pool)))]
        if not used & fragment.regions:
            chosen.append(fragment)
            used |= fragment.regions
        if len(chosen) == wanted:
            break
    texts = [f.text if f.text[-1] in ".!?" else f.text.rstrip(";, ") + "." for f in chosen]
    total = np.sum([fragment.units for fragment in chosen], axis=0)
    return Example(" ".join(texts), None, np.asarray(total, np.float32))


class Epochs:
    """Draws the examples of one epoch after another."""

    def __init__(self, beats: Sequence[ReadBeat], mix: Mix) -> None:
        self._beats = beats
        self._mix = mix
        self._sided = [beat for beat in beats if _is_sided(beat)]
        cut = [fragments(beat) for beat in beats]
        self._pool = [
            part
            for parts in cut
            if len(parts) > 1
            for part in parts
            if len(part.text) < _FRAGMENT_CHARACTERS
        ]

    def _context(self, beat: ReadBeat, rng: np.random.Generator) -> str | None:
        parts = (beat.prompt, beat.background, beat.emotion)
        kept = [
            part for part, lot in zip(parts, rng.random(3), strict=True) if lot < self._mix.kept
        ]
        context = " ".join(kept)
        if rng.random() < self._mix.placed:
            return placed(context, beat.index, beat.count)
        return context or None

    def draw(self, rng: np.random.Generator) -> list[Example]:
        """Return the examples of one epoch, in no particular order."""
        mix, drawn = self._mix, []
        for beat in self._beats:
            chance = rng.random(5)
            if chance[0] < mix.anatomical:
                drawn.append(Example(beat.anatomical, None, beat.units))
            if chance[1] < mix.original:
                drawn.append(Example(beat.original, self._context(beat, rng), beat.units))
            if chance[2] < mix.alone:
                drawn.append(Example(beat.original, None, beat.units))
            if chance[3] < mix.prompt:
                drawn.append(Example(beat.prompt, None, beat.units))
            if chance[4] < mix.emotion:
                drawn.append(Example(beat.emotion, None, beat.units))
        drawn += [
            Example(beat.original, self._context(beat, rng), beat.units)
            for beat in self._sided
            if rng.random() < mix.sided
        ]
        if self._pool:
            count = int(mix.composed * len(self._beats))
            drawn += [composed(self._pool, rng) for _ in range(count)]
        for _ in range(int(mix.phrases * len(self._beats))):
            text, values = phrase(rng)
            drawn.append(Example(text, None, values))
        return drawn


def _is_sided(beat: ReadBeat) -> bool:
    apart = np.abs(beat.units - beat.units[units.MIRROR])[: units.PAIRED_COUNT].max()
    return bool(apart >= _ONE_SIDED) and names_side(f"{beat.context} {beat.original}")


def _regions_of(sentences: Sequence[str], values: NDArray[np.float32]) -> list[set[str]]:
    spoken = [
        {name for name, pattern in _PATTERNS.items() if pattern.search(sentence)}
        for sentence in sentences
    ]
    for number, regions in enumerate(spoken):
        if not regions:  # 'That's the lot.' goes with the sentence before it
            regions.update(spoken[number - 1] if number else _STEMS)
        if "cheek" in regions and values[units.INDEX["CheekPuff"]] >= _PUFFED:
            regions.add("lower")
    return spoken


def _only(values: NDArray[np.float32], regions: set[str]) -> NDArray[np.float32]:
    kept = np.zeros_like(values)
    for name in regions:
        kept[_OWNED[name]] = values[_OWNED[name]]
    return kept
