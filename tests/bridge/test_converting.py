from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridge.converting import clip_of, write_csv
from bridge.errors import LoadError, WouldOverwriteError
from generator.performance import Performance
from livelink.channels import CsvConvention
from livelink.clip import Clip
from livelink.frame import Frame
from livelink.packet import encode
from livelink.recording import FileKind, RecordedPacket, Recording
from livelink.timecode import FrameRate
from tests.helpers.commands import frame_of

HERE = Path("take.packets")


def _recording(*frames: Frame) -> Recording:
    packets = tuple(RecordedPacket(None, encode(frame)) for frame in frames)
    return Recording(FileKind.PACKETS, packets, None, ())


def test_a_recording_keeps_its_own_times_and_fills_its_gaps() -> None:
    frames = [frame_of(index) for index in (10, 11, 14, 13)]
    clip, notes = clip_of(_recording(*frames), HERE)
    assert len(clip) == 5
    assert clip.start.frame == 10
    assert clip.metadata["subject"] == "Ann"
    np.testing.assert_allclose(clip.values[4], frames[2].values, atol=1e-6)
    between = (np.asarray(frames[1].values) + np.asarray(frames[3].values))[:52] / 2
    np.testing.assert_allclose(clip.values[2][:52], between, atol=1e-6)
    assert notes == ()


def test_no_face_is_said_and_a_recording_without_any_is_refused() -> None:
    gone = Frame("Ann", frame_of(2).device_id, frame_of(2).time, FrameRate(60), None)
    _, notes = clip_of(_recording(frame_of(1), gone, frame_of(3)), HERE)
    assert "without a face" in notes[0]
    with pytest.raises(LoadError, match="no packet with a face"):
        clip_of(_recording(gone), HERE)


def test_of_several_subjects_one_has_to_be_chosen() -> None:
    both = _recording(frame_of(1), frame_of(1, subject="Bob"), frame_of(2, subject="Bob"))
    with pytest.raises(LoadError, match="Ann, Bob"):
        clip_of(both, HERE)
    with pytest.raises(LoadError, match="no subject 'Eve'"):
        clip_of(both, HERE, "Eve")
    assert len(clip_of(both, HERE, "bob")[0]) == 2


def test_times_of_several_days_are_no_clip() -> None:
    with pytest.raises(LoadError, match="several takes"):
        clip_of(_recording(frame_of(0), frame_of(50_000_000)), HERE)


def test_other_rates_are_resampled_for_the_importer(
    tmp_path: Path, short_performance: Performance
) -> None:
    clip = Clip(short_performance.render(FrameRate(24)).values, FrameRate(24))
    path = tmp_path / "a.csv"
    notes = write_csv(clip, path, convention=CsvConvention.MEASURED, overwrite=False)
    assert "resampled" in notes[0]
    with pytest.raises(WouldOverwriteError, match="--overwrite"):
        write_csv(clip, path, convention=CsvConvention.MEASURED, overwrite=False)
