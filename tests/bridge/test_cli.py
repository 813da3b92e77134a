from __future__ import annotations

import pytest

from bridge.cli import app, run_command
from tests.helpers.commands import Command

VERBS = ["perform", "play", "monitor", "convert", "script", "keyframes", "evaluate", "bench"]


def _all_verbs() -> list[tuple[str, ...]]:
    return [(v,) for v in VERBS] + [
        ("simulate", "unreal"),
        ("train", "lexical"),
        ("train", "compact"),
    ]


@pytest.mark.parametrize("verb", _all_verbs(), ids=" ".join)
def test_every_verb_explains_itself_with_an_example(
    command: Command, verb: tuple[str, ...]
) -> None:
    ended = command(*verb, "--help")
    assert ended.status == 0
    assert "Example: facewright" in " ".join(ended.out.split())


def test_the_list_of_verbs_is_whole() -> None:
    registered = {info.name for info in app.registered_commands}
    assert registered == {*VERBS, "app"}
    assert {group.name for group in app.registered_groups} == {"simulate", "train"}


def test_the_version_is_said(command: Command) -> None:
    ended = command("--version")
    assert ended.status == 0
    assert ended.out.startswith("facewright ")


@pytest.mark.parametrize("words", [("fly",), ("perform", "--no-such"), ("convert", "only-one")])
def test_a_wrong_command_line_is_usage(command: Command, words: tuple[str, ...]) -> None:
    assert command(*words).status == 2


def test_a_file_that_is_not_there_is_usage(command: Command) -> None:
    ended = command("play", "/no/such/file.json")
    assert ended.status == 2
    assert "does not exist" in ended.said


def test_an_error_never_shows_markup_or_traceback(command: Command) -> None:
    ended = command("play", "/", "--target", "[red]x")
    assert ended.status == 2
    assert run_command(["perform", "--yes", "x", "--target", "[red]"]) == 4
