from __future__ import annotations

from pathlib import Path

from bridge.bench.codec import measure
from livelink.packet import encode
from livelink.recording import PacketWriter
from tests.helpers.commands import frame_of


def test_we_read_the_same_as_the_peer_and_faster(tmp_path: Path) -> None:
    path = tmp_path / "real.packets"
    with PacketWriter(path) as writer:
        for index in range(10):
            writer.append(encode(frame_of(index)), index / 60)
    rows = measure(path)
    assert [row.reached for row in rows] == [True] * 4
    assert rows[0].value >= 3.0
    assert rows[-1].detail == "10 of 10 packets"
