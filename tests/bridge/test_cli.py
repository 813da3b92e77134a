from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bridge import cli
from bridge.cli import app, run_command
from bridge.errors import LoadError
from tests.helpers.commands import Command, free_port

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


def test_an_error_shows_names_as_they_are(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[]")
    ended = command("play", path)
    assert ended.status == 3
    assert f"Error: {path}:" in ended.err
    assert "'b:'" not in (said := command("perform", "x", "--target", "a:b:b").said)
    assert "a:b:b" in said  # no picture in the place of ":b:"


def test_a_relative_name_is_not_capitalised() -> None:
    assert cli._sentence(LoadError("clip.json", "The file is empty.")).startswith("clip.json: ")
    assert cli._sentence(ValueError("a rate")) == "A rate"
    assert cli._sentence(MemoryError()) == "Not enough memory"
    assert cli._sentence(OSError(28, "No space left on device")) == "No space left on device"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process there unasked")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_request_to_end_is_answered_in_order(name: str) -> None:
    words = [sys.executable, "-m", "ui.launch", "monitor", "--port", str(free_port()), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        assert "Listening" in run.stderr.readline()
        run.send_signal(getattr(signal, name))
        out, err = run.communicate(timeout=60)
    assert json.loads(out)["packets"] == 0
    assert (run.returncode, err) == (0, "")


def test_signals_are_as_they_were_after_a_verb(command: Command) -> None:
    before = signal.getsignal(signal.SIGTERM)
    command("--version")
    assert signal.getsignal(signal.SIGTERM) is before
