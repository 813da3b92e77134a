from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from bridge.errors import OutputError, WouldOverwriteError
from bridge.files import part_of, refuse_overwrite, written


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


def test_a_missing_folder_is_said_before_the_work_and_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "no" / "out.json"
    with pytest.raises(OutputError, match="no such folder") as caught:
        refuse_overwrite(path, overwrite=False)
    assert str(path) in str(caught.value)
    assert ".part" not in str(caught.value)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_folder_without_rights_is_said_before_the_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="writable"):
        refuse_overwrite(tmp_path / "out.json", overwrite=False)


def test_a_full_disk_is_said_with_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with (
        pytest.raises(OutputError, match=r"out\.json: .*Free some space"),
        written(path, overwrite=False) as stream,
    ):
        stream.write("half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert list(tmp_path.iterdir()) == []


def test_what_goes_wrong_with_another_file_stays_its_own(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), part_of(tmp_path / "out", overwrite=False):
        (tmp_path / "in").read_bytes()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a special file")
def test_a_special_file_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="device"), written(pipe, overwrite=True):
        pass
    assert pipe.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    link.symlink_to(real)
    with written(link, overwrite=True) as stream:
        stream.write("new")
    assert link.is_symlink()
    assert real.read_text() == "new"
