from __future__ import annotations

import json

import pytest

from bridge.verbs.console import TALK, busy, clean, print_json, progress, shown


def test_what_a_terminal_would_obey_is_replaced() -> None:
    assert clean("a\x1b[2Jb\x07\u202e\ud800") == "a\ufffd[2Jb\ufffd\ufffd\ufffd"
    assert clean("one\r\n two\tthree") == "one  two three"
    assert clean("Zoë 彼女 👩‍👧") == "Zoë 彼女 👩‍👧"


def test_a_text_from_outside_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    TALK.print(shown("[red]:smile:[/] a:b:"))
    assert capsys.readouterr().err == "[red]:smile:[/] a:b:\n"


def test_a_long_text_is_cut_where_asked() -> None:
    assert shown("n" * 1000, 40) == "n" * 39 + "…"
    assert shown("n" * 40, 40) == "n" * 40
    assert shown("n" * 1000) == "n" * 1000


def test_nothing_moves_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with busy("working"), progress() as bar:
        bar.advance(bar.add_task("steps", total=2))
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_that_something_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(TALK, "_force_terminal", True)
    monkeypatch.setattr(TALK, "is_interactive", True)
    monkeypatch.setenv("TERM", "xterm")
    with busy("working"):
        pass
    assert "working" in capsys.readouterr().err


def test_json_is_ascii_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"subject": "Zoë\x9b\ud800"})
    out = capsys.readouterr().out
    assert out.isascii()
    assert out.count("\n") == 1
    assert json.loads(out) == {"subject": "Zoë\x9b\ud800"}
