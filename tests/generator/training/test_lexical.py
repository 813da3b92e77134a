from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from generator.corpus import corpus_paths
from generator.errors import ModelError
from generator.models.lexical import LexicalModel
from generator.training import lexical


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with corpus_paths()[0].open(encoding="utf-8") as file:
        lines = list(itertools.islice(file, 40))
    path = tmp_path_factory.mktemp("corpus") / "few.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def silent(kind: str, **event: Any) -> None:
    assert kind == "progress"
    assert 0 < event["done"] <= event["total"]
    assert event["eta_s"] >= 0


def test_training_is_repeatable_and_loads(few: Path, tmp_path: Path) -> None:
    options = {"corpus": [str(few)], "seed": 5}
    first = lexical.train(tmp_path / "a", options, silent)
    again = lexical.train(tmp_path / "b", options, silent)
    assert first["weights"] == again["weights"]
    assert first["scores"]["anatomical"]["lexical"]["n"] > 5
    assert set(first["scores"]["original"]) > {"lexical", "zero", "TF-IDF + ridge"}
    assert LexicalModel.load(tmp_path / "a").card.seed == 5
    other = lexical.train(tmp_path / "c", options | {"split_seed": 3}, silent)
    assert other["weights"] != first["weights"]


def test_a_model_is_not_overwritten(few: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(ModelError, match="not overwritten"):
        lexical.train(tmp_path, {"corpus": [str(few)]}, silent)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_report_that_raises_ends_the_training(few: Path, tmp_path: Path) -> None:
    def cancel(kind: str, **event: Any) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        lexical.train(tmp_path / "a", {"corpus": [str(few)]}, cancel)
    assert list(tmp_path.iterdir()) == []


def test_too_little_to_learn_from(tmp_path: Path, few: Path) -> None:
    lines = few.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "one.jsonl").write_text(lines[0], encoding="utf-8")
    with pytest.raises(ModelError, match="too few"):
        lexical.train(tmp_path / "a", {"corpus": [str(tmp_path / "one.jsonl")]}, silent)
