from __future__ import annotations

from pathlib import Path

import pytest

from bridge.converting import write_csv, write_packets
from bridge.errors import LoadError
from bridge.sources import ClipSource, RecordingSource
from generator.performance import Keyframe, Performance
from generator.script import Beat, Script
from livelink.channels import Channel, CsvConvention
from tests.helpers.window import pose
from ui.reel import Reel, read_file, reel_of, source_of

_SCRIPT = Script("p", "", "", (Beat("one", "", 0.5, 0.5), Beat("two", "", 0.5, 1.0)))
_PERFORMANCE = Performance.of(_SCRIPT, [pose(1), pose(4)], [None, None], subject="Ann")


def test_marks_are_the_keyframes_on_their_way() -> None:
    reel = reel_of(_PERFORMANCE, "x")
    assert [(m.beat, m.from_s, m.time_s, m.until_s, m.label) for m in reel.marks] == [
        (0, 0.0, 0.5, 1.0, "one"),
        (1, 1.0, 1.5, 2.5, "two"),
    ]
    assert reel.subject == "Ann"
    assert reel.duration_s == 2.5


def test_a_keyframe_set_by_hand_has_no_words() -> None:
    free = Performance(_SCRIPT, (Keyframe("a", None, 1.0, 0.0, pose(1)),))
    assert reel_of(free, "x").marks[0].label == ""


def test_values_are_those_of_the_second() -> None:
    reel = reel_of(_PERFORMANCE, "x")
    late, first = reel.values_at(1.5), reel.values_at(-1.0)
    assert late is not None
    assert first is not None
    assert late[Channel.MouthSmileLeft] == pytest.approx(pose(4)[Channel.MouthSmileLeft], abs=0.1)
    assert first[Channel.MouthSmileLeft] == 0.0
    assert Reel("x", 1.0, None, None).values_at(0.0) is None


def test_the_profile_is_normal() -> None:
    profile = reel_of(_PERFORMANCE, "x").profile
    assert max(profile) == 1.0
    assert min(profile) >= 0.0
    assert len(profile) <= 400


def test_files_are_told_apart(tmp_path: Path) -> None:
    clip = _PERFORMANCE.render()
    (tmp_path / "p.json").write_text(_PERFORMANCE.dumps(), encoding="utf-8")
    (tmp_path / "s.json").write_text(_SCRIPT.dumps(), encoding="utf-8")
    write_csv(clip, tmp_path / "t.csv", convention=CsvConvention.MEASURED, overwrite=False)
    write_packets(clip, tmp_path / "r.packets", subject="Ann", overwrite=False)
    assert isinstance(read_file(tmp_path / "p.json"), Performance)
    assert read_file(tmp_path / "s.json") == _SCRIPT
    take = read_file(tmp_path / "t.csv")
    recorded = read_file(tmp_path / "r.packets")
    assert isinstance(take, Reel)
    assert isinstance(recorded, Reel)
    assert take.clip is not None
    assert take.recording is None
    assert recorded.clip is not None
    assert isinstance(source_of(take, loop=True), ClipSource)
    assert isinstance(source_of(recorded, loop=False), RecordingSource)
    assert recorded.duration_s == pytest.approx(2.5, abs=0.05)


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such file"):
        read_file(tmp_path / "nothing.json")


@pytest.mark.parametrize(("from_s", "left_s"), [(0.0, 2.5), (1.5, 1.0), (2.49, 2.5)])
def test_a_source_begins_where_it_is_told(from_s: float, left_s: float) -> None:
    reel = reel_of(_PERFORMANCE, "x")
    source = source_of(reel, loop=False, from_s=from_s)
    assert isinstance(source, ClipSource)
    assert source.duration_s == pytest.approx(left_s, abs=0.05)
