from __future__ import annotations

import numpy as np
import pytest

from generator.corpus import CorpusBeat, CorpusScript, compile_pose, targets
from generator.evaluation.texts import (
    Text,
    pose_scores,
    readings,
    script_of,
    scripts_with,
    trivial_scores,
)
from generator.script import Script


def _script(name: str, *beats: tuple[str, str]) -> CorpusScript:
    """Beats as (words, channel); the anatomical text says 'moves the' channel."""
    made = []
    for words, channel in beats:
        pose = {channel: 0.8}
        made.append(CorpusBeat(words, f"moves the {channel}", pose, compile_pose(pose), 0.3, 1.0))
    return CorpusScript(name, f"prompt {name}", "a hall", "calm", tuple(made))


KNOWN = (
    _script("one", ("gapes", "JawOpen")),
    _script("two", ("pouts", "MouthPucker"), ("sulks", "MouthFrown")),
)
HELD = (
    _script("three", ("gapes again", "JawOpen")),
    _script("four", ("x", "LookUp"), ("y", "JawLeft")),
)


def test_prompts_are_texts_of_scripts_of_one_beat() -> None:
    assert scripts_with(HELD, Text.PROMPT) == HELD[:1]
    assert scripts_with(HELD, Text.ORIGINAL) == HELD


def test_what_a_model_is_given() -> None:
    script = script_of(HELD[0], Text.PROMPT)
    assert isinstance(script, Script)
    (alone,) = readings(HELD[:1], Text.PROMPT)
    assert (alone.text, alone.context) == ("prompt three", "")
    first, *_ = readings(HELD, Text.ORIGINAL)
    assert (first.text, first.context) == ("gapes again", "prompt three a hall calm")
    assert [read.text for read in readings(HELD, Text.ANATOMICAL)] == [
        "moves the JawOpen",
        "moves the LookUp",
        "moves the JawLeft",
    ]


@pytest.mark.parametrize("text", list(Text))
def test_a_perfect_prediction_scores_1(text: Text) -> None:
    scripts = scripts_with(HELD, text)
    scores = pose_scores([targets([item]) for item in scripts], scripts, text)
    assert (scores["f1"], scores["r1"], scores["mae"]) == (1.0, 1.0, 0.0)
    assert scores["n"] == sum(len(item.beats) for item in scripts)


def test_sides_are_asked_only_where_the_text_names_one() -> None:
    scripts = (_script("five", ("smirks to the left", "MouthSmileLeft")),)
    poses = [targets(scripts)]
    assert pose_scores(poses, scripts, Text.ORIGINAL)["n_side"] == 1
    assert pose_scores(poses, scripts, Text.ANATOMICAL)["n_side"] == 0


@pytest.mark.parametrize("text", list(Text))
def test_baselines_score_what_they_can_know(text: Text) -> None:
    held = (*scripts_with(KNOWN, text),)
    rows = trivial_scores(KNOWN, held, text)
    assert rows["zero"]["f1"] == 0.0
    assert rows["nearest text"]["f1"] == 1.0  # the very texts that it has learned
    assert rows["mean"]["mae"] > 0.0
    assert {row["n"] for row in rows.values()} == {len(targets(held))}


def test_prompt_baselines_also_learn_from_directors_lines() -> None:
    asked = (_script("gapes", ("", "JawOpen")),)  # no known prompt says "gapes", a line does
    assert trivial_scores(KNOWN, asked, Text.PROMPT)["nearest text"]["mae"] == 0.0
    assert np.count_nonzero(targets(asked)) == 1
