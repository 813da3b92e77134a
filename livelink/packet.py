"""Encode and decode the Live Link Face packet, version 6. Pure: bytes in, Frame out, and back.

Layout, everything big-endian, no padding (Unreal's AppleARKitLiveLinkSource; checked byte for
byte on real streams):

    u8 version = 6 | i32 n, n bytes device id | i32 m, m bytes subject name
    i32 frame | f32 subframe | i32 rate numerator | i32 rate denominator
    u8 count = 61 | 61 x f32 values

A packet that ends after the rate says 'no face'. Lengths are bytes, not characters.
"""

from __future__ import annotations

import functools
import math
import struct

import numpy as np

from livelink.channels import CHANNEL_COUNT, CHANNELS
from livelink.errors import PacketError, PacketFault, TimecodeError
from livelink.frame import DeviceId, Frame, Values
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
_SANE_TOP_BYTES = bytes((*range(0x41), *range(0x80, 0xC1)))
"""The first bytes of big-endian float32 numbers within +-8: sign and seven bits of exponent."""

_BELOW_ONE = 1.0 - 2.0**-24  # the largest float32 under 1


def encode(frame: Frame) -> bytes:
    """Return the datagram of a frame.

    Raises:
        PacketError: The names are too long for Unreal's buffer or hold lone surrogates, or a value
            lies beyond +-MAX_ABS_VALUE. Whatever is encoded can be decoded.
    """
    try:
        device, subject = frame.device_id.encode(), frame.subject.encode()
    except UnicodeEncodeError as exc:
        raise PacketError(
            f"a name cannot be written as UTF-8: {exc.reason}", None, PacketFault.NAME
        ) from exc
    data = b"".join(
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
    if frame.values is not None:
        payload = frame.values.astype(">f4").tobytes()
        _check_values(payload, len(data) + 1)
        data += _COUNT_BYTE + payload
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
            f"version {data[0]} is not {VERSION}; set the app's Capture Mode to ARKit",
            0,
            PacketFault.VERSION,
        )
    device, at = _read_name(data, 1, "device id")
    subject, at = _read_name(data, at, "subject name")
    if len(data) < at + _TIME.size:
        raise PacketError("the packet ends within the frame time", at, PacketFault.SHORT)
    number, subframe, numerator, denominator = _TIME.unpack_from(data, at)
    try:
        rate = _rate(numerator, denominator)
    except TimecodeError as exc:
        raise PacketError(f"{exc}{_rate_hint(denominator)}", at + 8, PacketFault.TIME) from exc
    time = FrameTime(number, _clamp_subframe(subframe, at + 4))
    at += _TIME.size
    values = None if len(data) == at else _read_values(data, at)
    return Frame(subject, DeviceId(device), time, rate, values)


def _read_name(data: bytes, at: int, what: str) -> tuple[str, int]:
    if len(data) < at + 4:
        raise PacketError(f"the packet ends before the {what}", at, PacketFault.SHORT)
    (size,) = _LENGTH.unpack_from(data, at)
    start = at + 4
    if not 0 <= size <= len(data) - start:
        raise PacketError(f"the {what} claims {size} bytes", at, PacketFault.NAME)
    try:
        return data[start : start + size].decode(), start + size
    except UnicodeDecodeError as exc:
        raise PacketError(f"the {what} is not UTF-8", start + exc.start, PacketFault.NAME) from exc


def _read_values(data: bytes, at: int) -> Values:
    if data[at] != CHANNEL_COUNT:
        raise PacketError(f"{data[at]} channels are not {CHANNEL_COUNT}", at, PacketFault.COUNT)
    if len(data) < at + 1 + _VALUES_BYTES:
        raise PacketError("the packet ends within the values", at + 1, PacketFault.SHORT)
    payload = data[at + 1 : at + 1 + _VALUES_BYTES]
    _check_values(payload, at + 1)
    return np.frombuffer(payload, ">f4").astype(np.float32)


def _check_values(payload: bytes, at: int) -> None:
    """Refuse big-endian float32 numbers that are NaN, infinite or beyond MAX_ABS_VALUE."""
    # Deleting the sane first bytes leaves nothing of a sane packet: 20 times faster than numpy.
    # 8.0 itself and everything beyond, infinity and NaN included, is left for the exact look.
    if payload[::4].translate(None, _SANE_TOP_BYTES):
        values = np.frombuffer(payload, ">f4")
        bad = ~(np.abs(values) <= MAX_ABS_VALUE)  # NaN is never <= anything
        if bad.any():
            first = int(bad.argmax())
            raise PacketError(
                f"{CHANNELS[first].name} is {values[first]:g}, "
                f"which is no number within +-{MAX_ABS_VALUE:g}",
                at + 4 * first,
                PacketFault.VALUE,
            )


@functools.lru_cache(maxsize=64)  # a handful of rates is all that ever arrives
def _rate(numerator: int, denominator: int) -> FrameRate:
    return FrameRate(numerator, denominator)


def _rate_hint(denominator: int) -> str:
    # PyLiveLinkFace writes int(fps / 60), which is 0 below 60 fps.
    return " (PyLiveLinkFace below 60 fps sends this)" if denominator == 0 else ""


def _clamp_subframe(subframe: float, at: int) -> float:
    """Clamp into [0, 1) as Unreal's FFrameTime constructor does; damage is refused."""
    if not math.isfinite(subframe) or abs(subframe) > 2.0:
        raise PacketError(f"the subframe is {subframe!r}", at, PacketFault.TIME)
    return min(max(subframe, 0.0), _BELOW_ONE)
