from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import asset
from generator.errors import DocumentError
from generator.lines import (
    MAX_LINE_BYTES,
    LineError,
    keyframes_line,
    read_request_lines,
    read_script_lines,
    script_line,
    script_of,
)
from generator.script import Beat, Script
from generator.standardise import RuleStandardiser
from livelink.channels import WIRE_NAMES, Channel

GOOD: dict[str, Any] = {
    "id": "a1",
    "prompt": "smile",
    "background": "at home",
    "emotion": "joy",
    "beats": [{"original": "She smiles.", "anatomical": "", "transition_s": 0.4, "hold_s": 1.2}],
}


def stream(*lines: Any) -> io.BytesIO:
    texts = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return io.BytesIO(b"\n".join(texts) + b"\n")


def only_error(line: Any) -> LineError:
    (found,) = read_script_lines(stream(line))
    assert isinstance(found, LineError)
    return found


def with_beat(**fields: Any) -> dict[str, Any]:
    return GOOD | {"beats": [GOOD["beats"][0] | fields]}


def test_a_script_line_is_read() -> None:
    (found,) = read_script_lines(stream(GOOD))
    assert found == ("a1", Script("smile", "at home", "joy", (Beat("She smiles.", "", 0.4, 1.2),)))


def test_every_line_of_the_corpus_is_read_and_written_back() -> None:
    path = min(asset("corpus").glob("t*.jsonl"))
    with path.open("rb") as lines:
        for found in read_script_lines(lines):
            assert not isinstance(found, LineError)
            assert script_of(script_line(*found)) == found


def test_optional_fields_may_be_absent_empty_or_null() -> None:
    line = {"id": 7, "prompt": "", "beats": [{"original": "She slowly smiles."}]}
    (found,) = read_script_lines(stream(line))
    assert not isinstance(found, LineError)
    identity, script = found
    assert (identity, script.background, script.emotion) == (7, "", "")
    beat = script.beats[0]
    assert beat.anatomical == ""
    assert 0.05 < beat.transition_s < 2.0
    assert 0.2 < beat.hold_s < 5.0
    empty = line | {"background": None, "emotion": ""}
    empty["beats"] = [{"original": "She slowly smiles.", "anatomical": None, "hold_s": None}]
    assert list(read_script_lines(stream(empty))) == [found]


def test_an_anatomical_text_alone_is_enough() -> None:
    (found,) = read_script_lines(stream(GOOD | {"beats": [{"anatomical": "Lips part."}]}))
    assert not isinstance(found, LineError)
    assert found[1].beats[0].anatomical == "Lips part."


def test_pose_is_ignored_whatever_it_is() -> None:
    (found,) = read_script_lines(stream(with_beat(pose=["not", {"a": "pose"}])))
    assert not isinstance(found, LineError)


def test_no_transition_is_the_shortest_one() -> None:
    (found,) = read_script_lines(stream(with_beat(transition_s=0, hold_s=0)))
    assert not isinstance(found, LineError)
    assert (found[1].beats[0].transition_s, found[1].beats[0].hold_s) == (0.05, 0.0)


@pytest.mark.parametrize("identity", ["", "é", 0, -3, 2.5, 10**18])
def test_ids_are_kept_as_they_are(identity: Any) -> None:
    (found,) = read_script_lines(stream(GOOD | {"id": identity}))
    assert not isinstance(found, LineError)
    assert found[0] == identity
    assert type(found[0]) is type(identity)
    assert script_line(*found)["id"] == identity


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{oops", "The line is not valid JSON: Expecting property name"),
        (b"[1]", "The line is JSON, but not an object."),
        (b'"text"', "The line is JSON, but not an object."),
        (b"\xff\xfe", "The line is not UTF-8 text (at byte 0)."),
        (b"[" * 200_000, "The line is nested too deeply."),
        (b'{"id": NaN}', "NaN is not a number that a face can have"),
        (b'{"id": 1e999}', "id is not a finite number."),
        (b'{"id": ' + b"9" * 5000 + b"}", "The line is not valid JSON"),
        (without("id"), "id is missing."),
        (without("prompt"), "prompt is missing."),
        (without("beats"), "beats is missing."),
        (GOOD | {"id": True}, "id is not a string or a number."),
        (GOOD | {"id": None}, "id is not a string or a number."),
        (GOOD | {"id": "x" * 1001}, "id has 1001 characters; 1000 are the limit."),
        (GOOD | {"id": 10**2000}, "id has more than 1000 characters."),
        (GOOD | {"prompt": 5}, "prompt is not text."),
        (GOOD | {"prompt": "\ud800"}, "prompt holds half a character (a lone surrogate)."),
        (GOOD | {"background": []}, "background is not text."),
        (GOOD | {"emotion": 1}, "emotion is not text."),
        (GOOD | {"beats": {}}, "beats is not a list."),
        (GOOD | {"beats": []}, "beats has 0 entries; a script has 1 to 200."),
        (GOOD | {"beats": [{}] * 201}, "beats has 201 entries; a script has 1 to 200."),
        (GOOD | {"beats": ["x"]}, "beats/0 is not an object."),
        (GOOD | {"beats": [{}]}, "beats/0/original is missing."),
        (with_beat(original=3), "beats/0/original is not text."),
        (with_beat(original=" "), "beats/0 has neither an original nor an anatomical text."),
        (with_beat(original="x" * 20_001), "beats/0/original has 20001 characters"),
        (with_beat(anatomical=3), "beats/0/anatomical is not text."),
        (with_beat(transition_s="1"), "beats/0/transition_s is not a number."),
        (with_beat(transition_s=True), "beats/0/transition_s is not a number."),
        (with_beat(transition_s=-1), "beats/0/transition_s must be 0 to 600 seconds."),
        (with_beat(hold_s=601), "beats/0/hold_s must be 0 to 600 seconds."),
        (with_beat(hold_s=10**400), "beats/0/hold_s must be 0 to 600 seconds."),
    ],
)
def test_what_is_wrong_is_said(line: Any, reason: str) -> None:
    error = only_error(line)
    assert reason in error.reason
    assert error.line == 1
    assert str(error) == f"line 1: {error.reason}"
    assert isinstance(error, DocumentError)


