from __future__ import annotations

import copy
import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import DocumentError, NewerDocumentError
from generator.motion import Interpolation, LayerSpec, default_layers
from generator.performance import (
    Keyframe,
    Performance,
    Source,
    named_values,
    values_of,
)
from generator.script import Beat, Script
from livelink.channels import CHANNEL_COUNT, WIRE_NAMES, Channel
from livelink.timecode import FrameRate

FOLDER = Path(__file__).parent / "golden"
GOLDEN = FOLDER / "performance-1.json"


def _maker():
    spec = importlib.util.spec_from_file_location("make_golden", FOLDER / "make_performance_1.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.performance()


@pytest.fixture(scope="module")
def golden() -> Performance:
    return Performance.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture
def document() -> dict:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def _simple(*poses: dict[str, float], **settings) -> Performance:
    script = Script("p", "", "", tuple(Beat(f"beat {i}") for i in range(len(poses))))
    sources = [Source("test")] * len(poses)
    return Performance.of(script, [values_of(pose) for pose in poses], sources, **settings)


def test_the_golden_is_what_its_maker_writes():
    assert GOLDEN.read_text(encoding="utf-8") == _maker().dumps()


def test_the_golden_reads_back_to_every_field(golden):
    made = _maker()
    assert golden.dumps() == made.dumps()
    assert golden.script == made.script
    assert golden.layers == made.layers
    assert dict(golden.curves) == dict(made.curves)
    assert (golden.interpolation, golden.audio, golden.subject, golden.rate) == (
        made.interpolation,
        made.audio,
        made.subject,
        made.rate,
    )
    for ours, theirs in zip(golden.keyframes, made.keyframes, strict=True):
        assert np.array_equal(ours.values, theirs.values)
        assert replace(ours, values=theirs.values).source == theirs.source
        assert (ours.id, ours.beat, ours.locked) == (theirs.id, theirs.beat, theirs.locked)


def test_the_golden_renders_the_same_every_time(golden):
    first, again = golden.render(), Performance.loads(golden.dumps()).render()
    assert np.array_equal(first.values, again.values)
    assert first.rate == FrameRate(60000, 1001)
    assert len(first) == int(2.65 * 60000 / 1001) + 1


def test_a_document_of_a_later_version_is_refused_with_what_to_do(document):
    document["schema"] = "facewright.performance/2"
    with pytest.raises(NewerDocumentError, match="Update Facewright"):
        Performance.from_json(document)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("schema",), "facewright.script/1", "not a Facewright performance"),
        (("keyframes", 0, "values"), {"Jawopen": 1.0}, "no channel"),
        (("keyframes", 0, "values"), {"JawOpen": 9.0}, "values/JawOpen"),
        (("keyframes", 0, "time_s"), -1.0, "time_s"),
        (("keyframes", 1, "time_s"), 1.0, "before"),
        (("keyframes",), [], "at least one"),
        (("curves",), {"Ears": []}, "no channel"),
        (("curves",), {"JawOpen": [{"time_s": 0, "value": 0, "tangents": "wavy"}]}, "wavy"),
        (("interpolation",), "bouncy", "interpolation"),
        (("layers", 0, "name"), "sparkle", "There are: offsets"),
        (("layers", 0, "weight"), 2.0, "layers/0/weight"),
        (("layers", 0, "regions"), ["ears"], "no region"),
        (("layers", 0, "seed"), -5, "seed"),
        (("rate", "denominator"), 0, "denominator"),
        (("subject",), "", "subject"),
        (("extra",), 1, "extra"),
    ],
)
def test_documents_out_of_form_are_refused_by_the_field(document, path, value, words):
    at = document
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    with pytest.raises(DocumentError, match=words):
        Performance.from_json(document)


