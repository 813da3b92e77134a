"""Message forms, sizes and errors of the worker protocol."""

from __future__ import annotations

import contextlib
import itertools
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import errors
from generator.errors import (
    CancelledError,
    DamagedModelError,
    GeneratorError,
    PromptError,
    UnknownModelError,
    WorkerDiedError,
    WorkerError,
)
from generator.protocol import (
    EVENT_FIELDS,
    FIELDS,
    MAX_LINE_BYTES,
    VERSION,
    Event,
    EventKind,
    LineSplitter,
    Op,
    ProtocolError,
    Request,
    UnsupportedError,
    check_version,
    decode_event,
    decode_request,
    encode,
    error_fields,
    exception_of,
    pack_values,
    unpack_values,
)
from livelink.channels import WIRE_NAMES

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_every_op_and_event_has_its_fields() -> None:
    assert set(FIELDS) == set(Op)
    assert set(EVENT_FIELDS) == set(EventKind)


def test_request_survives_both_ways_with_defaults_filled_in() -> None:
    sent = Request("r1", Op.KEYFRAMES, {"script": {"prompt": "Zoë \ud800 \n 笑"}, "seed": 3})
    line = encode(sent)
    assert line.count(b"\n") == 1
    assert line.isascii()
    got = decode_request(line)
    assert (got.id, got.op) == ("r1", Op.KEYFRAMES)
    assert got.fields == {
        "script": {"prompt": "Zoë \ud800 \n 笑"},
        "model": "auto",
        "indices": None,
        "text": "auto",
        "seed": 3,
    }


def test_wire_form_is_the_published_one() -> None:
    assert json.loads(encode(Request("a", Op.HELLO, {"version": VERSION}))) == {
        "id": "a",
        "op": "hello",
        "version": 1,
    }
    assert json.loads(encode(Event("a", EventKind.PROGRESS, {"done": 1}))) == {
        "id": "a",
        "event": "progress",
        "done": 1,
    }


def test_fields_cannot_take_the_place_of_id_and_op() -> None:
    line = encode(Request("mine", Op.CANCEL, {"id": "other", "op": "shutdown", "target": "x"}))
    got = decode_request(line)
    assert (got.id, got.op) == ("mine", Op.CANCEL)


@pytest.mark.parametrize(
    ("line", "identity", "says"),
    [
        (b"not json", None, "not JSON"),
        (b"\xff\xfe", None, "not JSON"),
        (b"[]", None, "not an object"),
        (b"[" * 100_000, None, "nested too deeply"),
        (b'{"op": "hello", "version": 1}', None, "needs an id"),
        (b'{"id": "", "op": "shutdown"}', None, "needs an id"),
        (b'{"id": 7, "op": "shutdown"}', None, "needs an id"),
        (b'{"id": "%s", "op": "shutdown"}' % (b"x" * 65), None, "needs an id"),
        (b'{"id": "a", "op": "dance"}', "a", "no op 'dance'"),
        (b'{"id": "a", "op": ["hello"]}', "a", "no op"),
        (b'{"id": "a"}', "a", "no op None"),
        (b'{"id": "a", "op": "hello"}', "a", "needs the field 'version'"),
        (b'{"id": "a", "op": "hello", "version": true}', "a", "must be int"),
        (b'{"id": "a", "op": "standardise", "prompt": null}', "a", "must be str"),
        (b'{"id": "a", "op": "standardise", "prompt": "", "sede": 1}', "a", "no field 'sede'"),
        (b'{"id": "a", "op": "evaluate", "share": NaN}', None, "NaN"),
        (b'{"id": "a", "op": "evaluate", "share": 1e999}', "a", "must be"),
        (b'{"id": "a", "op": "keyframes", "script": {}, "indices": 3}', "a", "list or null"),
    ],
)
def test_requests_out_of_form_are_refused(line: bytes, identity: str | None, says: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode_request(line)
    assert caught.value.request_id == identity
    assert says in str(caught.value)
    assert len(str(caught.value)) < 500


def test_hello_of_a_later_version_may_hold_more() -> None:
    line = b'{"id": "a", "op": "hello", "version": 2, "token": "x"}'
    assert decode_request(line).fields == {"version": 2}


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": 3, "event": "result"}',
        b'{"id": "a", "event": "applause"}',
        b'{"id": "a", "event": "progress", "done": 1, "total": 2}',
        b'{"id": "a", "event": "progress", "done": 1.5, "total": 2, "eta_s": null}',
        b'{"id": "a", "event": "keyframe", "index": 0, "values": [], "source": {}}',
        b'{"id": "a", "event": "error", "kind": "X", "message": "m", "hint": "", "retryable": 1}',
    ],
)
def test_events_out_of_form_are_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_event(line)


