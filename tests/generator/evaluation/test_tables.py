from __future__ import annotations

import numpy as np
import pytest

from generator.corpus import CorpusScript, load_corpus, split, targets
from generator.evaluation.tables import Model, evaluate
from generator.evaluation.texts import Text
from generator.models.protocols import TextChoice
from generator.script import Beat, Script
from livelink.channels import CHANNEL_COUNT


@pytest.fixture(scope="module")
def parts() -> tuple[tuple[CorpusScript, ...], tuple[CorpusScript, ...]]:
    known, held = split(load_corpus(), 3, 0.03)
    return known[:200], held


class _Oracle:
    """Knows every authored pose by its anatomical text, and nothing from other words."""

    def __init__(self, scripts: tuple[CorpusScript, ...]) -> None:
        self._known = {beat.anatomical: beat.target for item in scripts for beat in item.beats}
        self.asked: list[tuple[Script, TextChoice]] = []

    def __call__(self, script: Script, choice: TextChoice) -> np.ndarray:
        self.asked.append((script, choice))
        if choice is TextChoice.ANATOMICAL:
            return np.stack([self._known[beat.anatomical] for beat in script.beats])
        return np.full((len(script.beats), CHANNEL_COUNT), 0.5)


def _two_beats(prompt: str) -> Script:
    return Script(prompt, "", "", (Beat(prompt), Beat(prompt)))


def test_all_tables_of_a_model_that_reads_anatomy_alone(
    parts: tuple[tuple[CorpusScript, ...], tuple[CorpusScript, ...]],
) -> None:
    known, held = parts
    told: list[tuple[int, int]] = []
    oracle = _Oracle(held)
    tables = evaluate(
        Model("oracle", oracle, _two_beats),
        known,
        held,
        tuple(Text),
        step=lambda done, total: told.append((done, total)),
    )
    assert tables["texts"]["anatomical"]["oracle"]["f1"] == 1.0
    assert tables["texts"]["anatomical"]["oracle"]["r1"] == 1.0
    assert tables["texts"]["prompt"]["oracle"]["n"] == sum(len(s.beats) == 1 for s in held)
    systems = tables["prompts"]["systems"]
    assert systems["authored beats, anatomical"]["r1"] == 1.0
    assert systems["authored beats, anatomical"]["f1"] == 1.0
    chance = systems["standardised"]["chance"]
    for name in ("standardised", "whole prompt twice", "prompt in two halves", "mean pose twice"):
        assert systems[name]["r1"] == pytest.approx(chance, abs=0.002)
    assert tables["beats"]["all"]["standardised"] == tables["beats"]["all"]["always two"]
    assert told == [(place, len(told)) for place in range(1, len(told) + 1)]
    assert len(told) == len(oracle.asked)


def test_only_what_is_asked_for_is_read(
    parts: tuple[tuple[CorpusScript, ...], tuple[CorpusScript, ...]],
) -> None:
    known, held = parts
    oracle = _Oracle(held)
    tables = evaluate(
        Model("oracle", oracle, _two_beats), known, held, (Text.ANATOMICAL,), baselines=True
    )
    assert set(tables) == {"texts"}
    assert set(tables["texts"]) == {"anatomical"}
    assert next(iter(tables["texts"]["anatomical"])) == "oracle"
    assert {"zero", "TF-IDF + ridge"} <= set(tables["texts"]["anatomical"])
    assert len(oracle.asked) == len(held)


def test_a_part_without_prompts_of_one_beat_has_no_such_row() -> None:
    several = tuple(item for item in load_corpus() if len(item.beats) == 3)[:4]
    tables = evaluate(Model("oracle", _Oracle(several), _two_beats), (), several, (Text.PROMPT,))
    assert tables["texts"] == {}
    assert "mean pose twice" not in tables["prompts"]["systems"]
    assert tables["beats"]["all"]["always two"] == {
        "scripts": 4,
        "exact": 0.0,
        "within_one": 1.0,
    }


def test_standardised_scripts_are_read_as_users_write_them(
    parts: tuple[tuple[CorpusScript, ...], tuple[CorpusScript, ...]],
) -> None:
    known, held = parts
    oracle = _Oracle(held)
    evaluate(Model("oracle", oracle, _two_beats), known, held, (Text.PROMPT,))
    made = [pair for pair in oracle.asked if pair[0] == _two_beats(held[0].prompt)]
    assert {choice for _, choice in made} == {TextChoice.ORIGINAL}
    assert len(targets(held)) == sum(len(item.beats) for item in held)
