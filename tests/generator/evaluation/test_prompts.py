from __future__ import annotations

import numpy as np
import pytest

from generator.evaluation.prompts import (
    beat_counts,
    halves,
    in_halves,
    prompt_scores,
    twice,
)
from generator.script import Beat, Script
from livelink.channels import CHANNEL_COUNT


def _authored(count: int) -> list[np.ndarray]:
    """Scripts of one to three beats with sparse poses, all different."""
    rng = np.random.default_rng(7)
    scripts = []
    for number in range(count):
        poses = np.zeros((1 + number % 3, CHANNEL_COUNT))
        for pose in poses:
            pose[rng.choice(50, 6, replace=False)] = rng.uniform(0.3, 1.0, 6)
        scripts.append(poses)
    return scripts


def test_a_perfect_prediction_scores_1() -> None:
    authored = _authored(40)
    scores = prompt_scores(authored, authored)
    assert (scores.scripts, scores.pairs) == (40, sum(map(len, authored)))
    assert (scores.r1, scores.r3, scores.f1, scores.mae) == (1.0, 1.0, 1.0, 0.0)


def test_a_beat_said_twice_costs_nothing() -> None:
    authored = _authored(40)
    doubled = [np.repeat(poses, 2, axis=0) for poses in authored]
    scores = prompt_scores(doubled, authored)
    assert (scores.r1, scores.f1, scores.mae) == (1.0, 1.0, 0.0)
    assert scores.pairs == 2 * sum(map(len, authored))


def test_a_constant_prediction_scores_at_chance() -> None:
    authored = _authored(64)
    constant = [np.concatenate(authored).mean(axis=0)[None]] * 64
    scores = prompt_scores(constant, authored)
    assert scores.r1 == pytest.approx(1 / 32) == pytest.approx(scores.chance)
    assert scores.r3 == pytest.approx(3 / 32)


def test_only_what_is_aligned_is_compared() -> None:
    jaw, smile = np.zeros(CHANNEL_COUNT), np.zeros(CHANNEL_COUNT)
    jaw[17], smile[23] = 0.61, 0.5
    scores = prompt_scores([np.stack([jaw, jaw, smile])], [np.stack([jaw, smile])])
    assert (scores.pairs, scores.mae) == (3, 0.0)
    missed = prompt_scores([np.stack([jaw])], [np.stack([jaw, smile])])
    assert (missed.pairs, missed.recall) == (2, 0.5)
    # Of the second pair the smile is missed by .5 and the jaw is .61 too far open.
    assert missed.precision == 0.5
    assert missed.mae == pytest.approx(1.11 / 2 / CHANNEL_COUNT)


def test_scores_as_json_are_rounded() -> None:
    authored = _authored(3)
    assert prompt_scores(authored, authored).to_json() == {
        "scripts": 3,
        "pairs": 6,
        "r1": 1.0,
        "r3": 1.0,
        "chance": 0.333,
        "recall": 1.0,
        "precision": 1.0,
        "f1": 1.0,
        "mae": 0.0,
    }


def test_numbers_of_beats() -> None:
    assert beat_counts([2, 2, 2, 2], [1, 2, 3, 4]).to_json() == {
        "scripts": 4,
        "exact": 0.25,
        "within_one": 0.75,
    }


@pytest.mark.parametrize(
    ("prompt", "first", "second"),
    [
        ("She smiles, then cries.", "She smiles,", "then cries."),
        ("He nods. A long, slow breath, eyes shut.", "He nods. A long,", "slow breath, eyes shut."),
        ("grin then scowl", "grin", "then scowl"),
        ("wait \u2013 what?", "wait \u2013", "what?"),
        ("'No!' She gasps.", "'No!'", "She gasps."),
        ("goldfish blowing kisses", "goldfish", "blowing kisses"),
        ("smirk", "smirk", "smirk"),
        (" smirk. ", "smirk.", "smirk."),
    ],
)
def test_a_prompt_is_cut_at_the_clause_nearest_to_its_middle(
    prompt: str, first: str, second: str
) -> None:
    assert halves(prompt) == (first, second)


def test_two_beats_keep_the_situation() -> None:
    script = Script("grin, then scowl", "a bar", "spite", (Beat("a", "b", 0.2, 0.3), Beat("c")))
    for made, texts in (
        (in_halves(script), ["grin,", "then scowl"]),
        (twice(script), [script.prompt] * 2),
    ):
        assert [beat.description for beat in made.beats] == texts
        assert {(beat.anatomical, beat.transition_s) for beat in made.beats} == {("", 0.2)}
        assert (made.prompt, made.background, made.emotion) == (script.prompt, "a bar", "spite")
