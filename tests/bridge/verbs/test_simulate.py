from __future__ import annotations

from livelink.packet import encode
from tests.helpers.commands import Command, frame_of, free_port, sending

PACKETS = [encode(frame_of(index)) for index in range(200)]


def test_unreal_accepts_our_packets(command: Command) -> None:
    port = free_port()
    with sending(PACKETS, port):
        ended = command("simulate", "unreal", "--port", port, "--seconds", "0.4", "--json")
    assert ended.status == 0
    (subject,) = ended.json["subjects"]
    assert subject["name"] == "Ann"
    assert subject["frames"] == ended.json["outcomes"]["shown"] >= 5
    assert not ended.json["reasons"]


def test_unreal_says_why_it_drops(command: Command) -> None:
    port = free_port()
    with sending([PACKETS[0], PACKETS[1][:100]], port):
        ended = command("simulate", "unreal", "--port", port, "--seconds", "0.4")
    assert "frames accepted" in ended.said
    assert "packets not shown" in ended.said


def test_it_ends_when_nothing_comes(command: Command) -> None:
    ended = command("simulate", "unreal", "--port", free_port(), "--until-idle", "0.2")
    assert ended.status == 0  # without the option it would run until the suite's own limit
    assert "Nothing arrived" in ended.said
