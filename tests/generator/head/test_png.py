"""PNG files are read back as written, and damaged ones are refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.head.png import encode_png, read_png, write_png


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, w: int, h: int, seed: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)
    path = tmp_path_factory.getbasetemp() / "image.png"
    write_png(path, image)
    assert np.array_equal(read_png(path), image)


def test_chunks_and_checksums_are_those_of_the_standard() -> None:
    data = encode_png(np.zeros((3, 5, 3), dtype=np.uint8))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds = 8, []
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + body)
        kinds.append(kind)
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)]
)
def test_refuses_what_is_not_a_picture(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="picture"):
        encode_png(bad)


@pytest.mark.parametrize("cut", [0, 8, 20, 40, 60])
def test_refuses_damaged_files(tmp_path: Path, cut: int) -> None:
    image = np.random.default_rng(1).integers(0, 256, (9, 9, 3), dtype=np.uint8)
    path = tmp_path / "cut.png"
    path.write_bytes(encode_png(image)[:cut])
    with pytest.raises(ValueError, match=r"cut\.png"):
        read_png(path)
