from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import LoadError
from bridge.loading import load_any, load_performance, load_script
from generator.performance import Performance, Source
from generator.script import Beat, Script
from livelink.channels import Channel, CsvConvention
from livelink.clip import Clip
from livelink.csvfile import write_clip
from livelink.errors import FileFormatError
from livelink.frame import DeviceId, Frame, as_values
from livelink.packet import encode
from livelink.recording import FileKind, PacketWriter, Recording
from livelink.timecode import FrameRate, FrameTime

SCRIPT = Script("smile", "", "joy", (Beat("smiles", "", 0.5, 0.5),))


def performance() -> Performance:
    return Performance.of(SCRIPT, [as_values(np.full(61, 0.25))], [Source("lexical")])


def packet(number: int) -> bytes:
    return encode(Frame("Ada", DeviceId("A"), FrameTime(number), FrameRate(60), np.zeros(61)))


def refusal(path: Path, load=load_any) -> str:
    with pytest.raises((LoadError, FileFormatError)) as caught:
        load(path)
    message = str(caught.value)
    assert str(path) in message
    return message


def refusal_or_none(path: Path, load) -> str | None:
    try:
        load(path)
    except (LoadError, FileFormatError) as exc:
        return str(exc)
    return None


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A name that says nothing about the content."""
    return tmp_path / "thing.bin"


def test_a_performance_is_known_by_its_content(odd: Path) -> None:
    odd.write_text("\ufeff \n" + performance().dumps(), encoding="utf-8")
    for load in (load_any, load_performance):
        loaded = load(odd)
        assert isinstance(loaded, Performance)
        assert loaded.dumps() == performance().dumps()


def test_a_csv_take_becomes_a_clip_by_the_convention_asked_for(odd: Path) -> None:
    values = np.zeros((90, 61), np.float32)
    values[:, Channel.MouthLeft] = 0.5
    write_clip(Clip(values, FrameRate(60)), odd)
    clip = load_any(odd)
    assert isinstance(clip, Clip)
    assert np.array_equal(clip.values, values)
    by_name = load_any(odd, convention=CsvConvention.BY_NAME)
    assert isinstance(by_name, Clip)
    assert by_name.values[0, Channel.MouthRight] == 0.5


def test_a_take_with_gaps_plays_in_its_own_time(odd: Path) -> None:
    values = np.zeros((120, 61), np.float32)
    values[:, Channel.JawOpen] = np.arange(120) / 120
    write_clip(Clip(values, FrameRate(60)), odd)
    lines = odd.read_text().splitlines(keepends=True)
    odd.write_text("".join(lines[:51] + lines[81:]))  # 30 frames are missing
    clip = load_any(odd)
    assert isinstance(clip, Clip)
    assert len(clip) == 120
    assert np.allclose(clip.values, values, atol=1e-3)


def test_a_packet_recording_is_kept_as_it_is(odd: Path) -> None:
    with PacketWriter(odd) as writer:
        writer.append(b"junk", 0.5)
        writer.append(packet(7), 1.0)
    recording = load_any(odd)
    assert isinstance(recording, Recording)
    assert recording.kind is FileKind.PACKETS
    assert [p.data for p in recording.packets] == [b"junk", packet(7)]


def test_a_recording_without_a_sound_packet_is_refused(odd: Path) -> None:
    with PacketWriter(odd) as writer:
        writer.append(b"junk", 0.5)
    assert "None of its 1 packets can be sent; the first: version 106" in refusal(odd)


def test_a_script_given_to_play_is_told_where_to_go(odd: Path) -> None:
    odd.write_text(SCRIPT.dumps())
    assert f"facewright perform --script {odd}" in refusal(odd)
    assert load_script(odd) == SCRIPT
    odd.write_text(json.dumps({"prompt": "x", "beats": []}))  # the corpus form
    assert "This is a script" in refusal(odd)


def test_a_performance_gives_its_script(odd: Path) -> None:
    odd.write_text(performance().dumps())
    assert load_script(odd) == SCRIPT


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "The file is empty"),
        (b" \n\t", "The file is empty"),
        (b"PK\x03\x04rest", "ZIP archive"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\0\0\0\x18ftypqt  ", "a video"),
        (b"\x00\xff\xfe\x00", "no text"),
        (b"Dear diary", "a text"),
        (b"[1, 2, 3]", "a text"),
        (b'{"a": 1', "not valid JSON"),
        (b'{"a": NaN}', "not valid JSON"),
        (b'{"a": 1}', "no document of ours"),
        (b'{"schema": "facewright.take/1"}', "not a Facewright performance"),
        (b'{"schema": "facewright.performance/99"}', "pip install -U facewright"),
        (b'{"schema": "facewright.performance/1"}', "required property"),
        (b'{"id": 1}\n{"id": 2}\n', "facewright keyframes"),
        (b"{" * 100_000, "JSON"),
        (b'{"a":' + b"[" * 200_000, "nested"),
    ],
)
def test_everything_else_is_refused_by_what_it_seems_to_be(
    odd: Path, content: bytes, what: str
) -> None:
    odd.write_bytes(content)
    assert what in refusal(odd)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "a ZIP archive, not a script"),
        (b'{"schema": "facewright.script/1"}', "required property"),
        (b'{"schema": "facewright.script/7"}', "Update Facewright"),
        (b'{"prompt": "smile"}', "not a Facewright script"),
    ],
)
def test_what_is_no_script_is_refused(odd: Path, content: bytes, what: str) -> None:
    odd.write_bytes(content)
    assert what in refusal(odd, load_script)


def test_a_damaged_csv_names_its_line(odd: Path) -> None:
    write_clip(Clip(np.zeros((90, 61), np.float32), FrameRate(60)), odd)
    odd.write_text(odd.read_text().replace("00:00:00:05.000", "xx", 1))
    assert f"{odd}:7" in refusal(odd)


def test_a_document_that_is_too_large_is_refused(
    odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.loading.MAX_DOCUMENT_BYTES", 64)
    odd.write_text(performance().dumps())
    assert "larger than" in refusal(odd)


@pytest.mark.parametrize("load", [load_any, load_performance, load_script])
def test_files_that_cannot_be_opened_are_said(tmp_path: Path, load) -> None:
    assert "no such file" in refusal(tmp_path / "gone.json", load)
    assert "a folder" in refusal(tmp_path, load)
    if sys.platform != "win32" and os.geteuid() != 0:
        (tmp_path / "mine").touch(mode=0)
        assert "cannot be read" in refusal(tmp_path / "mine", load)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.binary(max_size=200)
    | st.tuples(
        st.sampled_from([b"FWPACKET", b"\x1f\x8b", b"\x06\0\0\0", b"Timecode,", b'{"schema":']),
        st.binary(max_size=200),
    ).map(b"".join)
)
def test_any_bytes_give_a_value_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    for load in (load_any, load_script):
        message = refusal_or_none(path, load)
        assert message is None or str(path) in message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_a_performance_with_anything_in_it_gives_a_value_or_a_sentence(
    tmp_path: Path, data: st.DataObject
) -> None:
    document = performance().to_json()
    place: dict | list = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        odd_values = [None, True, -1, 1e300, 10**400, math.pi, "x", [], {}, [[]], {"a": 1}]
        place[key] = data.draw(st.sampled_from(odd_values))
        break
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(document))
    message = refusal_or_none(path, load_any)
    assert message is None or str(path) in message
