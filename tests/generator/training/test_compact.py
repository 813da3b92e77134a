from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generator import corpus
from generator.compact import report, units
from generator.compact.beats import beats_of
from generator.errors import ModelError
from generator.training import compact
from generator.training.compact import model_scores

FAIR = {"f1": 0.5, "side": 0.5, "r1": 0.5, "r3": 0.5, "mae": 0.05}
BEATS = beats_of(corpus.load_corpus()[:30])


class Perfect:
    """Answers with the authored pose of a text."""

    def __init__(self) -> None:
        self._known = {beat.anatomical: beat.units for beat in BEATS}
        self._known |= {beat.original: beat.units for beat in BEATS}

    def poses(
        self,
        texts: Sequence[str],
        contexts: Sequence[str | None] | None = None,  # noqa: ARG002 - as the real one
    ) -> np.ndarray[Any, Any]:
        return units.to_wire(np.stack([self._known[text] for text in texts]))


def test_a_perfect_reader_scores_one() -> None:
    table = model_scores(Perfect(), BEATS, report.READINGS)  # type: ignore[arg-type]  # same shape
    for scores in table.values():
        assert scores["f1"] == 1.0
        assert scores["mae"] < 1e-6


def test_training_writes_a_model_that_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compact, "model_scores", lambda *_: dict.fromkeys(report.ALL, FAIR))
    monkeypatch.setattr(report, "baseline_table", lambda *_: ({}, {}))
    heard: list[str] = []
    shape = {"layers": 1, "width": 32, "blocks": 1, "heads": 4}
    options = {"steps": 20, "batch": 4, "small": 2, "threads": 1, "share": 0.02, "shape": shape}

    def report_to(kind: str, **fields: Any) -> None:
        heard.append(kind)
        assert fields["step" if kind == "metrics" else "done"] == 20

    card = compact.train(tmp_path / "model", options, report_to)
    assert heard == ["metrics", "progress"]
    assert card["companion"] == compact.COMPANION_SHARE
    assert card["reached"]["anatomical f1 >= 0.94"] is False
    loaded = compact.CompactModel.load(tmp_path / "model")
    assert loaded.fingerprint == card["weights_sha256"]
    assert np.isfinite(loaded.poses(["a grin on the left"])).all()
    with pytest.raises(ModelError, match="not overwritten"):
        compact.train(tmp_path / "model", options, report_to)


def test_the_time_left_is_reckoned_from_where_a_run_resumed() -> None:
    told: list[dict[str, Any]] = []
    tell = compact._telling(lambda kind, **fields: told.append({"kind": kind, **fields}))
    for step, elapsed_s in ((120, 5.0), (140, 15.0)):
        tell({"step": step, "total": 200, "elapsed_s": elapsed_s, "loss": 1.0})
    assert [item["eta_s"] for item in told if item["kind"] == "progress"] == [None, 30.0]
