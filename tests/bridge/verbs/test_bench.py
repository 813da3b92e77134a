from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np

from bridge.bench import at_least, at_most
from tests.helpers.commands import Command


def test_a_suite_prints_its_rows(command: Command) -> None:
    ended = command("bench", "codec", "--json")
    assert ended.status in (0, 1)
    assert ended.json["machine"]
    assert any("pylivelinkface" in row["what"] for row in ended.json["rows"])


def test_numbers_of_numpy_are_numbers() -> None:
    row = at_most("x", np.float32(1.0), "ms", 2.0)  # type: ignore[arg-type]  # as benches may
    assert json.dumps(asdict(row))


def test_rows_know_whether_they_are_reached() -> None:
    assert at_most("x", 1.0, "ms", 1.0).reached
    assert not at_most("x", 1.1, "ms", 1.0).reached
    assert at_least("x", 3.0, "x", 3.0).reached
    assert not at_least("x", float("nan"), "x", 3.0).reached
