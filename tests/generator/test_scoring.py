from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generator.corpus import load_corpus, targets
from generator.scoring import names_a_side, score
from livelink.channels import Channel

REFERENCES = (
    Path("/work/shared/corpus/score.py"),
    Path(__file__).parents[3] / "shared" / "corpus" / "score.py",
)


def noisy(count: int) -> tuple[Any, Any, list[str]]:
    beats = [beat for script in load_corpus() for beat in script.beats][:count]
    truth = np.stack([beat.target for beat in beats])
    rng = np.random.default_rng(7)
    guess = truth * rng.uniform(0.4, 1.1, truth.shape) + rng.normal(0, 0.1, truth.shape)
    return guess, truth, [beat.anatomical for beat in beats]


def test_golden_numbers() -> None:
    guess, truth, texts = noisy(120)
    assert score(guess, truth, texts).to_json() == GOLDEN


def test_the_same_as_the_reference_where_it_is_at_hand() -> None:
    path = next((path for path in REFERENCES if path.is_file()), None)
    if path is None:
        pytest.skip("the corpus's own score.py is not on this machine")
    spec = importlib.util.spec_from_file_location("reference_score", path)
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    guess, truth, texts = noisy(150)
    for given in (None, texts):
        for count in (150, 20):  # 20: less than a pool
            wanted = reference.scores(guess[:count], truth[:count], given and given[:count])
            assert score(guess[:count], truth[:count], given and given[:count]).to_json() == wanted


def test_perfect_and_empty_predictions() -> None:
    truth = targets(load_corpus()[:60])
    perfect, nothing = score(truth, truth), score(np.zeros_like(truth), truth)
    assert (perfect.mae, perfect.f1, perfect.side) == (0.0, 1.0, 1.0)
    assert perfect.r1 > 0.97
    assert (nothing.f1, nothing.side, nothing.r3) == (0.0, 0.0, 0.0)


def test_a_wrong_sign_is_a_miss_and_a_lone_peak_a_false_alarm() -> None:
    truth, guess = np.zeros((1, 61)), np.zeros((1, 61))
    truth[0, [Channel.HeadYaw, Channel.JawOpen]] = 0.5
    guess[0, Channel.HeadYaw] = -0.5
    guess[0, [Channel.JawOpen, Channel.TongueOut]] = 0.4
    result = score(guess, truth)
    assert (result.recall, result.precision) == (0.5, 0.5)


def test_side_is_scored_only_where_a_text_names_one() -> None:
    truth = np.zeros((2, 61))
    truth[:, Channel.BrowDownLeft] = 0.5
    guess = np.zeros((2, 61))
    guess[0, Channel.BrowDownLeft] = 0.5
    assert score(guess, truth).side == 0.5
    named = score(guess, truth, ["her left brow", "one brow"])
    assert (named.side, named.side_count) == (1.0, 1)
    assert score(guess, truth, ["a brow", "one brow"]).side is None


@pytest.mark.parametrize("text", ["the LEFT eye", "rightward", "right-hand side"])
def test_texts_that_name_a_side(text: str) -> None:
    assert names_a_side(text)
    assert not names_a_side("bright, upright and cleft")


GOLDEN = {
    "n": 120,
    "mae": 0.0903,
    "rmse": 0.1196,
    "recall": 0.849,
    "precision": 0.982,
    "f1": 0.91,
    "side": 0.939,
    "n_side": 49,
    "r1": 0.978,
    "r2": 0.993,
    "r3": 0.996,
}
