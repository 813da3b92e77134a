from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bridge.errors import BridgeError
from bridge.verbs.editing import edited


def _use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(code, encoding="utf-8")
    monkeypatch.setenv("VISUAL", f"{sys.executable} -W ignore {editor}")


def test_the_text_comes_back_as_saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _use(monkeypatch, tmp_path, "import sys; open(sys.argv[1], 'a').write(' there')")
    assert edited("hello", suffix=".txt") == "hello there"


def test_a_failing_editor_keeps_the_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _use(monkeypatch, tmp_path, "import sys; sys.exit(3)")
    with pytest.raises(BridgeError, match="status 3") as caught:
        edited("precious", suffix=".txt")
    kept = Path(caught.value.hint.removeprefix("Your text is kept in ").rstrip("."))
    assert kept.read_text(encoding="utf-8") == "precious"
    kept.unlink()


def test_no_editor_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR", "PATH"):
        monkeypatch.setenv(name, "")
    with pytest.raises(BridgeError, match="EDITOR"):
        edited("x", suffix=".txt")


@pytest.mark.parametrize("named", ["no-such-editor-anywhere", "vi's"])
def test_an_editor_that_cannot_start_is_said(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("VISUAL", named)
    with pytest.raises(BridgeError, match=r"EDITOR|VISUAL"):
        edited("x", suffix=".txt")


def test_a_marked_utf8_text_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = "import sys; open(sys.argv[1], 'w', encoding='utf-8-sig').write('{}')"
    _use(monkeypatch, tmp_path, code)
    assert edited("x", suffix=".txt") == "{}"
