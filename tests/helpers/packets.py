"""Packets and CSV texts built by hand, without the code under test, and where real data lies."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from livelink.channels import CSV_NAMES
from livelink.frame import DeviceId, Frame
from livelink.timecode import FrameRate, FrameTime

DEVICE = "0F0E0D0C-0B0A-0908-0706-050403020100"
PEER = ("192.0.2.7", 50_000)
REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
"""Real recordings; only there while the project is developed."""


def ramp() -> list[float]:
    """61 different values that float32 holds exactly: 0/64 ... 60/64."""
    return [index / 64 for index in range(61)]


def packet(
    *,
    device: bytes = DEVICE.encode(),
    subject: bytes = b"Facewright",
    frame: int = 1_000,
    subframe: float = 0.25,
    rate: tuple[int, int] = (60, 1),
    values: Sequence[float] | None = None,
    face: bool = True,
    version: int = 6,
    count: int = 61,
) -> bytes:
    """A packet by the wire table of livelink/README.md."""
    data = struct.pack("!Bi", version, len(device)) + device
    data += struct.pack("!i", len(subject)) + subject
    data += struct.pack("!ifii", frame, subframe, *rate)
    if not face:
        return data
    values = ramp() if values is None else values
    return data + struct.pack(f"!B{len(values)}f", count, *values)


def frame(**changes: object) -> Frame:
    """The frame of `packet()`, changed."""
    fields: dict[str, object] = {
        "subject": "Facewright",
        "device_id": DeviceId(DEVICE),
        "time": FrameTime(1_000, 0.25),
        "rate": FrameRate(60),
        "values": np.array(ramp(), np.float32),
    }
    return Frame(**{**fields, **changes})  # type: ignore[arg-type]


def csv_text(
    timecodes: Sequence[str],
    names: Sequence[str] = CSV_NAMES,
    values: Sequence[float] | None = None,
    *,
    count_name: str = "BlendshapeCount",
    end: str = "\n",
) -> str:
    """A take as the app writes it, the same values in each row."""
    values = ramp() if values is None else values
    rows = [f"Timecode,{count_name}," + ",".join(names)]
    cells = ",".join(f"{value:.10f}" for value in values)
    rows += [f"{timecode},61,{cells}" for timecode in timecodes]
    return end.join(rows) + end


def timecodes(count: int, *, base: int = 60, step: float = 1.0, start: float = 0.0) -> list[str]:
    """`count` timecodes from `start` frames after midnight, `step` frames apart, in base `base`."""
    texts = []
    for index in range(count):
        thousandths = round((start + index * step) * 1000) % (86_400 * base * 1000)
        second, frame = divmod(thousandths, base * 1000)
        hour, minute = second // 3600, second // 60 % 60
        texts.append(f"{hour:02}:{minute:02}:{second % 60:02}:{frame // 1000:02}.{frame % 1000:03}")
    return texts