def test_a_line_that_is_too_long_does_not_take_the_next_one_with_it() -> None:
    long = b'{"id": "' + b"x" * (3 * MAX_LINE_BYTES) + b'"}'
    first, second = read_script_lines(stream(long, GOOD))
    assert isinstance(first, LineError)
    assert first.reason == "The line is longer than 1000000 bytes."
    assert not isinstance(second, LineError)


def test_a_line_of_exactly_the_limit_is_read() -> None:
    for ending in (b"\n", b"\r\n", b""):
        line = json.dumps(GOOD).encode()
        found = list(read_script_lines(io.BytesIO(line.ljust(MAX_LINE_BYTES) + ending)))
        assert len(found) == 1
        assert not isinstance(found[0], LineError)


def test_errors_stand_between_the_values_in_order() -> None:
    found = list(read_script_lines(stream(GOOD, b"{", b"", GOOD | {"id": 2}, b"", b" ")))
    described = [item.line if isinstance(item, LineError) else item[0] for item in found]
    assert described == ["a1", 2, 3, 2]


def test_reading_is_streaming() -> None:
    class Endless(io.RawIOBase):
        reads = 0

        def readline(self, _size: int | None = -1, /) -> bytes:
            self.reads += 1
            return json.dumps(GOOD).encode() + b"\n"

    source = Endless()
    items: Iterator[Any] = read_script_lines(source)  # type: ignore[arg-type]  # enough of a stream
    assert len(list(itertools.islice(items, 3))) == 3
    assert source.reads == 3


def test_windows_line_ends_and_a_byte_order_mark() -> None:
    text = b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r\n" + json.dumps(GOOD).encode()
    assert all(not isinstance(found, LineError) for found in read_script_lines(io.BytesIO(text)))


def test_requests() -> None:
    lines = stream({"id": 1, "prompt": "smile", "more": 1}, {"id": 2}, {"prompt": "x"})
    first, second, third = read_request_lines(lines)
    assert first == (1, "smile")
    assert isinstance(second, LineError)
    assert second.reason == "prompt is missing."
    assert isinstance(third, LineError)
    assert third.reason == "id is missing."


def test_what_script_writes_keyframes_reads() -> None:
    script = RuleStandardiser().standardise("angry -> calm, slowly")
    (found,) = read_script_lines(stream(script_line("x", script)))
    assert found == ("x", script)


def test_keyframes_have_all_names_and_six_decimals() -> None:
    pose = np.zeros(61, np.float32)
    pose[Channel.JawOpen], pose[Channel.HeadYaw] = 1 / 3, -1e-9
    line = keyframes_line(4, [pose, pose])
    assert line["id"] == 4
    assert len(line["keyframes"]) == 2
    values = line["keyframes"][0]["values"]
    assert tuple(values) == WIRE_NAMES
    assert values["JawOpen"] == 0.333333
    assert str(values["HeadYaw"]) == "0.0"
    json.dumps(line, allow_nan=False)


@pytest.mark.parametrize("pose", [np.full(61, np.nan, np.float32), np.zeros(60, np.float32)])
def test_a_pose_that_no_face_can_have_is_refused(pose: Any) -> None:
    with pytest.raises(DocumentError):
        keyframes_line(1, [pose])


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)), max_size=8)
)
def test_any_bytes_give_values_or_errors(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    numbers = [f.line for f in read_script_lines(io.BytesIO(data)) if isinstance(f, LineError)]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= data.count(b"\n") + 1 for number in numbers)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["id", "prompt", "background", "emotion", "beats", "beat"]),
    st.sampled_from(["original", "anatomical", "pose", "transition_s", "hold_s"]),
    _JSON,
)
def test_any_field_gives_a_script_or_a_document_error(field: str, inner: str, value: Any) -> None:
    record = with_beat(**{inner: value}) if field == "beat" else GOOD | {field: value}
    try:
        _, script = script_of(record)
    except DocumentError:
        return
    assert script.duration_s >= 0.05
