from __future__ import annotations

import numpy as np

from generator.corpus import load_corpus, targets
from generator.training.baselines import BASELINES, baseline_scores


def test_constants_know_nothing_and_ridge_beats_them() -> None:
    scripts = load_corpus()[:160]
    known, held = scripts[:120], scripts[120:]
    texts, asked = ([b.anatomical for s in part for b in s.beats] for part in (known, held))
    scores = baseline_scores(texts, targets(known), asked, targets(held))
    assert set(scores) == {"zero", "median", "mean", "nearest text", "TF-IDF + ridge"}
    best = max(float(scores[name]["f1"] or 0) for name in ("zero", "median", "mean"))
    assert float(scores["TF-IDF + ridge"]["f1"] or 0) > best + 0.2
    assert float(scores["nearest text"]["r1"] or 0) > float(scores["median"]["r1"] or 0)


def test_the_nearest_text_of_a_known_one_is_itself() -> None:
    texts, poses = ["jaw open", "eyes closed", "a smile"], np.eye(3, 61)
    found = BASELINES["nearest text"](texts, poses, ["a smile", "eyes closed"])
    np.testing.assert_array_equal(found, poses[[2, 1]])