@given(data=st.binary(max_size=60) | _JSON.map(lambda value: json.dumps(value).encode()))
@settings(deadline=None, max_examples=150)
def test_whatever_comes_only_protocol_errors_leave(data: bytes) -> None:
    for decode, message in ((decode_request, Request), (decode_event, Event)):
        with contextlib.suppress(ProtocolError):
            assert isinstance(decode(data), message)


@given(
    op=st.sampled_from(Op),
    fields=st.dictionaries(
        st.sampled_from(sorted({name for names in FIELDS.values() for name in names})), _JSON
    ),
)
@settings(deadline=None, max_examples=150)
def test_requests_with_any_fields_decode_or_are_refused_with_their_id(
    op: Op, fields: dict[str, Any]
) -> None:
    line = json.dumps({**fields, "id": "q", "op": op}).encode()
    try:
        got = decode_request(line)
    except ProtocolError as exc:
        identity, words = exc.request_id, str(exc)
        assert identity == "q" or "not JSON" in words
    else:
        assert set(got.fields) == set(FIELDS[op])


def test_what_json_cannot_hold_is_refused_before_it_is_sent() -> None:
    for value in (float("nan"), float("inf"), object(), b"bytes"):
        with pytest.raises(ProtocolError) as caught:
            encode(Event("a", EventKind.METRICS, {"step": 1, "loss": value}))
        assert caught.value.request_id == "a"


def test_scalars_of_numpy_travel_as_numbers_and_arrays_do_not() -> None:
    fields = {"step": np.int64(3), "loss": np.float32(0.5), "done": np.True_}
    got = decode_event(encode(Event("a", EventKind.METRICS, fields)))
    assert got.fields == {"step": 3, "loss": 0.5, "done": True}
    for value in (np.zeros(2), np.float32("nan"), np.longdouble(1)):
        with pytest.raises(ProtocolError):
            encode(Event("a", EventKind.METRICS, {"step": value}))


def test_longest_line_passes_and_one_byte_more_does_not() -> None:
    room = MAX_LINE_BYTES - len(encode(Request("a", Op.STANDARDISE, {"prompt": ""}))) + 1
    line = encode(Request("a", Op.STANDARDISE, {"prompt": "x" * room}))
    assert len(line) == MAX_LINE_BYTES + 1
    assert len(decode_request(line[:-1]).fields["prompt"]) == room
    with pytest.raises(ProtocolError, match="longer than"):
        encode(Request("a", Op.STANDARDISE, {"prompt": "x" * (room + 1)}))
    with pytest.raises(ProtocolError, match="longer than"):
        decode_request(line[:-1] + b" ")


