from __future__ import annotations

from bridge.bench import at_least, at_most
from tests.helpers.commands import Command


def test_a_suite_prints_its_rows(command: Command) -> None:
    ended = command("bench", "codec", "--json")
    assert ended.status in (0, 1)
    assert ended.json["machine"]
    assert any("pylivelinkface" in row["what"] for row in ended.json["rows"])


def test_rows_know_whether_they_are_reached() -> None:
    assert at_most("x", 1.0, "ms", 1.0).reached
    assert not at_most("x", 1.1, "ms", 1.0).reached
    assert at_least("x", 3.0, "x", 3.0).reached
    assert not at_least("x", float("nan"), "x", 3.0).reached
