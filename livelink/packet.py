"""Encode and decode the Live Link Face packet, version 6. Pure: bytes in, Frame out, and back.

Layout, everything big-endian, no padding (Unreal's AppleARKitLiveLinkSource; checked byte for
byte on real streams):

    u8 version = 6 | i32 n, n bytes device id | i32 m, m bytes subject name
    i32 frame | f32 subframe | i32 rate numerator | i32 rate denominator
    u8 count = 61 | 61 x f32 values

A packet that ends after the rate says 'no face'. Lengths are bytes, not characters.
"""

from __future__ import annotations

import math
import struct

import numpy as np

from livelink.channels import CHANNEL_COUNT
from livelink.errors import FrameError, PacketError, TimecodeError
from livelink.frame import DeviceId, Frame
from livelink.timecode import FrameRate, FrameTime

VERSION = 6
DEFAULT_PORT = 11111
"""Where Unreal listens and the phone sends."""

MAX_PACKET_BYTES = 1286
"""Unreal's receive buffer: longer datagrams never reach it."""

MAX_ABS_VALUE = 8.0
"""Beyond this a value is damage, not a face: shapes stay near 0-1 and rotations within pi."""

_VERSION_BYTE = bytes([VERSION])
_COUNT_BYTE = bytes([CHANNEL_COUNT])
_LENGTH = struct.Struct("!i")
_TIME = struct.Struct("!ifii")
_VALUES_BYTES = 4 * CHANNEL_COUNT


def encode(frame: Frame) -> bytes:
    """Return the datagram of a frame.

    Raises:
        PacketError: The names are too long for Unreal's buffer or hold lone surrogates.
    """
    try:
        device, subject = frame.device_id.encode(), frame.subject.encode()
    except UnicodeEncodeError as exc:
        raise PacketError(f"a name cannot be written as UTF-8: {exc.reason}") from exc
    head = b"".join(
        (
            _VERSION_BYTE,
            _LENGTH.pack(len(device)),
            device,
            _LENGTH.pack(len(subject)),
            subject,
            _TIME.pack(
                frame.time.frame,
                frame.time.subframe,
                frame.rate.numerator,
                frame.rate.denominator,
            ),
        )
    )
    data = head
    if frame.values is not None:
        data += _COUNT_BYTE + frame.values.astype(">f4").tobytes()
    if len(data) > MAX_PACKET_BYTES:
        raise PacketError(
            f"subject and device id take {len(device) + len(subject)} bytes; "
            f"the packet would exceed Unreal's {MAX_PACKET_BYTES}"
        )
    return data


def decode(data: bytes) -> Frame:
    """Return the frame of a datagram; bytes behind the values are ignored, as Unreal does.

    Raises:
        PacketError: Anything but a whole version 6 packet with finite, sane values.
    """
    if len(data) > MAX_PACKET_BYTES:
        raise PacketError(f"{len(data)} bytes are more than Unreal's {MAX_PACKET_BYTES}")
    if not data:
        raise PacketError("the packet is empty")
    if data[0] != VERSION:
        raise PacketError(
            f"version {data[0]} is not {VERSION}; set the app's Capture Mode to ARKit", 0
        )
    device, at = _read_name(data, 1, "device id")
    subject, at = _read_name(data, at, "subject name")
    if len(data) < at + _TIME.size:
        raise PacketError("the packet ends within the frame time", at)
    number, subframe, numerator, denominator = _TIME.unpack_from(data, at)
    try:
        time = FrameTime(number, _clamp_subframe(subframe, at + 4))
        rate = FrameRate(numerator, denominator)
    except TimecodeError as exc:
        raise PacketError(str(exc), at) from exc
    at += _TIME.size
    if len(data) == at:
        return Frame(subject, DeviceId(device), time, rate, None)
    if data[at] != CHANNEL_COUNT:
        raise PacketError(f"{data[at]} channels are not {CHANNEL_COUNT}", at)
    if len(data) < at + 1 + _VALUES_BYTES:
        raise PacketError("the packet ends within the values", at + 1)
    values = np.frombuffer(data, ">f4", CHANNEL_COUNT, at + 1)
    # One comparison refuses damage, infinity and NaN alike: NaN is never <= anything.
    if not (np.abs(values) <= MAX_ABS_VALUE).all():
        raise PacketError(f"a value is not a number within +-{MAX_ABS_VALUE:g}", at + 1)
    try:
        return Frame(subject, DeviceId(device), time, rate, values.astype(np.float32))
    except FrameError as exc:  # pragma: no cover - the check above is stricter
        raise PacketError(str(exc), at + 1) from exc


def _read_name(data: bytes, at: int, what: str) -> tuple[str, int]:
    if len(data) < at + 4:
        raise PacketError(f"the packet ends before the {what}", at)
    (size,) = _LENGTH.unpack_from(data, at)
    start = at + 4
    if not 0 <= size <= len(data) - start:
        raise PacketError(f"the {what} claims {size} bytes", at)
    try:
        return data[start : start + size].decode(), start + size
    except UnicodeDecodeError as exc:
        raise PacketError(f"the {what} is not UTF-8", start + exc.start) from exc


def _clamp_subframe(subframe: float, at: int) -> float:
    """Clamp into [0, 1) as Unreal's FFrameTime constructor does; damage is refused."""
    if not math.isfinite(subframe) or abs(subframe) > 2.0:
        raise PacketError(f"the subframe is {subframe!r}", at)
    return min(max(subframe, 0.0), 1.0 - 2.0**-24)
