from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from generator.errors import DocumentError
from generator.motion import statistics
from generator.motion.statistics import distance, distil, quantiles_of, real_motion, stretches_of
from livelink.channels import CHANNEL_COUNT, Channel, Region
from livelink.frame import DeviceId, Frame
from livelink.packet import encode
from livelink.timecode import FrameRate, FrameTime


def _walk(seed, count=400):
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.normal(0.0, 0.01, (count, CHANNEL_COUNT)), axis=0)


def test_speed_and_jerk_are_per_second():
    ramp = np.zeros((30, CHANNEL_COUNT))
    ramp[:, Channel.JawOpen] = np.arange(30) / 60.0
    jaw = quantiles_of([ramp], 60.0)[Region.JAW]
    assert jaw["speed"].max() == pytest.approx(1.0)
    assert np.abs(jaw["jerk"]).max() < 1e-6
    cubic = np.zeros((30, CHANNEL_COUNT))
    cubic[:, Channel.TongueOut] = (np.arange(30) / 60.0) ** 3
    assert quantiles_of([cubic], 60.0)[Region.TONGUE]["jerk"] == pytest.approx(6.0)


def test_the_distance_is_the_wasserstein_distance():
    first, second = _walk(1), 3.0 * _walk(2)
    ours = distance(*(quantiles_of([v], 60.0)[Region.MOUTH]["speed"] for v in (first, second)))
    mouth = [c for c in Channel if c.name.startswith("Mouth")]
    theirs = wasserstein_distance(
        *(np.abs(np.diff(v[:, mouth], axis=0)).ravel() * 60.0 for v in (first, second))
    )
    assert ours == pytest.approx(theirs, rel=0.02)


def test_gaps_are_not_taken_for_motion(tmp_path):
    path = tmp_path / "take.gesichter"
    _write(path, [0, 1, 2, 3, 10, 11, 12, 13, 14])
    assert [len(stretch) for stretch in stretches_of(path)] == [4, 5]


def test_distilling_writes_what_real_motion_reads(tmp_path, monkeypatch):
    _write(tmp_path / "take.gesichter", list(range(20)))
    (tmp_path / "motion").mkdir()
    target = tmp_path / "motion" / "real_motion.json"
    distil(tmp_path / "take.gesichter", target)
    monkeypatch.setattr(statistics, "asset", tmp_path.joinpath)
    found = real_motion()
    assert found[Region.JAW]["speed"].max() == pytest.approx(0.6, rel=1e-3)
    target.write_text(json.dumps({"schema": "facewright.motion/9"}))
    with pytest.raises(DocumentError):
        real_motion()


def test_the_shipped_numbers_are_whole_and_say_where_they_are_from():
    found = real_motion()
    assert set(found) == set(Region)
    for measures in found.values():
        for quantiles in measures.values():
            assert quantiles.shape == (200,)
            assert (np.diff(quantiles) >= 0.0).all()
    document = json.loads(statistics.asset("motion", "real_motion.json").read_text())
    assert "dao.gesichter" in document["source"]
    assert "BSD" in document["licence"]


def _write(path, numbers):
    import gzip
    import struct

    packets = []
    for number in numbers:
        values = np.zeros(CHANNEL_COUNT, np.float32)
        values[Channel.JawOpen] = 0.01 * number
        frame = Frame("x", DeviceId("D" * 36), FrameTime(1000 + number), FrameRate(60), values)
        packets.append(encode(frame))
    content = struct.pack(">BI", 6, len(packets)) + b"".join(
        struct.pack(">I", len(data)) + data for data in packets
    )
    path.write_bytes(gzip.compress(content))
