from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator import corpus
from generator.compact import units
from generator.compact.beats import beats_of, part, placed, unplaced


def test_every_beat_keeps_its_script_and_pose() -> None:
    scripts = corpus.load_corpus()[:5]
    beats = beats_of(scripts)
    assert len(beats) == sum(len(script.beats) for script in scripts)
    first = beats[0]
    assert first.name == f"{scripts[0].id}/0"
    assert first.count == len(scripts[0].beats)
    assert first.units.shape == (units.UNIT_COUNT,)
    assert not first.units.flags.writeable
    assert scripts[0].emotion.strip() in first.context


@given(st.text(max_size=80), st.integers(0, 9), st.integers(1, 10))
def test_a_place_can_be_taken_back(context: str, index: int, count: int) -> None:
    assert unplaced(placed(context, index, count)) == context


def test_a_share_takes_whole_scripts_and_grows() -> None:
    beats = beats_of(corpus.load_corpus()[:40])
    half, quarter = part(beats, 0.5, 3), part(beats, 0.25, 3)
    assert len(quarter) < len(half) < len(beats) == len(part(beats, 1.0, 3))
    taken = {beat.script for beat in half}
    assert len(half) == sum(beat.script in taken for beat in beats)
