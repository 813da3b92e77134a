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
    assert rows[0].value >= 2.0  # 3 is to reach; a shared machine may be in the way here
    assert [row.reached for row in rows[1:]] == [True] * 3
    assert rows[-1].detail == "10 of 10 packets"
