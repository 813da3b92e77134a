"""Contact sheets: every channel and twenty expressions, each with its name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generator.head import sheet
from generator.head.png import read_png
from generator.head.text import text_width, write_text
from livelink.channels import CHANNEL_COUNT, WIRE_NAMES, Channel


def test_there_are_twenty_expressions_of_the_corpus() -> None:
    assert len({(script, beat) for _, script, beat in sheet.EXPRESSIONS}) == 20
    for _, script, beat in sheet.EXPRESSIONS:
        values = sheet.corpus_pose(script, beat)
        assert values.shape == (CHANNEL_COUNT,)
        assert np.abs(values).sum() > 0.5


def test_an_unknown_beat_is_refused() -> None:
    with pytest.raises(KeyError, match="t01-001"):
        sheet.corpus_pose("t01-001", 99)


def test_the_channel_sheet_has_every_channel() -> None:
    image = sheet.channel_sheet(cell=24, columns=8)
    rows = -(-CHANNEL_COUNT // 8)
    assert image.shape == (rows * (24 + 16 + 4), 8 * (3 * 24 + 4), 3)


def test_mouth_close_is_shown_over_an_open_jaw() -> None:
    for values in sheet.strengths(Channel.MouthClose):
        assert values[Channel.JawOpen] == 1.0


def test_the_command_writes_a_picture(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    sheet.main(["expressions", str(out), "--cell", "16"])
    assert read_png(out).shape[2] == 3


def test_text_draws_distinct_letters_and_clips_at_the_edge() -> None:
    drawn = set()
    for letter in sorted(set("".join(WIRE_NAMES) + "0123456789 .,-")):
        image = np.zeros((10, 6, 3), dtype=np.uint8)
        write_text(image, letter, (0, 0))
        drawn.add(image.tobytes())
    assert len(drawn) == len(set("".join(WIRE_NAMES) + "0123456789 .,-"))
    assert text_width("abc", 2) == 34
    image = np.zeros((4, 7, 3), dtype=np.uint8)
    write_text(image, "Wide text", (3, 1))
    assert image.any()
