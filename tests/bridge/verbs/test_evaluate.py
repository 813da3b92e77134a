from __future__ import annotations

from typing import Any

import pytest

from bridge.verbs import evaluate as verb
from generator.client import WorkerClient
from tests.helpers.commands import Command
from tests.helpers.worker import fake_command


@pytest.fixture
def fake_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the verb speak to a worker with fake models, about few scripts."""

    class FewScripts(WorkerClient):
        def __init__(self) -> None:
            super().__init__(fake_command("--normal-priority"))

        def evaluate(self, model: str = "auto", **options: Any) -> dict[str, Any]:
            return super().evaluate(model, **{**options, "share": 0.03, "seed": 3})

    monkeypatch.setattr(verb, "WorkerClient", FewScripts)


@pytest.mark.usefixtures("fake_worker")
def test_tables_are_shown_for_people(command: Command) -> None:
    ended = command("evaluate", "-m", "noted")
    assert ended.status == 0
    lines = [line.split() for line in ended.out.splitlines()]
    for title in ("Poses from anatomical texts", "From prompt to keyframes", "Number of beats"):
        assert title in ended.out
    rows = [line for line in lines if line[:1] == ["noted"]]
    assert len(rows) == 3
    assert all(0.0 <= float(row[1]) <= 1.0 for row in rows)
    twos = next(line for line in lines if line[:3] == ["always", "two,", "all"])
    assert all(0.3 < float(share) <= 1.0 for share in twos[3:5])
    assert float(twos[3]) < float(twos[4])
    assert twos[5] == "59"
    assert "a fake" in ended.said


@pytest.mark.usefixtures("fake_worker")
def test_json_holds_the_text_asked_for(command: Command) -> None:
    scores: dict[str, Any] = command(
        "evaluate", "-m", "fake", "--text", "anatomical", "--json"
    ).json
    assert scores["model"] == "fake"
    assert list(scores["texts"]) == ["anatomical"]
    assert list(scores["texts"]["anatomical"]) == ["fake"]
    assert "prompts" not in scores


def test_the_lexical_model_understands_anatomy_in_the_real_worker(command: Command) -> None:
    ended = command("evaluate", "-m", "lexical", "--text", "anatomical", "--json")
    assert ended.status == 0
    (row,) = ended.json["texts"]["anatomical"].values()
    assert row["f1"] > 0.9
    assert row["r1"] > 0.8


def test_a_text_that_does_not_exist_is_usage(command: Command) -> None:
    assert command("evaluate", "--text", "loud").status == 2


def test_a_model_that_is_missing_is_said(command: Command) -> None:
    ended = command("evaluate", "-m", "nobody")
    assert ended.status == 5
    assert "nobody" in ended.said


def test_a_score_that_does_not_exist_is_a_dash() -> None:
    row = {"f1": 0.5, "side": None, "r1": 0.1, "r3": 0.2, "mae": 0.12345, "n": 9}
    (table,) = verb._tables({"texts": {"original": {"[red]": row}}})
    cells = [list(column.cells) for column in table.columns]
    assert cells[0] == [r"\[red]"]
    assert [cell for (cell,) in cells[1:]] == ["0.500", "-", "0.100", "0.200", "0.1235", "9"]
