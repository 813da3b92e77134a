from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.settings import config_dir
from ui.preferences import MAX_PROMPTS, MAX_RECENT, Preferences, Remembered


def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    first = Preferences.load()
    assert first.now == Remembered()
    first.add_prompt("She smiles.")
    first.add_prompt("  He frowns. ")
    first.add_prompt("She smiles.")
    first.add_prompt("   ")
    first.add_recent(tmp_path / "a.json")
    first.keep(theme="light", geometry="abc")
    again = Preferences.load().now
    assert again == first.now
    assert again.prompts == ("She smiles.", "He frowns.")
    assert again.recent == (str(tmp_path / "a.json"),)


def test_lists_do_not_grow_for_ever(tmp_path: Path) -> None:
    preferences = Preferences.load()
    for number in range(MAX_PROMPTS + 5):
        preferences.add_prompt(f"prompt {number}")
    for number in range(MAX_RECENT + 5):
        preferences.add_recent(tmp_path / f"{number}.json")
    assert len(preferences.now.prompts) == MAX_PROMPTS
    assert len(preferences.now.recent) == MAX_RECENT
    preferences.drop_recent(tmp_path / f"{MAX_RECENT + 4}.json")
    assert preferences.now.recent[0].endswith(f"{MAX_RECENT + 3}.json")


@pytest.mark.parametrize(
    "content",
    [
        {"recent": "no list", "prompts": [1, None, ""], "theme": "pink", "geometry": 7},
        {"recent": None, "theme": ["dark"]},
    ],
)
def test_what_is_out_of_form_is_dropped(content: dict[str, object]) -> None:
    config_dir().mkdir(parents=True)
    text = json.dumps({"schema": "facewright.window/1", **content})
    (config_dir() / "window.json").write_text(text, encoding="utf-8")
    assert Preferences.load().now == Remembered()


def test_a_later_programs_file_is_left_alone() -> None:
    config_dir().mkdir(parents=True)
    path = config_dir() / "window.json"
    path.write_text('{"schema": "facewright.window/9", "x": 1}', encoding="utf-8")
    preferences = Preferences.load()
    preferences.add_prompt("She smiles.")
    assert preferences.now.prompts == ("She smiles.",)
    assert '"x": 1' in path.read_text(encoding="utf-8")


def test_where_nothing_can_be_kept_the_window_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEWRIGHT_CONFIG_DIR", "/dev/null/nowhere")
    preferences = Preferences.load()
    preferences.add_prompt("She smiles.")
    preferences.add_prompt("He frowns.")
    assert len(preferences.now.prompts) == 2