@given(
    lines=st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"."))),
    cuts=st.lists(st.integers(0, 200), max_size=8),
)
@settings(deadline=None, max_examples=150)
def test_lines_do_not_depend_on_how_the_bytes_arrive(lines: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    splitter = LineSplitter(limit=8)
    got = [
        line
        for start, end in itertools.pairwise(edges)
        for line in splitter.feed(stream[start:end])
    ]
    assert got == [None if len(x) > 8 else x for x in lines if x.strip() or len(x) > 8]


def test_a_long_line_is_skipped_without_being_kept() -> None:
    splitter = LineSplitter(limit=100)
    for _ in range(1000):
        assert list(splitter.feed(b"x" * 90)) == []
    assert sum(map(len, splitter._parts)) <= 100
    assert list(splitter.feed(b"end\nnext\n")) == [None, b"next"]


@pytest.mark.parametrize("version", [0, -1, VERSION + 1, 10**30])
def test_other_versions_are_refused_with_what_to_do(version: int) -> None:
    check_version(VERSION, "worker")
    with pytest.raises(ProtocolError, match="version") as caught:
        check_version(version, "worker")
    assert "install it again" in caught.value.hint


@given(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=61, max_size=61)
)
@settings(deadline=None, max_examples=60)
def test_values_survive_to_the_same_float32(values: list[float]) -> None:
    array = np.array(values, np.float32)
    named = json.loads(json.dumps(pack_values(array.tolist())))
    assert tuple(named) == WIRE_NAMES
    assert np.array_equal(np.array(unpack_values(named), np.float32), array)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 1e39, -(10**400), "0.5", True, None, [0.5]]
)
def test_values_no_face_can_have_are_refused(value: object) -> None:
    named: dict[str, object] = {**pack_values([0.0] * 61), "JawOpen": value}
    with pytest.raises(ProtocolError, match="JawOpen"):
        unpack_values(named)


def test_incomplete_and_unknown_channels() -> None:
    with pytest.raises(ProtocolError, match="EyeBlinkLeft is missing"):
        unpack_values({"JawOpen": 0.5})
    assert sum(unpack_values({"JawOpen": 0.5}, complete=False)) == 0.5
    with pytest.raises(ProtocolError, match="no channel 'jawOpen'"):
        unpack_values({"jawOpen": 0.5}, complete=False)


_OURS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, GeneratorError)
]


@pytest.mark.parametrize("kind", [*_OURS, ProtocolError, UnsupportedError])
def test_our_errors_arrive_as_themselves(kind: type[GeneratorError]) -> None:
    sent = Event("a", EventKind.ERROR, error_fields(kind("What happened.", "What to do.")))
    got = exception_of(decode_event(encode(sent)).fields)
    assert type(got) is kind
    assert (got.message, got.hint) == ("What happened.", "What to do.")


def test_a_subclass_arrives_as_the_nearest_known_class() -> None:
    class OddModelError(DamagedModelError):
        """Made by a model's own module."""

    assert type(exception_of(error_fields(OddModelError("m")))) is DamagedModelError


def test_kind_and_retryable_are_kept() -> None:
    got = exception_of(error_fields(WorkerError("m", kind="Busy", retryable=True)))
    assert isinstance(got, WorkerError)
    assert (got.kind, got.retryable) == ("Busy", True)


def test_strange_errors_become_worker_errors_with_their_kind() -> None:
    got = exception_of(error_fields(ZeroDivisionError("division by zero")))
    assert type(got) is WorkerError
    assert got.kind == "ZeroDivisionError"
    assert "division by zero" in got.message
    assert "fault" in got.hint
    disk = exception_of(error_fields(OSError(28, "No space left on device", "/x/w.bin")))
    assert disk.message == "The worker could not go on: /x/w.bin: No space left on device."
    assert "fault" not in disk.hint
    memory = error_fields(MemoryError())
    assert memory["kind"] == "ModelError"
    assert "memory" in memory["message"]
    hostile = {"kind": "__import__", "message": "m", "hint": "", "retryable": False}
    assert type(exception_of(hostile)) is WorkerError


def test_messages_of_errors_are_bounded() -> None:
    fields = error_fields(PromptError("x" * 100_000, "y" * 100_000))
    assert len(encode(Event("a", EventKind.ERROR, fields))) < 10_000


def test_classes_that_the_client_promises_are_mapped() -> None:
    for kind in (WorkerDiedError, CancelledError, DamagedModelError, UnknownModelError):
        assert type(exception_of(error_fields(kind("m", "h")))) is kind
