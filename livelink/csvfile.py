"""Live Link Face CSV takes: read into a clip, and write as Unreal's importer accepts them.

A take's rows are consecutive samples of the camera, so they are kept as they are, one frame a row,
labelled 60 or 30 fps although a phone really runs at 59.90 to 59.96: nothing is resampled behind
the user's back. What the rows leave out is not lost either: `CsvTake` carries the real time of
each row and every gap, and `CsvTake.on_clock` lays the motion on an exact clock, gaps filled.

Facts (13 real files): 63 columns, LF, values `%.10f`, timecode `HH:MM:SS:FF.sss` with thousandths
of a frame, non-drop, wrapping at 24 h. Takes of 30 fps either count FF below 30 or, in 2022, count
every second frame of 60.
"""

from __future__ import annotations

import array
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from livelink.channels import (
    CHANNEL_COUNT,
    CSV_NAMES,
    CSV_NAMES_2021,
    WIRE_NAMES,
    Channel,
    CsvConvention,
    csv_channel,
)
from livelink.clip import Clip, sample_values
from livelink.csvtimes import RATE_30, RATE_60, Gap, RowOrderError, gap_text, row_times
from livelink.errors import FileFormatError, FrameError, TimecodeError
from livelink.frame import as_values
from livelink.packet import MAX_ABS_VALUE
from livelink.timecode import (
    SECONDS_PER_DAY,
    FrameRate,
    FrameTime,
    format_timecode,
    parse_timecode,
)

MAX_FILE_BYTES = 512 * 2**20
"""About two and a half hours of 60 fps; a longer take has to be split."""

MAX_ROWS = 1_000_000
MAX_LINE_BYTES = 32 * 1024
MAX_COLUMNS = 512


@dataclass(frozen=True, slots=True, eq=False)
class CsvTake:
    """A take as its file has it.

    Attributes:
        clip: Every row as one frame, at the rate the app labels it with (30 or 60).
        times_s: (n,) seconds of each row from the first by its timecode, increasing.
        gaps: Where frames are missing.
        measured_fps: Rows a second between gaps by the timecodes; the clip's rate for one row.
        notes: What the reader had to assume or leave out, in words.
    """

    clip: Clip
    times_s: NDArray[np.float64]
    gaps: tuple[Gap, ...]
    measured_fps: float
    notes: tuple[str, ...]

    def on_clock(self, rate: FrameRate | None = None) -> Clip:
        """Return the motion on an exact clock (default: the clip's rate), gaps interpolated.

        Raises:
            FrameError: The take with its gaps would be longer than MAX_ROWS frames.
        """
        rate = rate or self.clip.rate
        count = int(self.times_s[-1] * rate.fps + 1e-6) + 1
        if count > MAX_ROWS:
            raise FrameError(f"{count} frames are more than {MAX_ROWS}; slice the take first")
        at_s = np.arange(count) / rate.fps
        values = sample_values(self.times_s, self.clip.values, at_s)
        start = FrameTime.at(self.clip.start.seconds(self.clip.rate), rate)
        shape = (-1, CHANNEL_COUNT)
        return Clip(as_values(values, shape=shape), rate, start, self.clip.metadata)


