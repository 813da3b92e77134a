from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from generator.performance import Performance
from generator.script import Script
from livelink.packet import decode
from tests.helpers.commands import Command, Listener

LEXICAL = ("--model", "lexical")


@pytest.fixture
def script_file(tmp_path: Path, short_script: Script) -> Path:
    path = tmp_path / "script.json"
    path.write_text(short_script.dumps(), encoding="utf-8")
    return path


def test_a_prompt_becomes_packets_that_end_in_neutral(
    command: Command, listener: Listener, script_file: Path
) -> None:
    ended = command(
        "perform", "--yes", "--script", script_file, *LEXICAL, "--target", listener.target, "--json"
    )
    frames = [decode(data) for data in listener.packets()]
    assert ended.status == 0
    assert ended.json["state"] == "ended"
    assert ended.json["lanes"][0]["sent"] == len(frames) >= 20
    assert {frame.subject for frame in frames} == {"Facewright"}
    peaks = [max(abs(float(v)) for v in f.values) for f in frames if f.values is not None]
    assert max(peaks) > 0.3
    assert peaks[-1] < 0.01
    numbers = [frame.time.frame for frame in frames]
    assert numbers == sorted(set(numbers))


def test_the_same_subject_keeps_its_device_id_and_two_targets_get_the_same(
    command: Command, listener: Listener, script_file: Path
) -> None:
    words = ("perform", "-y", "--script", script_file, *LEXICAL, "-s", "Zoë", "--plain", "--json")
    first = command(*words, "-t", listener.target).json
    second = command(*words, "-t", listener.target, "-t", "127.0.0.1:9").json
    assert first["lanes"][0]["device_id"] == second["lanes"][0]["device_id"]
    assert len(second["targets"]) == 2
    assert {decode(data).subject for data in listener.packets()} == {"Zoë"}


def test_saving_keeps_the_performance_and_never_overwrites(
    command: Command, tmp_path: Path, script_file: Path
) -> None:
    saved = tmp_path / "kept.json"
    words = ("perform", "--yes", "--no-send", "--script", script_file, *LEXICAL, "--save", saved)
    assert command(*words).status == 0
    before = saved.read_text(encoding="utf-8")
    performance = Performance.loads(before)
    assert [k.source.model for k in performance.keyframes if k.source] == ["lexical", "lexical"]
    refused = command(*words)
    assert refused.status == 3
    assert "exists already" in refused.said
    assert "--overwrite" in refused.said
    assert saved.read_text(encoding="utf-8") == before
    assert command(*words, "--overwrite").status == 0
    assert command("perform", "--yes", "--no-send", "--script", saved, *LEXICAL).status == 0


def test_a_prompt_is_shown_as_a_script_and_confirmed(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    ended = command("perform", "--no-send", *LEXICAL, "She frowns, then smiles.", "--json")
    assert ended.status == 0
    assert ended.json["keyframes"] == 2
    assert "frowns" in ended.said
    assert "Perform this?" in ended.said


@pytest.mark.parametrize(("answer", "status"), [("n\n", 1), ("", 3)])
def test_a_prompt_that_nobody_confirms_is_not_performed(
    command: Command, monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    ended = command("perform", "--no-send", *LEXICAL, "She smiles.")
    assert ended.status == status
    if not answer:
        assert "--yes" in ended.said


def test_the_script_can_be_edited_before_it_is_performed(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import json, sys\n"
        "path = sys.argv[1]\n"
        "script = json.load(open(path, encoding='utf-8'))\n"
        "script['beats'] = script['beats'][:1] * 3\n"
        "json.dump(script, open(path, 'w', encoding='utf-8'))\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} -W ignore {editor}")
    monkeypatch.setattr(sys, "stdin", io.StringIO("e\ny\n"))
    ended = command("perform", "--no-send", *LEXICAL, "She smiles.", "--json")
    assert ended.status == 0
    assert ended.json["keyframes"] == 3


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ((), 2, "PROMPT"),
        (("",), 3, "prompt"),
        (("\x00\x07",), 3, "prompt"),
        (("he smiles " * 5000,), 3, "characters"),
        (("She smiles.", "--model", "nobody"), 5, "lexical"),
        (("She smiles.", "--target", "no.such.host.invalid"), 4, "no.such.host.invalid"),
        (("She smiles.", "--target", "127.0.0.1:99999"), 4, "65535"),
        (("She smiles.", "--rate", "0"), 3, "rate"),
        (("She smiles.", "--subject", " "), 3, "subject"),
    ],
)
def test_a_mistake_is_a_sentence(
    command: Command, words: tuple[str, ...], status: int, says: str
) -> None:
    if "--model" not in words:
        words = (*words, *LEXICAL)
    ended = command("perform", "--yes", *words)
    assert ended.status == status
    assert says.lower() in ended.said.lower()


@pytest.mark.parametrize(
    "prompt",
    [
        "he smiles " * 1900,
        "😀 then 😢",
        "Sie lächelt, dann weint sie.",
        "She smiles.\x07\x1b[31m Then frowns.",
    ],
)
def test_strange_prompts_are_performed(command: Command, prompt: str) -> None:
    ended = command("perform", "--yes", "--no-send", *LEXICAL, prompt, "--json")
    assert ended.status == 0
    assert "\x1b[31m" not in ended.err
    assert 1 <= ended.json["keyframes"] <= 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"schema": "facewright.script/9"}', "Update Facewright"),
        ('{"schema": "facewright.script/1", "prompt"', "JSON"),
        ("not json", "script"),
        (json.dumps({"schema": "facewright.script/1", "prompt": "x"}), "required"),
    ],
)
def test_a_broken_script_is_named(command: Command, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    ended = command("perform", "--yes", "--no-send", "--script", path)
    assert ended.status == 3
    assert "broken.json" in ended.said
    assert says in ended.said
    assert path.read_text(encoding="utf-8") == text
