from __future__ import annotations

import json
import math
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from bridge.verbs import lines
from livelink.channels import WIRE_NAMES
from tests.helpers.commands import Command

GOOD: dict[str, Any] = {
    "id": "a1",
    "prompt": "grin",
    "background": "",
    "emotion": "",
    "beats": [
        {
            "original": "She grins.",
            "anatomical": "Both mouth corners pull strongly up.",
            "pose": {"MouthSmile": 0.7},
            "transition_s": 0.2,
            "hold_s": 0.3,
        },
        {"original": "She frowns.", "anatomical": ""},
    ],
}


def _write(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def _read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_keyframes_answers_every_valid_line_in_order(command: Command, tmp_path: Path) -> None:
    second = {**GOOD, "id": 7}
    source = _write(tmp_path / "in.jsonl", GOOD, "{oops", {"id": "x"}, second)
    out = tmp_path / "out.jsonl"
    ended = command("keyframes", source, "-o", out, "-m", "lexical", "--json")
    assert ended.status == 1
    assert ended.json["written"] == 2
    assert [item["line"] for item in ended.json["failed"]] == [2, 3]
    assert "in.jsonl:2:" in ended.said
    answers = _read(out)
    assert [answer["id"] for answer in answers] == ["a1", 7]
    for answer in answers:
        assert len(answer["keyframes"]) == 2
        for keyframe in answer["keyframes"]:
            assert set(keyframe["values"]) == set(WIRE_NAMES)
            assert all(math.isfinite(value) for value in keyframe["values"].values())
    assert answers[0]["keyframes"][0]["values"]["MouthSmileLeft"] > 0.25


def test_an_empty_text_falls_back_with_a_warning(command: Command, tmp_path: Path) -> None:
    source = _write(tmp_path / "in.jsonl", GOOD)
    for text, warned in (("anatomical", True), ("original", False)):
        out = tmp_path / f"{text}.jsonl"
        ended = command("keyframes", source, "-o", out, "-m", "lexical", "--text", text)
        assert ended.status == 0
        assert ("text was empty" in ended.said) is warned


def test_an_existing_output_is_left_alone(command: Command, tmp_path: Path) -> None:
    source = _write(tmp_path / "in.jsonl", GOOD)
    out = _write(tmp_path / "out.jsonl", "mine")
    assert command("keyframes", source, "-o", out).status == 3
    assert out.read_text(encoding="utf-8") == "mine\n"


def test_a_model_that_is_missing_is_said_once(command: Command, tmp_path: Path) -> None:
    source = _write(tmp_path / "in.jsonl", GOOD, GOOD)
    ended = command("keyframes", source, "-o", tmp_path / "out.jsonl", "-m", "nobody")
    assert ended.status == 5
    assert ended.said.count("nobody") == 1
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("prompt", ["She reads, fights back tears, then forces a smile."])
def test_scripts_are_written_as_keyframes_reads_them(
    command: Command, tmp_path: Path, prompt: str
) -> None:
    source = _write(
        tmp_path / "p.jsonl", {"id": "p1", "prompt": prompt}, {"id": "p2", "prompt": " "}
    )
    scripts, frames = tmp_path / "s.jsonl", tmp_path / "k.jsonl"
    ended = command("script", source, "-o", scripts, "--json")
    assert ended.status == 1
    assert [item["line"] for item in ended.json["failed"]] == [2]
    (script,) = _read(scripts)
    assert script["id"] == "p1"
    assert len(script["beats"]) == 3
    assert command("keyframes", scripts, "-o", frames, "-m", "lexical").status == 0
    assert len(_read(frames)[0]["keyframes"]) == 3


def test_the_line_number_stays_a_number(command: Command, tmp_path: Path) -> None:
    source = _write(tmp_path / "in.jsonl", *["{oops"] * 100)
    ended = command("keyframes", source, "-o", tmp_path / "out.jsonl")
    assert "in.jsonl:100: " in ended.said  # ":100:" is a picture to rich


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_pipe_is_read_once_and_whole(command: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = json.dumps({"id": 1, "prompt": "she smiles"}) + "\n"
    writer = threading.Thread(target=pipe.write_text, args=(text * 2,), name="test-writer")
    writer.start()
    ended = command("script", pipe, "-o", tmp_path / "out.jsonl", "--json")
    writer.join()
    assert ended.json["written"] == 2


def test_a_last_line_without_its_end_counts(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, "prompt": "she nods"}\n{"id": 2, "prompt": "he smiles"}')
    with source.open("rb") as stream:
        assert lines._count(stream) == 2
        assert stream.tell() == 0


def test_a_folder_that_is_not_there_is_said_before_the_work(
    command: Command, tmp_path: Path
) -> None:
    source = _write(tmp_path / "in.jsonl", GOOD)
    ended = command("keyframes", source, "-o", tmp_path / "no" / "out.jsonl")
    assert ended.status == 3
    assert "no such folder" in ended.said
