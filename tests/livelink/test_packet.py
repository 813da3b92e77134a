"""The codec both ways from golden bytes of our own making, and beside pylivelinkface."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livelink.errors import PacketError, PacketFault
from livelink.frame import DeviceId, Frame
from livelink.opinions import Judgement, check_packet
from livelink.packet import MAX_ABS_VALUE, MAX_PACKET_BYTES, decode, encode
from livelink.recording import read_packets
from livelink.timecode import FrameRate, FrameTime
from tests.helpers.packets import DEVICE, REAL, frame, packet

# Written by hand, field by field, from the wire table: id "id", subject "Zoe" with a diaeresis,
# frame 5375735, subframe 0.125, 60/1, then 61 times 0.5.
GOLDEN_HEAD = bytes.fromhex(
    "06 00000002 6964 00000004 5a6fc3ab 005206f7 3e000000 0000003c 00000001"
)
GOLDEN_FACE = GOLDEN_HEAD + bytes.fromhex("3d" + "3f000000" * 61)


def golden(*, face: bool) -> Frame:
    values = [0.5] * 61 if face else None
    return frame(subject="Zoë", device_id="id", time=FrameTime(5_375_735, 0.125), values=values)


@pytest.mark.parametrize(("data", "face"), [(GOLDEN_FACE, True), (GOLDEN_HEAD, False)])
def test_golden_both_ways(data: bytes, face: bool) -> None:
    assert decode(data) == golden(face=face)
    assert encode(golden(face=face)) == data


NAMES = st.text(max_size=60)
TIMES = st.builds(
    FrameTime, st.integers(-(2**31), 2**31 - 1), st.floats(0.0, 1.0, exclude_max=True)
)
FRAME_RATES = st.builds(FrameRate, st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1))
VALUES = st.none() | st.lists(
    st.floats(-MAX_ABS_VALUE, MAX_ABS_VALUE, width=32), min_size=61, max_size=61
)


@settings(deadline=None, max_examples=200)
@given(st.builds(Frame, NAMES, NAMES.map(DeviceId), TIMES, FRAME_RATES, VALUES))
def test_what_is_encoded_decodes_to_itself(made: Frame) -> None:
    data = encode(made)
    assert decode(data) == made
    names = len(made.device_id.encode()) + len(made.subject.encode())
    assert len(data) == (270 if made.has_face else 25) + names


@pytest.mark.parametrize("length", [0, 1, 35, 36, 37, 500])
@pytest.mark.parametrize("subject", ["", "Zoë", "ズーイ"])
def test_names_of_any_length_in_bytes(length: int, subject: str) -> None:
    made = frame(subject=subject, device_id="é" * (length // 2) + "x" * (length % 2))
    data = encode(made)
    assert len(data) == 270 + length + len(subject.encode())
    assert decode(data) == made


def test_bytes_behind_the_values_are_ignored() -> None:
    assert decode(packet() + b"more") == frame()


def test_the_longest_packet_is_unreals_buffer() -> None:
    most = MAX_PACKET_BYTES - 270 - 36
    assert len(encode(frame(subject="x" * most))) == MAX_PACKET_BYTES
    with pytest.raises(PacketError, match="1286"):
        encode(frame(subject="x" * (most + 1)))
    with pytest.raises(PacketError, match="1287"):
        decode(packet(subject=b"x" * (most + 1)))


def test_a_lone_surrogate_cannot_be_sent() -> None:
    with pytest.raises(PacketError, match="UTF-8"):
        encode(frame(subject="\ud800"))


@pytest.mark.parametrize("value", [8.01, -9.0, 1e30])
def test_neither_way_carries_a_value_that_is_no_face(value: float) -> None:
    values = [0.0] * 60 + [value]
    with pytest.raises(PacketError) as encoded:
        encode(frame(values=values))
    with pytest.raises(PacketError) as decoded:
        decode(packet(values=values))
    assert str(encoded.value) == str(decoded.value)
    assert "RightEyeRoll" in str(decoded.value)
    assert decoded.value.offset == 26 + 36 + 10 + 4 * 60


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_are_refused(value: float) -> None:
    with pytest.raises(PacketError) as caught:
        decode(packet(values=[value] * 61))
    assert caught.value.fault is PacketFault.VALUE


@pytest.mark.parametrize("value", [8.0, -8.0, 1.053, -0.0, 1e-40])
def test_values_within_the_limit_are_kept_exactly(value: float) -> None:
    values = decode(packet(values=[value] * 61)).values
    assert values is not None
    assert np.array_equal(values, np.full(61, value, np.float32))


@pytest.mark.parametrize(
    ("data", "fault", "words"),
    [
        (b"", PacketFault.SIZE, "empty"),
        (packet(version=5), PacketFault.VERSION, "Capture Mode"),
        (packet()[:3], PacketFault.SHORT, "device id"),
        (packet()[:43], PacketFault.SHORT, "subject"),
        (b"\x06" + struct.pack("!i", -1) + bytes(300), PacketFault.NAME, "-1 bytes"),
        (b"\x06" + struct.pack("!i", 400) + bytes(300), PacketFault.NAME, "400 bytes"),
        (packet(subject=b"\xff\xfe"), PacketFault.NAME, "UTF-8"),
        (packet(face=False)[:-1], PacketFault.SHORT, "frame time"),
        (packet(rate=(30, 0)), PacketFault.TIME, "PyLiveLinkFace"),
        (packet(rate=(0, 1)), PacketFault.TIME, "numerator"),
        (packet(rate=(-60, -1)), PacketFault.TIME, "numerator"),
        (packet(subframe=math.nan), PacketFault.TIME, "subframe"),
        (packet(subframe=2.5), PacketFault.TIME, "subframe"),
        (packet(count=52), PacketFault.COUNT, "52"),
        (packet()[:-1], PacketFault.SHORT, "values"),
        (packet(face=False) + b"\x3d", PacketFault.SHORT, "values"),
    ],
)
def test_damage_is_named(data: bytes, fault: PacketFault, words: str) -> None:
    with pytest.raises(PacketError, match=words) as caught:
        decode(data)
    assert caught.value.fault is fault


@pytest.mark.parametrize(("sent", "kept"), [(-0.5, 0.0), (1.0, 1.0 - 2**-24), (1.5, 1.0 - 2**-24)])
def test_a_subframe_out_of_range_is_clamped_as_unreal_does(sent: float, kept: float) -> None:
    assert decode(packet(subframe=sent)).time.subframe == kept


@pytest.mark.parametrize("rate", [FrameRate(30), FrameRate(60), FrameRate(60_000, 1001)])
@pytest.mark.parametrize("subject", ["Facewright", "Zoë", ""])
@pytest.mark.parametrize("face", [True, False])
def test_pylivelinkface_reads_the_same(rate: FrameRate, subject: str, face: bool) -> None:
    rng = np.random.default_rng(7)
    values = rng.uniform(-1.0, 1.0, 61) if face else None
    made = frame(subject=subject, rate=rate, values=values, device_id=DEVICE)
    assert check_packet(encode(made)).judgement is Judgement.AGREES


@pytest.mark.skipif(not (REAL / "dao.gesichter").exists(), reason="no real recording here")
def test_a_real_stream_decodes_whole_and_encodes_byte_for_byte() -> None:
    recorded = read_packets(REAL / "dao.gesichter")
    assert len(recorded) == 180
    frames = [decode(item.data) for item in recorded]
    assert [encode(made) for made in frames] == [item.data for item in recorded]
    assert frames[0].time == FrameTime(5_375_735, frames[0].time.subframe)
    assert frames[0].time.subframe == pytest.approx(0.121925, abs=1e-6)
    assert {made.subject for made in frames} == {"LLV Default Device"}
    assert all(made.has_face and made.rate == FrameRate(60) for made in frames)