def read_take(
    path: str | Path,
    *,
    convention: CsvConvention = CsvConvention.MEASURED,
    rate: FrameRate | None = None,
) -> CsvTake:
    """Read a take.

    Args:
        path: The CSV file.
        convention: How to read its jaw and mouth pairs.
        rate: The take's rate where it is known (take.json), 30 or 60. Only used for a take whose
            rows do not tell: under half a second at 60 fps looks like 30 fps (Unreal's importer
            takes it for 30, and so does this reader).

    Raises:
        TimecodeError: `rate` is another one.
        FileFormatError: Not such a CSV, or damaged; says the line and what to do.
        OSError: The file cannot be opened.
    """
    path = Path(path)
    lines = _lines(path)
    _, head = next(lines, (1, None))
    if head is None:
        raise FileFormatError(path, "the file is empty")
    layout = _read_header(path, head, convention)
    times: list[FrameTime] = []
    raw = array.array("f")
    last_cells: list[str] = []
    for number, line in lines:
        cells = line.split(",")
        if len(cells) != layout.width:
            raise FileFormatError(path, _width_reason(cells, layout.width), number)
        times.append(_read_time(path, cells[layout.time_column], number))
        try:
            raw.extend([float(cells[column]) for column in layout.columns])
        except ValueError as exc:
            raise FileFormatError(path, _number_reason(cells, layout), number) from exc
        if "_" in line and any("_" in cells[column] for column in layout.columns):
            raise FileFormatError(path, "a '_' within a number; correct or delete the row", number)
        if len(times) > MAX_ROWS:
            raise FileFormatError(path, f"more than {MAX_ROWS} rows; split the take", number)
        last_cells.append(cells[-1].rstrip())
        del last_cells[:-2]
    if not times:
        raise FileFormatError(path, "there is a header but no row; the take is empty", 2)
    _check_last_line(path, last_cells, len(times) + 1)
    values = np.array(raw, np.float32).reshape(-1, CHANNEL_COUNT)
    _check_values(path, values)
    return _assemble(path, layout, times, values, rate)


def read_clip(
    path: str | Path,
    *,
    convention: CsvConvention = CsvConvention.MEASURED,
    rate: FrameRate | None = None,
) -> Clip:
    """Read a take's clip alone; its metadata still names the gaps. See `read_take`."""
    return read_take(path, convention=convention, rate=rate).clip


# Header and cells ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Layout:
    width: int
    time_column: int
    columns: tuple[int, ...]  # column of each channel, in wire order
    name: str
    convention: CsvConvention
    ignored: tuple[str, ...]


