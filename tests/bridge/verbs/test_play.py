from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from generator.performance import Performance
from livelink.channels import CHANNEL_COUNT, Channel
from livelink.csvfile import write_clip
from livelink.packet import decode, encode
from livelink.recording import PacketWriter
from tests.helpers.commands import Command, Listener, frame_of


def _recording(path: Path) -> list[bytes]:
    packets = [encode(frame_of(index)) for index in range(30)]
    with PacketWriter(path) as writer:
        for index, packet in enumerate(packets):
            writer.append(packet, index / 120)
    return packets


def test_a_recording_plays_byte_for_byte(
    command: Command, listener: Listener, tmp_path: Path
) -> None:
    packets = _recording(tmp_path / "take.packets")
    ended = command("play", tmp_path / "take.packets", "-t", listener.target, "--json")
    assert ended.status == 0
    assert listener.packets() == packets


def test_a_recording_can_ease_to_neutral_when_asked(
    command: Command, listener: Listener, tmp_path: Path
) -> None:
    packets = _recording(tmp_path / "take.packets")
    assert command("play", tmp_path / "take.packets", "-t", listener.target, "--fade").status == 0
    played = listener.packets()
    assert played[: len(packets)] == packets
    last = decode(played[-1]).values
    assert last is not None
    assert float(np.abs(last).max()) < 0.01


def test_a_performance_and_its_csv_play_the_same_motion(
    command: Command,
    listener: Listener,
    tmp_path: Path,
    performance_file: Path,
    short_performance: Performance,
) -> None:
    csv = tmp_path / "short_1_Bob.csv"
    write_clip(short_performance.render(), csv)
    for path, subject in ((performance_file, "Ann"), (csv, "Bob")):
        words = ("play", path, "-t", listener.target, "--subject", subject, "--speed", "0.4")
        assert command(*words).status == 0
    peaks = {subject: np.zeros(CHANNEL_COUNT) for subject in ("Ann", "Bob")}
    for data in listener.packets():
        frame = decode(data)
        if frame.values is not None:
            peaks[frame.subject] = np.maximum(peaks[frame.subject], frame.values)
    np.testing.assert_allclose(peaks["Ann"], peaks["Bob"], atol=1e-4)  # held for 0.25 s
    assert peaks["Ann"][Channel.JawOpen] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"schema": "facewright.script/1"}', "perform --script"),
        ("hello", "Playable are"),
        ("", "empty"),
        ('{"schema": "facewright.performance/7"}', "Update Facewright"),
    ],
)
def test_what_cannot_be_played_is_named(
    command: Command, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text, encoding="utf-8")
    ended = command("play", path)
    assert ended.status == 3
    assert "odd.json" in ended.said
    assert says in ended.said
