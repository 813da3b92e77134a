"""From a typed prompt to keyframes, what users really do, against the authored scripts. Pure.

Both the number of beats and their poses are predicted, so the poses are aligned before they are
compared (`alignment`), and a script counts as found when its own authored beats are the nearest of
a pool (`ranking`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from generator.corpus import CorpusScript
from generator.evaluation.alignment import Poses, align, pose_costs, warped_distances
from generator.evaluation.ranking import retrieval
from generator.scoring import score
from generator.script import Script

_CLAUSE_END = re.compile(
    r"[.;:!?,]+['\"\u2019\u201d]*\s+|\s*[\u2013\u2014]\s*|\s+(?=(?:then|and|but)\s)"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PromptScores:
    """What predicted scripts are worth.

    Attributes:
        scripts: Scripts compared.
        pairs: Pairs of beats in their alignments.
        r1, r3: Share of scripts whose own authored beats are nearest, among the nearest three.
        chance: What guessing gives for `r1`.
        recall, precision, f1, mae: Of the aligned pairs, as `generator.scoring` has them.
    """

    scripts: int
    pairs: int
    r1: float
    r3: float
    chance: float
    recall: float
    precision: float
    f1: float
    mae: float

    def to_json(self) -> dict[str, float | int]:
        """Return the scores as JSON: errors to 4 decimals, shares to 3."""
        return {
            "scripts": self.scripts,
            "pairs": self.pairs,
            "r1": round(self.r1, 3),
            "r3": round(self.r3, 3),
            "chance": round(self.chance, 3),
            "recall": round(self.recall, 3),
            "precision": round(self.precision, 3),
            "f1": round(self.f1, 3),
            "mae": round(self.mae, 4),
        }


@dataclass(frozen=True, slots=True)
class BeatCounts:
    """How often a number of beats is right.

    Attributes:
        scripts: Scripts counted.
        exact, within_one: Share of scripts with the authored number, and at most one off.
    """

    scripts: int
    exact: float
    within_one: float

    def to_json(self) -> dict[str, float | int]:
        """Return the shares as JSON, to 3 decimals."""
        return {
            "scripts": self.scripts,
            "exact": round(self.exact, 3),
            "within_one": round(self.within_one, 3),
        }


def prompt_scores(
    predicted: Sequence[Poses], authored: Sequence[Poses], *, seed: int = 0
) -> PromptScores:
    """Compare the beats of n predicted scripts with those of the n authored ones.

    Args:
        predicted: (beats, 61) poses of each script, of any number of beats.
        authored: The same of the authored scripts, in the same order.
        seed: Of the retrieval pools.
    """
    guesses, truths = [], []
    for guess, truth in zip(predicted, authored, strict=True):
        way = align(pose_costs(guess, truth))
        guesses.append(guess[[row for row, _ in way]])
        truths.append(truth[[column for _, column in way]])
    pairs = score(np.concatenate(guesses), np.concatenate(truths), rounds=1)
    found = retrieval(warped_distances(predicted, authored), seed=seed)
    return PromptScores(
        scripts=len(truths),
        pairs=pairs.count,
        r1=found.r1,
        r3=found.r3,
        chance=found.chance,
        recall=pairs.recall,
        precision=pairs.precision,
        f1=pairs.f1,
        mae=pairs.mae,
    )


def beat_counts(predicted: Sequence[int], authored: Sequence[int]) -> BeatCounts:
    """Compare numbers of beats, one a script; at least one script."""
    off = np.abs(np.subtract(predicted, authored))
    return BeatCounts(len(off), float((off == 0).mean()), float((off <= 1).mean()))


def counts_json(authored: Sequence[CorpusScript], predicted: Sequence[Script]) -> dict[str, Any]:
    """Return the counts of predicted scripts beside those of always two beats."""
    wanted = [len(item.beats) for item in authored]
    return {
        "standardised": beat_counts([len(made.beats) for made in predicted], wanted).to_json(),
        "always two": beat_counts([2] * len(wanted), wanted).to_json(),
    }


def in_halves(script: Script) -> Script:
    """Return a script of two beats: the prompt cut at the clause nearest to its middle."""
    return _with_texts(script, halves(script.prompt))


def twice(script: Script) -> Script:
    """Return a script of two beats, each the whole prompt."""
    return _with_texts(script, (script.prompt, script.prompt))


def _with_texts(script: Script, texts: tuple[str, str]) -> Script:
    first = script.beats[0]
    return replace(
        script, beats=tuple(replace(first, description=text, anatomical="") for text in texts)
    )


def halves(prompt: str) -> tuple[str, str]:
    """Cut a prompt in two where a clause ends, or a word; one word alone is both halves."""
    text = prompt.strip()
    for edge in (_CLAUSE_END, _SPACE):
        cuts = [found.end() for found in edge.finditer(text) if 0 < found.end() < len(text)]
        if cuts:
            cut = min(cuts, key=lambda place: abs(place - len(text) / 2))
            return text[:cut].strip(), text[cut:].strip()
    return text, text