def _read_header(path: Path, line: str, convention: CsvConvention) -> _Layout:
    cells = [cell.strip() for cell in line.split(",")]
    folded = [cell.casefold() for cell in cells]
    if "timecode" not in folded:
        hint = "; its cells are separated by ';', save it with commas" if ";" in line else ""
        raise FileFormatError(
            path, f"the first line names no Timecode column{hint}: not a Live Link Face CSV", 1
        )
    if len(cells) > MAX_COLUMNS:
        raise FileFormatError(path, f"{len(cells)} columns are more than {MAX_COLUMNS}", 1)
    known = {name.casefold() for name in WIRE_NAMES}
    wanted = [*known, "timecode", "blendshapecount"]
    repeated = sorted({cell for cell in folded if cell in wanted and folded.count(cell) > 1})
    if repeated:
        raise FileFormatError(path, f"column {repeated[0]!r} appears twice; remove one", 1)
    where = {cell: column for column, cell in enumerate(folded) if cell in known}
    missing = [name for name in WIRE_NAMES if name.casefold() not in where]
    if missing:
        raise FileFormatError(
            path,
            f"{len(missing)} of the {CHANNEL_COUNT} channels have no column ({missing[0]} first); "
            "add them, with zeros where nothing is known",
            1,
        )
    found = tuple(cells[column] for column in sorted(where.values()))
    by_channel: dict[Channel, int] = {}
    for position, column in enumerate(sorted(where.values())):
        # The oldest header is today's with every pair named the other way round.
        name = CSV_NAMES[position] if found == CSV_NAMES_2021 else cells[column]
        by_channel[csv_channel(name, convention)] = column
    layouts = {CSV_NAMES: "app of 2022 and later", CSV_NAMES_2021: "app of 2021, by position"}
    return _Layout(
        width=len(cells),
        time_column=folded.index("timecode"),
        columns=tuple(by_channel[channel] for channel in Channel),
        name=layouts.get(found, "free order, by name"),
        convention=convention,
        ignored=tuple(cells[i] for i, cell in enumerate(folded) if cell not in wanted),
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of a file's lines, ends stripped, sizes bounded.

    A blank line is only allowed behind the last row.
    """
    blank = 0
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
            raise FileFormatError(
                path, f"larger than {MAX_FILE_BYTES // 2**20} MiB; split the take"
            )
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise FileFormatError(path, "the line is far too long for a take's row", number)
            text = _text(path, line, number).rstrip("\r\n")
            if not text.strip():
                blank = blank or number
            elif blank:
                raise FileFormatError(path, "a blank line among the rows; remove it", blank)
            else:
                yield number, text


def _text(path: Path, line: bytes, number: int) -> str:
    if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileFormatError(path, "the text is UTF-16; save it as UTF-8", 1)
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as exc:
        raise FileFormatError(
            path, "there are bytes that are no plain text; the file is damaged or no CSV", number
        ) from exc


def _width_reason(cells: Sequence[str], width: int) -> str:
    return (
        f"{len(cells)} cells where the header has {width}; "
        "the row is cut off or damaged, delete it and read again"
    )


def _number_reason(cells: Sequence[str], layout: _Layout) -> str:
    for channel in Channel:
        cell = cells[layout.columns[channel]]
        try:
            float(cell)
        except ValueError:
            what = "is empty" if not cell.strip() else f"reads {cell[:40]!r}, which is no number"
            return f"{channel.name} {what}; correct or delete the row"
    return "a cell is no number; correct or delete the row"


def _read_time(path: Path, cell: str, number: int) -> FrameTime:
    try:
        # Base 60 holds every FF; whether it counts to 30 or 60 is found from all rows.
        return parse_timecode(cell.strip(), RATE_60)
    except TimecodeError as exc:
        raise FileFormatError(path, f"{exc}; correct or delete the row", number) from exc


def _check_last_line(path: Path, last_cells: Sequence[str], number: int) -> None:
    """Refuse a last number cut off in the middle: no newline and fewer digits than above."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        if file.read(1) in b"\r\n" or len(last_cells) < 2:
            return
    above, last = (len(cell.partition(".")[2]) for cell in last_cells)
    if last < above:
        raise FileFormatError(
            path, "the file stops in the middle of its last number; delete that row", number
        )


def _check_values(path: Path, values: NDArray[np.float32]) -> None:
    bad = ~(np.abs(values) <= MAX_ABS_VALUE)  # NaN is never <= anything
    if bad.any():
        row, channel = (int(index[0]) for index in np.nonzero(bad))
        raise FileFormatError(
            path,
            f"{Channel(channel).name} is {values[row, channel]:g}, no number within "
            f"+-{MAX_ABS_VALUE:g}; shapes run from 0 to 1 and angles are radians",
            row + 2,
        )


def _assemble(
    path: Path,
    layout: _Layout,
    times: Sequence[FrameTime],
    values: NDArray[np.float32],
    given: FrameRate | None,
) -> CsvTake:
    try:
        rows = row_times(times, given)
    except RowOrderError as exc:
        raise FileFormatError(path, str(exc), exc.row + 2) from exc
    notes = []
    if rows.guessed:
        notes.append("too short to tell 60 fps from 30; read as 30, as Unreal's importer does")
    if layout.ignored:
        notes.append(f"ignored columns: {', '.join(layout.ignored)[:200]}")
    metadata = {
        "source": path.name,
        "subject": subject_from_name(path.name),
        "csv_layout": layout.name,
        "csv_convention": layout.convention.value,
        "measured_fps": f"{rows.measured_fps:.3f}",
    }
    if rows.gaps:
        metadata["gaps"] = gap_text(rows.gaps)
    clip = Clip(values, rows.rate, rows.start, metadata)
    return CsvTake(clip, rows.seconds, rows.gaps, rows.measured_fps, tuple(notes))


# Writing ------------------------------------------------------------------------------------


def write_clip(
    clip: Clip,
    path: str | Path,
    *,
    convention: CsvConvention = CsvConvention.MEASURED,
    overwrite: bool = False,
) -> None:
    """Write a clip as the app writes a take and as Unreal's importer reads it.

    The file appears whole or not at all. The start is kept to a thousandth of a frame, values to
    5e-11. `import_notes` says what the importer will make of the clip.

    Args:
        clip: At 30 or 60 fps.
        path: Where to.
        convention: Which columns the jaw and mouth pairs go to; the reader must use the same.
        overwrite: Replace an existing file.

    Raises:
        TimecodeError: Another rate; the importer knows no other.
        FrameError: A value that no reader would take for a face.
        FileExistsError: The file exists and `overwrite` is not set.
        OSError: The folder cannot be written to.
    """
    path = Path(path)
    if clip.rate not in (RATE_30, RATE_60):
        raise TimecodeError(
            f"a Live Link Face CSV runs at 30 or 60 fps, not at {clip.rate}; resample the clip"
        )
    if float(np.abs(clip.values).max()) > MAX_ABS_VALUE:
        raise FrameError(f"a value is beyond +-{MAX_ABS_VALUE:g}; limit the clip before writing it")
    _refuse_existing(path, overwrite=overwrite)
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="ascii", newline="\n") as file:
            file.writelines(_rows(clip, convention))
        _refuse_existing(path, overwrite=overwrite)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _refuse_existing(path: Path, *, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists already; choose another name or allow overwriting it")


def _rows(clip: Clip, convention: CsvConvention) -> Iterator[str]:
    yield ",".join(("Timecode", "BlendshapeCount", *CSV_NAMES)) + "\n"
    channels = np.array([csv_channel(name, convention) for name in CSV_NAMES])
    row_format = f"%s,{CHANNEL_COUNT}" + ",%.10f" * CHANNEL_COUNT + "\n"
    for index, values in enumerate(clip.values):
        row = (values[channels] + np.float32(0.0)).tolist()  # -0.0 becomes 0.0
        yield row_format % (format_timecode(clip.start.plus(index), clip.rate), *row)


def import_notes(clip: Clip) -> tuple[str, ...]:
    """Return what Unreal's importer will make of a written clip that the user may not expect."""
    notes = []
    frames = [(clip.start.frame + index) % clip.rate.numerator for index in range(len(clip))]
    if clip.rate == RATE_60 and all(f + clip.start.subframe <= 30.0 for f in frames):
        notes.append(
            "the take never counts a frame above 30, so Unreal 5.8 imports it at 30 fps, half as "
            "fast; make it longer than half a second or start it later in the second"
        )
    day = clip.rate.numerator * SECONDS_PER_DAY
    if (clip.start.frame % day) + len(clip) > day:
        notes.append("the take passes midnight; Unreal puts the frames behind it 24 h earlier")
    return tuple(notes)


_NUMERIC = re.compile(r"[+-]?\d*\.?\d*", re.ASCII)


def subject_from_name(name: str) -> str:
    """Return the subject that Unreal's importer derives from a take's file name.

    `<Slate>_<Take>_<Subject>[_cal|_raw|_neutral].csv`: the suffix goes; only a name of more than
    three parts loses its first part and everything up to the first number behind it.
    """
    whole = re.sub(r"\.csv$", "", name.replace("\\", "/").rsplit("/", 1)[-1], flags=re.IGNORECASE)
    stem = whole
    for suffix in ("_cal", "_raw", "_neutral"):
        if stem.casefold().endswith(suffix):
            stem = stem[: -len(suffix)]
    parts = stem.split("_")
    if len(parts) > 3:
        numbers = [i for i, part in enumerate(parts) if i and part and _NUMERIC.fullmatch(part)]
        if numbers and numbers[0] + 1 < len(parts):
            stem = "_".join(parts[numbers[0] + 1 :])
    return stem or whole
