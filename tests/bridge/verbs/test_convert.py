from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridge.loading import load_any
from generator.performance import Performance
from livelink.clip import Clip
from livelink.recording import Recording
from tests.helpers.commands import Command


@pytest.mark.parametrize("ending", [".csv", ".packets"])
def test_a_performance_converts_and_reads_back(
    command: Command,
    tmp_path: Path,
    performance_file: Path,
    short_performance: Performance,
    ending: str,
) -> None:
    out, again = tmp_path / f"short_1_Ann{ending}", tmp_path / "again_1_Ann.csv"
    assert command("convert", performance_file, out).status == 0
    assert isinstance(load_any(out), Recording if ending == ".packets" else Clip)
    assert command("convert", out, again).status == 0
    clip = load_any(again)
    assert isinstance(clip, Clip)
    np.testing.assert_allclose(clip.values, short_performance.render().values, atol=1e-6)


def test_arrays_are_written_without_pickle(
    command: Command, tmp_path: Path, performance_file: Path
) -> None:
    out = tmp_path / "short.npz"
    assert command("convert", performance_file, out, "--rate", "30").status == 0
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["values"].shape == (19, 61)
        assert list(arrays["rate"]) == [30, 1]


def test_a_picture_shows_each_keyframe(
    command: Command, tmp_path: Path, performance_file: Path
) -> None:
    out = tmp_path / "short.png"
    assert command("convert", performance_file, out).status == 0
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["out.mp4", "out"])
def test_an_unknown_ending_lists_the_known(
    command: Command, tmp_path: Path, performance_file: Path, name: str
) -> None:
    ended = command("convert", performance_file, tmp_path / name)
    assert ended.status == 3
    assert ".packets" in ended.said


def test_nothing_is_overwritten(command: Command, tmp_path: Path, performance_file: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine", encoding="utf-8")
    assert command("convert", performance_file, out).status == 3
    assert out.read_text(encoding="utf-8") == "mine"
    assert command("convert", performance_file, out, "--overwrite").status == 0
