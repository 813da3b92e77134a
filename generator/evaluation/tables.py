"""All scores of a model on held-out scripts, as the worker answers `evaluate`. Pure.

First every pose that any table needs is made, so that progress can be told; then they are scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from generator.corpus import CorpusScript, targets
from generator.evaluation.alignment import Poses
from generator.evaluation.prompts import counts_json, in_halves, prompt_scores, twice
from generator.evaluation.ranking import POOL
from generator.evaluation.texts import (
    Text,
    choice_of,
    pose_scores,
    script_of,
    scripts_with,
    trivial_scores,
)
from generator.models.protocols import TextChoice
from generator.script import Script

Predict = Callable[[Script, TextChoice], Poses]
"""(script, which text to read) -> (beats, 61) poses."""

Standardise = Callable[[str], Script]
"""Prompt -> script."""

Step = Callable[[int, int], None]
"""Called as step(done, total) after each script."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is evaluated.

    Attributes:
        name: How its rows are named.
        predict: Its poses.
        standardise: What makes scripts of prompts.
    """

    name: str
    predict: Predict
    standardise: Standardise


@dataclass(frozen=True, slots=True)
class _Pass:
    """Scripts that the model reads in one way."""

    name: str
    scripts: tuple[Script, ...]
    choice: TextChoice


def evaluate(
    model: Model,
    known: Sequence[CorpusScript],
    held: Sequence[CorpusScript],
    texts: Sequence[Text],
    *,
    baselines: bool = False,
    step: Step | None = None,
) -> dict[str, Any]:
    """Return the tables of a model.

    Args:
        model: What is evaluated.
        known: What baselines may learn from.
        held: What everything is scored on; at least one script.
        texts: Which texts to score; `Text.PROMPT` also brings the way from prompt to keyframes.
        baselines: Whether the texts' trivial baselines are scored too.
        step: Told progress, in scripts read; an exception of its ends the evaluation.

    Returns:
        `texts`: by text, by model or baseline, its pose scores. `prompts`, with `Text.PROMPT`:
        `pool`, and `systems`, by name the scores of `generator.evaluation.prompts`. `beats`
        likewise: by part of the scripts, how often the number of beats is right.
    """
    made = tuple(model.standardise(item.prompt) for item in held) if Text.PROMPT in texts else ()
    predicted = _predict(model, _passes(held, made, texts), step)
    tables: dict[str, Any] = {"texts": {}}
    for text in texts:
        asked = scripts_with(held, text)
        if asked:
            rows = {model.name: pose_scores(predicted[text.value], asked, text)}
            rows |= trivial_scores(known, asked, text) if baselines else {}
            tables["texts"][text.value] = rows
    if made:
        tables["prompts"] = {"pool": POOL, "systems": _systems(predicted, known, held)}
        tables["beats"] = _beats(held, made)
    return tables


def _passes(
    held: Sequence[CorpusScript], made: tuple[Script, ...], texts: Sequence[Text]
) -> list[_Pass]:
    """Return what has to be read: from prompt to keyframes also needs the authored beats."""
    needed = tuple(Text) if made else tuple(texts)
    passes = [
        _Pass(
            text.value,
            tuple(script_of(item, text) for item in scripts_with(held, text)),
            choice_of(text),
        )
        for text in needed
    ]
    if made:
        passes += [
            _Pass("standardised", made, TextChoice.ORIGINAL),
            _Pass("halves", tuple(in_halves(script) for script in made), TextChoice.ORIGINAL),
            _Pass("twice", tuple(twice(script) for script in made), TextChoice.ORIGINAL),
        ]
    return passes


def _predict(model: Model, passes: Sequence[_Pass], step: Step | None) -> dict[str, list[Poses]]:
    total = sum(len(one.scripts) for one in passes)
    done, predicted = 0, dict[str, list[Poses]]()
    for one in passes:
        predicted[one.name] = []
        for script in one.scripts:
            poses = np.asarray(model.predict(script, one.choice), np.float64)
            predicted[one.name].append(poses)
            done += 1
            if step is not None:
                step(done, total)
    return predicted


def _systems(
    predicted: dict[str, list[Poses]], known: Sequence[CorpusScript], held: Sequence[CorpusScript]
) -> dict[str, Any]:
    truth = [targets([item]) for item in held]
    systems = {
        "standardised": predicted["standardised"],
        "prompt in two halves": predicted["halves"],
        "whole prompt twice": predicted["twice"],
        "authored beats, original": predicted[Text.ORIGINAL.value],
        "authored beats, anatomical": predicted[Text.ANATOMICAL.value],
    }
    if known:
        systems["mean pose twice"] = [np.tile(targets(known).mean(axis=0), (2, 1))] * len(held)
    return {name: prompt_scores(poses, truth).to_json() for name, poses in systems.items()}


def _beats(held: Sequence[CorpusScript], made: Sequence[Script]) -> dict[str, Any]:
    from generator.standardise.fit import is_held_out

    counts = {"all": counts_json(held, made)}
    unseen = [place for place, item in enumerate(held) if is_held_out(item.id)]
    if unseen:  # its tables were fitted on scripts of the other three quarters
        counts["unseen by the standardiser"] = counts_json(
            [held[place] for place in unseen], [made[place] for place in unseen]
        )
    return counts
