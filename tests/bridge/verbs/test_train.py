from __future__ import annotations

from pathlib import Path

from tests.helpers.commands import Command


def test_an_existing_folder_is_left_alone(command: Command, tmp_path: Path) -> None:
    mine = tmp_path / "model"
    mine.mkdir()
    (mine / "card.json").write_text("mine", encoding="utf-8")
    ended = command("train", "lexical", "--out", mine)
    assert ended.status != 0
    assert "model" in ended.said
    assert (mine / "card.json").read_text(encoding="utf-8") == "mine"
