"""CSV takes: every layout there is, what is refused and how, and the way back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livelink import csvfile
from livelink.channels import CSV_NAMES, CSV_NAMES_2021, WIRE_NAMES, Channel, CsvConvention
from livelink.clip import Clip
from livelink.csvfile import (
    import_notes,
    read_clip,
    read_take,
    subject_from_name,
    write_clip,
)
from livelink.errors import FileFormatError, FrameError, TimecodeError
from livelink.timecode import SECONDS_PER_DAY, FrameRate, FrameTime
from tests.helpers.packets import csv_text, ramp, timecodes

RATE_30, RATE_60 = FrameRate(30), FrameRate(60)
MIDNIGHT = FrameTime(0)


def take(folder: Path, text: str | bytes, name: str = "MySlate_24_iPhone.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def by_name(clip: Clip) -> dict[str, float]:
    return {channel.name: float(clip.values[0, channel]) for channel in Channel}


@pytest.mark.parametrize("count_name", ["BlendShapeCount", "BlendshapeCount"])
def test_todays_header_by_the_measured_convention(tmp_path: Path, count_name: str) -> None:
    path = take(tmp_path, csv_text(timecodes(70, start=12.44), count_name=count_name))
    read = read_take(path)
    wire = by_name(read.clip)
    # Column 15 is called JawRight and holds 15/64: by name. 21 is MouthRight: by position.
    assert (wire["JawRight"], wire["JawLeft"]) == (15 / 64, 16 / 64)
    assert (wire["MouthLeft"], wire["MouthRight"]) == (21 / 64, 22 / 64)
    assert wire["EyeBlinkLeft"] == 0.0
    assert wire["RightEyeRoll"] == 60 / 64
    assert len(read.clip) == 70
    assert read.clip.rate == RATE_60
    assert read.clip.start == FrameTime(12, 0.44)
    assert read.notes == ()
    assert read.clip.metadata["subject"] == "MySlate_24_iPhone"
    assert read.clip.metadata["csv_layout"] == "app of 2022 and later"
    assert "gaps" not in read.clip.metadata


@pytest.mark.parametrize(
    ("convention", "jaw_right", "mouth_right"),
    [(CsvConvention.BY_NAME, 15, 21), (CsvConvention.BY_POSITION, 16, 22)],
)
def test_other_conventions(
    tmp_path: Path, convention: CsvConvention, jaw_right: int, mouth_right: int
) -> None:
    wire = by_name(read_clip(take(tmp_path, csv_text(timecodes(70))), convention=convention))
    assert wire["JawRight"] == jaw_right / 64
    assert wire["MouthRight"] == mouth_right / 64


def test_the_header_of_2021_is_read_by_position(tmp_path: Path) -> None:
    old = read_clip(take(tmp_path, csv_text(timecodes(70), CSV_NAMES_2021)))
    new = read_clip(take(tmp_path, csv_text(timecodes(70)), "new.csv"))
    assert np.array_equal(old.values, new.values)
    assert old.metadata["csv_layout"] == "app of 2021, by position"


@pytest.mark.parametrize("spell", [str, str.lower, str.upper])
def test_another_order_goes_by_name_in_any_case(tmp_path: Path, spell: type[str]) -> None:
    order = sorted(CSV_NAMES)
    values = [WIRE_NAMES.index(name) / 64 for name in order]
    text = csv_text(timecodes(70), [spell(name) for name in order], values)
    clip = read_clip(take(tmp_path, text), convention=CsvConvention.BY_NAME)
    assert clip.values[0].tolist() == ramp()
    assert clip.metadata["csv_layout"] == "free order, by name"


def test_timecode_may_stand_anywhere_and_more_columns_are_noted(tmp_path: Path) -> None:
    header = ",".join((*CSV_NAMES, "Angry_1", "BlendshapeCount", "Timecode"))
    cells = ",".join(f"{value}" for value in ramp())
    rows = [f"{cells},some_text,68,{time}" for time in timecodes(70)]
    read = read_take(take(tmp_path, "\n".join([header, *rows]) + "\n"))
    assert read.clip.values[0, Channel.RightEyeRoll] == 60 / 64
    assert read.notes == ("ignored columns: Angry_1",)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bom_crlf_and_blank_last_lines_are_tolerated(tmp_path: Path, bom: bytes, end: str) -> None:
    text = bom + csv_text(timecodes(70), end=end).encode() + end.encode() * 2
    assert len(read_clip(take(tmp_path, text))) == 70


def test_thirty_fps_of_2022(tmp_path: Path) -> None:
    read = read_take(take(tmp_path, csv_text(timecodes(70, step=2.0, start=10.0))))
    assert read.clip.rate == RATE_30
    assert read.clip.start == FrameTime(5)


def test_gaps_stand_beside_the_rows_and_on_clock_fills_them(tmp_path: Path) -> None:
    texts = timecodes(100)
    del texts[40:43]
    rows = csv_text(texts).splitlines()
    for index in range(1, len(rows)):  # EyeBlinkLeft grows with time
        cells = rows[index].split(",")
        cells[2] = f"{(index - 1 if index <= 40 else index + 2) / 100:.10f}"
        rows[index] = ",".join(cells)
    read = read_take(take(tmp_path, "\n".join(rows) + "\n"))
    assert len(read.clip) == 97
    assert [(gap.row, gap.missing) for gap in read.gaps] == [(40, 3)]
    assert read.clip.metadata["gaps"] == "3 frames missing: 3 before frame 40"
    even = read.on_clock()
    assert len(even) == 100
    assert even.values[:, 0] == pytest.approx(np.arange(100) / 100, abs=1e-5)
    assert even.start == read.clip.start
    assert len(read.on_clock(RATE_30)) == 50


def test_on_clock_is_bounded(tmp_path: Path) -> None:
    texts = [*timecodes(70), "23:00:00:00.000"]
    read = read_take(take(tmp_path, csv_text(texts)))
    assert read.gaps[-1].missing > 4_000_000
    with pytest.raises(FrameError, match="slice"):
        read.on_clock()


def test_a_short_take_says_that_its_rate_is_a_guess(tmp_path: Path) -> None:
    path = take(tmp_path, csv_text(timecodes(20)))
    assert read_take(path).clip.rate == RATE_30
    assert "too short" in read_take(path).notes[0]
    assert read_take(path, rate=RATE_60).clip.rate == RATE_60
    with pytest.raises(TimecodeError):
        read_take(path, rate=FrameRate(24))


def test_values_slightly_over_one_are_kept(tmp_path: Path) -> None:
    clip = read_clip(take(tmp_path, csv_text(timecodes(70), values=[1.053, *ramp()[1:]])))
    assert clip.values[0, 0] == np.float32(1.053)


GOOD = csv_text(timecodes(70))
LINES = GOOD.splitlines()


def damaged(line: int, old: str, new: str) -> str:
    assert old in LINES[line - 1]
    lines = [*LINES]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "empty"),
        ("\n\n", None, "empty"),
        (LINES[0] + "\n", 2, "no row"),
        ("hello\n", 1, "no Timecode column"),
        (GOOD.replace(",", ";"), 1, "';'"),
        (damaged(1, "JawOpen,", ""), 1, "JawOpen first"),
        (damaged(1, "JawOpen", "JawAjar"), 1, "JawOpen first"),
        (damaged(1, "JawOpen", "JawLeft"), 1, "'jawleft' appears twice"),
        (damaged(1, "Timecode", "Timecode" + ",x" * 600), 1, "more than 512"),
        (damaged(5, ",61,", ",61,0.5,"), 5, "64 cells where the header has 63"),
        (damaged(5, ",0.0156250000", ""), 5, "62 cells"),
        (damaged(5, "0.0156250000", ""), 5, "EyeLookDownLeft is empty"),
        (damaged(5, "0.0156250000", "zero"), 5, "EyeLookDownLeft reads 'zero'"),
        (damaged(5, "0.0156250000", "0_1"), 5, "'_'"),
        (damaged(5, "0.0156250000", "nan"), 5, "EyeLookDownLeft is nan"),
        (damaged(5, "0.0156250000", "-inf"), 5, "EyeLookDownLeft is -inf"),
        (damaged(5, "0.0156250000", "1e99"), 5, "EyeLookDownLeft is inf"),
        (damaged(5, "0.0156250000", "45.0"), 5, "radians"),
        (damaged(5, "00:00:00:03.000", "00:00:00:61.000"), 5, "not a time of day"),
        (damaged(5, "00:00:00:03.000", "3"), 5, "not a timecode"),
        (damaged(5, "00:00:00:03.000", "00:00:00:02.000"), 5, "order of time"),
        (damaged(5, "0.0156250000", "0.01\n\n"), 5, "cells"),
        ("\n".join([*LINES[:4], "", *LINES[4:]]) + "\n", 5, "blank line"),
        (GOOD[:-1][:-4], 71, "middle of its last number"),
        (GOOD[:-30], 71, "cells where the header has 63"),
        (damaged(5, "0.0156250000", "9" * 40_000), 5, "too long"),
    ],
)
def test_damage_is_named_with_its_line(
    tmp_path: Path, text: str, line: int | None, words: str
) -> None:
    path = take(tmp_path, text)
    with pytest.raises(FileFormatError) as caught:
        read_take(path)
    assert words in str(caught.value)
    assert caught.value.line == line
    assert str(caught.value).startswith(str(path) if line is None else f"{path}:{line}: ")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (GOOD.encode("utf-16"), "UTF-16"),
        (GOOD.encode() + b"\xff\xfe\xfd", "no plain text"),
        (b"\x1f\x8b" + bytes(100), "no plain text"),
        (bytes(5000), "no Timecode column"),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(FileFormatError, match=words):
        read_take(take(tmp_path, data))


def test_a_last_line_without_a_newline_is_whole_when_its_number_is(tmp_path: Path) -> None:
    assert len(read_clip(take(tmp_path, GOOD.rstrip("\n")))) == 70


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = take(tmp_path, GOOD)
    monkeypatch.setattr(csvfile, "MAX_ROWS", 69)
    with pytest.raises(FileFormatError, match="split the take"):
        read_take(path)
    monkeypatch.setattr(csvfile, "MAX_FILE_BYTES", 2**20)
    with path.open("ab") as file:
        file.truncate(2**20 + 1)  # sparse
    with pytest.raises(FileFormatError, match="larger than 1 MiB"):
        read_take(path)


def test_a_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_take(tmp_path / "none.csv")


# Writing ------------------------------------------------------------------------------------


def clip(count: int = 90, rate: FrameRate = RATE_60, start: FrameTime = MIDNIGHT) -> Clip:
    values = np.random.default_rng(3).uniform(-1.0, 1.0, (count, 61))
    return Clip(values, rate, start)


def test_the_written_text_is_what_unreals_importer_reads(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    values = np.array([ramp(), [-0.0] * 61])
    write_clip(Clip(values, RATE_60, FrameTime(59, 0.4405)), path)
    data = path.read_bytes()
    lines = data.decode("ascii").split("\n")
    assert b"\r" not in data
    assert lines[0] == ",".join(("Timecode", "BlendshapeCount", *CSV_NAMES))
    assert lines[1].startswith("00:00:00:59.440,61,0.0000000000,0.0156250000,")
    assert lines[2] == "00:00:01:00.440,61" + ",0.0000000000" * 61
    assert lines[3:] == [""]
    assert all(len(line.split(",")) == 63 and ",," not in line for line in lines[:3])


@settings(deadline=None, max_examples=25)
@given(
    count=st.integers(31, 80),
    rate=st.sampled_from([RATE_30, RATE_60]),
    frame=st.integers(0, SECONDS_PER_DAY * 30 - 1),
    thousandths=st.integers(0, 999),
    convention=st.sampled_from(CsvConvention),
)
def test_reading_inverts_writing(
    tmp_path_factory: pytest.TempPathFactory,
    count: int,
    rate: FrameRate,
    frame: int,
    thousandths: int,
    convention: CsvConvention,
) -> None:
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    made = clip(count, rate, FrameTime(frame, thousandths / 1000))
    write_clip(made, path, convention=convention)
    read = read_take(path, convention=convention)
    assert read.clip.values == pytest.approx(made.values, abs=1e-6)
    assert read.clip.rate == rate
    assert read.clip.start == made.start
    assert read.gaps == ()


@pytest.mark.parametrize("count", [1, 10])
def test_short_takes_come_back_when_the_rate_is_told(tmp_path: Path, count: int) -> None:
    path = tmp_path / "a.csv"
    write_clip(clip(count), path)
    assert read_take(path, rate=RATE_60).clip.rate == RATE_60
    assert read_take(path).clip.rate == RATE_30


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = take(tmp_path, "precious")
    with pytest.raises(FileExistsError, match="choose another name"):
        write_clip(clip(), path)
    assert path.read_text() == "precious"
    write_clip(clip(), path, overwrite=True)
    assert len(read_clip(path)) == 90
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_no_file_behind(tmp_path: Path) -> None:
    with pytest.raises(TimecodeError):  # the last frame number does not fit int32
        write_clip(clip(90, RATE_60, FrameTime(2**31 - 50)), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_other_rates_and_values_that_are_no_face_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TimecodeError, match="resample"):
        write_clip(clip(9, FrameRate(24)), tmp_path / "a.csv")
    with pytest.raises(FrameError, match="limit"):
        write_clip(Clip(np.full((9, 61), 9.0), RATE_60), tmp_path / "a.csv")


def test_import_notes_say_what_unreal_gets_wrong() -> None:
    assert import_notes(clip(90)) == ()
    assert "30 fps" in import_notes(clip(20))[0]
    assert import_notes(clip(20, RATE_30)) == ()
    assert import_notes(clip(20, start=FrameTime(20))) == ()
    before = FrameTime(SECONDS_PER_DAY * 60 - 10)
    assert "midnight" in import_notes(clip(90, start=before))[0]


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("MySlate_1_iPhone.csv", "MySlate_1_iPhone"),
        ("MySlate_24_Masums_iPhone.csv", "Masums_iPhone"),
        ("MySlate_24_Masums_iPhone_cal.csv", "Masums_iPhone"),
        ("test7_250714_5_0_vislabLivelink_cal.csv", "5_0_vislabLivelink"),
        ("MySlate_1_iPhone_raw.csv", "MySlate_1_iPhone"),
        ("My_Slate_has_no_number.csv", "My_Slate_has_no_number"),
        ("a_b_c_12.csv", "a_b_c_12"),
        ("/takes/A_1_B_C_neutral.CSV", "B_C"),
        ("_cal.csv", "_cal"),
        ("plain", "plain"),
    ],
)
def test_subject_from_name(name: str, subject: str) -> None:
    assert subject_from_name(name) == subject
