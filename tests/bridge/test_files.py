from __future__ import annotations

from pathlib import Path

import pytest

from bridge.errors import WouldOverwriteError
from bridge.files import written


def test_a_file_appears_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with written(path, overwrite=False) as stream:
        stream.write("half")
        assert not path.exists()
    assert path.read_text(encoding="utf-8") == "half"
    assert [item.name for item in tmp_path.iterdir()] == ["out.json"]


def test_an_interrupted_file_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with pytest.raises(KeyboardInterrupt), written(path, overwrite=False) as stream:
        stream.write("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with pytest.raises(WouldOverwriteError), written(path, overwrite=False) as stream:
        stream.write("ours")
        path.write_text("theirs", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "theirs"
    assert [item.name for item in tmp_path.iterdir()] == ["out.json"]


def test_a_file_is_replaced_when_asked_and_readable_as_any_other(tmp_path: Path) -> None:
    path, plain = tmp_path / "out.json", tmp_path / "plain"
    plain.write_text("")
    path.write_text("old", encoding="utf-8")
    with written(path, overwrite=True) as stream:
        stream.write("new")
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode == plain.stat().st_mode


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="disk"), written(path, overwrite=True):
        raise OSError("the disk is full")
    assert [item.name for item in tmp_path.iterdir()] == ["out.json"]
    assert path.read_text(encoding="utf-8") == "old"
