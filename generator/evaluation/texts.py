"""Beat by beat: what a model makes of each kind of text, beside what has to be beaten. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence

import numpy as np

from generator.corpus import CorpusScript, targets
from generator.evaluation.alignment import Poses
from generator.models.protocols import Reading, TextChoice, reading
from generator.scoring import score
from generator.script import Beat, Script
from generator.training.baselines import baseline_scores

ScoresJson = dict[str, float | int | None]
"""`generator.scoring.Scores.to_json`."""


class Text(enum.Enum):
    """A kind of text that poses are made from."""

    ANATOMICAL = "anatomical"
    ORIGINAL = "original"
    """With prompt, background and emotion as context."""

    PROMPT = "prompt"
    """Alone, and only of scripts of one beat, whose prompt is the text of one pose."""


def scripts_with(scripts: Sequence[CorpusScript], text: Text) -> tuple[CorpusScript, ...]:
    """Return those of the scripts that have a text of this kind for every beat."""
    return tuple(item for item in scripts if text is not Text.PROMPT or len(item.beats) == 1)


def script_of(item: CorpusScript, text: Text) -> Script:
    """Return the script as a model is given it: with `Text.PROMPT` the prompt and nothing else."""
    return Script("", "", "", (Beat(item.prompt),)) if text is Text.PROMPT else item.script


def choice_of(text: Text) -> TextChoice:
    """Return which text of the script from `script_of` a model has to read."""
    return TextChoice.ANATOMICAL if text is Text.ANATOMICAL else TextChoice.ORIGINAL


def pose_scores(
    predicted: Sequence[Poses], authored: Sequence[CorpusScript], text: Text
) -> ScoresJson:
    """Return the scores of poses, (beats, 61) a script, against those of the authored scripts."""
    texts = [read.text for read in readings(authored, text)]
    return score(np.concatenate(list(predicted)), targets(authored), texts).to_json()


def trivial_scores(
    known: Sequence[CorpusScript], held: Sequence[CorpusScript], text: Text
) -> dict[str, ScoresJson]:
    """Return the baselines' scores by name; they read all that a model is given.

    For prompts alone they learn from the prompts of one-beat scripts and from every director's
    line.

    Args:
        known: What they learn from.
        held: What they are scored on; `scripts_with(..., text)`.
        text: What they read.
    """
    taught = scripts_with(known, text)
    texts, poses = _words(readings(taught, text)), targets(taught)
    if text is Text.PROMPT:
        texts += [beat.original for item in known for beat in item.beats]
        poses = np.concatenate([poses, targets(known)])
    return baseline_scores(texts, poses, _words(readings(held, text)), targets(held))


def readings(scripts: Sequence[CorpusScript], text: Text) -> list[Reading]:
    """Return what a model is given of every beat, in order."""
    return [
        reading(made, index, choice_of(text))
        for made in (script_of(item, text) for item in scripts)
        for index in range(len(made.beats))
    ]


def _words(reads: Sequence[Reading]) -> list[str]:
    return [f"{read.context} {read.text}".strip() for read in reads]
