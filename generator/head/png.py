"""A PNG writer and reader for 8-bit RGB pictures. Pure standard library and numpy.

Enough for thumbnails, reports, contact sheets and the tests' stored pictures; nothing else.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Pixels, shape (height, width, 3), sRGB."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_PIXELS = 64_000_000


def encode_png(image: Image) -> bytes:
    """Return the PNG file of a picture.

    Args:
        image: (h, w, 3) uint8.

    Raises:
        ValueError: Another shape or type.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise ValueError(f"a picture is (h, w, 3) uint8, not {image.shape} {image.dtype}")
    height, width, _ = image.shape
    rows = image.reshape(height, width * 3)
    filtered = np.empty((height, width * 3 + 1), dtype=np.uint8)
    filtered[:, 0] = 2  # filter 'up': smooth pictures shrink by it
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(filtered.tobytes(), 9)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def write_png(path: Path | str, image: Image) -> None:
    """Write a picture to a PNG file.

    Raises:
        ValueError: Not an (h, w, 3) uint8 array.
        OSError: The file cannot be written.
    """
    Path(path).write_bytes(encode_png(image))


def read_png(path: Path | str) -> Image:
    """Return the picture in a file that `write_png` made.

    Raises:
        ValueError: Not such a file.
        OSError: The file cannot be read.
    """
    data = Path(path).read_bytes()
    if data[:8] != _SIGNATURE or data[12:16] != b"IHDR" or len(data) < 45:
        raise ValueError(f"{path} is not a PNG file")
    width, height, depth, kind, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    if (depth, kind, interlace) != (8, 2, 0) or not 0 < width * height <= _MAX_PIXELS:
        raise ValueError(f"{path} is a PNG of a kind that is not read here")
    start = data.find(b"IDAT", 29)
    (length,) = struct.unpack(">I", data[start - 4 : start])
    size = height * (width * 3 + 1)
    try:
        raw = zlib.decompressobj().decompress(data[start + 4 : start + 4 + length], size)
    except zlib.error as exc:
        raise ValueError(f"{path} is damaged: {exc}") from exc
    if len(raw) != size:
        raise ValueError(f"{path} is damaged: {len(raw)} of {size} bytes")
    filtered = np.frombuffer(raw, dtype=np.uint8).reshape(height, width * 3 + 1)
    if (filtered[:, 0] != 2).any():
        raise ValueError(f"{path} was not written by write_png")
    rows = np.cumsum(filtered[:, 1:], axis=0, dtype=np.uint8)
    return rows.reshape(height, width, 3)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
