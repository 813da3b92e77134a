"""Scores of the compact model on its validation beats, beside the baselines. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from generator.compact import units
from generator.compact.beats import ReadBeat, part, placed
from generator.compact.tokens import Pair
from generator.training.baselines import baseline_scores

READINGS: Final = ("anatomical", "original with context")
"""The two ways in which a beat is read and scored."""

PLACED: Final = "original with context and place"
"""As a script's keyframes are really made: the model is told which beat of how many it reads."""

ALL: Final = (*READINGS, PLACED, "prompt")
"""Every way that the card has scores of."""

EXPERT: Final[Mapping[str, Mapping[str, float]]] = {
    "anatomical (70 beats)": {"mae": 0.007, "f1": 1.0, "side": 1.0, "r1": 1.0, "r3": 1.0},
    "original with background and emotion, exam 1 (80 beats)": {
        "mae": 0.038, "f1": 0.88, "side": 0.67, "r1": 0.78, "r3": 0.91,
    },
    "original with background and emotion, exam 2 (147 beats)": {
        "mae": 0.024, "f1": 0.95, "side": 0.98, "r1": 0.97, "r3": 1.0,
    },
}  # fmt: skip
"""What a careful human-like reading reaches (assets/corpus/README.md)."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Validation beats read in one way.

    Attributes:
        pairs: Texts and contexts.
        texts: What the model was given, one string a row, for the side score.
        targets: (n, 61) authored poses.
    """

    pairs: list[Pair]
    texts: list[str]
    targets: NDArray[np.float32]


def pairs_of(beats: Sequence[ReadBeat], kind: str) -> list[Pair]:
    """Return what the model is given; `kind` is one of `READINGS`, `PLACED` or 'prompt'."""
    if kind == "anatomical":
        return [(beat.anatomical, None) for beat in beats]
    if kind == "prompt":
        return [(beat.prompt, None) for beat in beats]
    if kind == PLACED:
        return [(b.original, placed(b.context, b.index, b.count)) for b in beats]
    return [(beat.original, beat.context) for beat in beats]


def asked(beats: Sequence[ReadBeat], kind: str) -> Asked:
    """Return the beats as one of `READINGS`."""
    pairs = pairs_of(beats, kind)
    texts = [f"{context} {text}" if context else text for text, context in pairs]
    return Asked(pairs, texts, units.to_wire(np.stack([beat.units for beat in beats])))


def baseline_table(
    train: Sequence[ReadBeat], validation: Sequence[ReadBeat], shares: Sequence[float], seed: int
) -> tuple[Json, Json]:
    """Return the baselines' scores by reading, and how the ridge's grow with the training share."""
    table: Json = {}
    growth: Json = {}
    for kind in READINGS:
        wanted = asked(validation, kind)
        for share in shares:
            known = asked(part(train, share, seed), kind)
            known_poses, wanted_poses = (g.targets.astype(np.float64) for g in (known, wanted))
            found = baseline_scores(known.texts, known_poses, wanted.texts, wanted_poses)
            growth.setdefault(kind, {})[f"{len(known.texts)} beats"] = found["TF-IDF + ridge"]
            table[kind] = found  # of the last, largest share
    return table, growth


def meets(table: Mapping[str, Json]) -> dict[str, bool]:
    """Return for every score to reach whether it is reached."""
    floors = {
        "anatomical": {"f1": 0.94, "side": 0.90, "r1": 0.85, "r3": 0.95},
        "original with context": {"f1": 0.80, "side": 0.80, "r1": 0.40, "r3": 0.60},
    }
    ceilings = {"anatomical": 0.045, "original with context": 0.075}
    reached: dict[str, bool] = {}
    for kind, wanted in floors.items():
        for name, floor in wanted.items():
            reached[f"{kind} {name} >= {floor}"] = (table[kind][name] or 0.0) >= floor
        reached[f"{kind} mae <= {ceilings[kind]}"] = table[kind]["mae"] <= ceilings[kind]
    return reached