def test_each_required_field_is_missed(document):
    for name in list(document):
        broken = copy.deepcopy(document)
        del broken[name]
        with pytest.raises(DocumentError):
            Performance.from_json(broken)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": NaN}', "[" * 100_000])
def test_texts_that_are_no_document_are_refused(text):
    with pytest.raises(DocumentError):
        Performance.loads(text)


@given(
    values=st.lists(st.floats(-1.0, 1.0, width=32), min_size=CHANNEL_COUNT, max_size=CHANNEL_COUNT)
)
def test_values_survive_their_json_form_to_the_bit(values):
    array = np.array(values, np.float32)
    there = json.loads(json.dumps(named_values(array)))
    assert np.array_equal(values_of(there), array)


def test_zeros_are_left_out_and_all_names_are_known():
    assert named_values(np.zeros(CHANNEL_COUNT, np.float32)) == {}
    assert list(named_values(np.ones(CHANNEL_COUNT, np.float32))) == list(WIRE_NAMES)


@pytest.mark.parametrize("kind", list(Interpolation))
def test_a_performance_of_a_script_reaches_its_poses(kind):
    performance = _simple(
        {"JawOpen": 0.7, "HeadYaw": 0.3}, {"BrowInnerUp": 0.9}, interpolation=kind
    )
    assert [keyframe.time_s for keyframe in performance.keyframes] == [0.5, 2.0]
    found = performance.sample([0.5, 1.5, 2.0, 3.0])
    poses = [keyframe.values for keyframe in performance.keyframes]
    assert np.abs(found - np.stack([poses[0], poses[0], poses[1], poses[1]])).max() <= 1e-6


def test_rendering_starts_neutral_lasts_to_the_last_hold_and_changes_nothing():
    performance = _simple({"JawOpen": 0.7}, layers=default_layers(3))
    before = performance.dumps()
    clip = performance.render(FrameRate(30))
    assert len(clip) == 46
    assert clip.metadata["subject"] == performance.subject
    assert not _simple({"JawOpen": 0.7}).render().values[0].any()
    assert performance.dumps() == before
    assert np.array_equal(clip.values, performance.render(FrameRate(30)).values)


def test_rates_agree_where_they_meet():
    performance = _simple({"JawOpen": 0.7}, {"EyeWideLeft": 0.4}, layers=default_layers(3))
    at_60, at_30 = (performance.render(FrameRate(fps)).values for fps in (60, 30))
    assert at_60[::2] == pytest.approx(at_30, abs=2e-6)


def test_the_words_of_a_beat_move_its_keyframe():
    pose = values_of({"EyeBlinkLeft": 1.0})
    layers = (LayerSpec("gestures"),)
    for words, open_again in (("A wink.", True), ("One eye shut.", False)):
        script = Script("p", "", "", (Beat(words),))
        performance = Performance.of(script, [pose], [None], layers=layers)
        last = performance.sample([1.5])[0, Channel.EyeBlinkLeft]
        assert bool(last < 0.1) is open_again


def test_a_keyframe_without_a_beat_has_no_words():
    performance = _simple({"JawOpen": 0.7})
    by_hand = replace(performance.keyframes[0], beat=None)
    assert performance.with_keyframe(0, by_hand).sample([0.5])[0, Channel.JawOpen] == (
        pytest.approx(0.7)
    )


@pytest.mark.parametrize(
    ("second_s", "hold_s"), [(1.0, 0.0), (1.0005, 0.0), (1.2, 0.5), (0.5, 0.0)]
)
def test_keyframes_out_of_order_are_refused(second_s, hold_s):
    values = np.zeros(CHANNEL_COUNT)
    script = Script("p", "", "", (Beat("b"),))
    frames = (Keyframe("a", 0, 1.0, hold_s, values), Keyframe("b", None, second_s, 0.0, values))
    with pytest.raises(DocumentError, match="Keyframe b"):
        Performance(script, frames)


def test_a_performance_too_long_to_render_is_refused():
    values = np.zeros(CHANNEL_COUNT)
    script = Script("p", "", "", (Beat("b"),))
    performance = Performance(script, (Keyframe("a", 0, 1.0, 1e6, values),))
    with pytest.raises(DocumentError, match="4000000"):
        performance.render()
