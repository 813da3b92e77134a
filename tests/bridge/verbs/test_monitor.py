from __future__ import annotations

import socket
import struct

from livelink.packet import encode
from tests.helpers.commands import Command, frame_of, free_port, sending

PACKETS = [encode(frame_of(index)) for index in range(200)]
WORDS = ("--host", "127.0.0.1", "--seconds", "0.5")


def test_what_arrives_is_counted_and_agreed_on(command: Command) -> None:
    port = free_port()
    with sending(PACKETS, port):
        ended = command("monitor", "--port", port, *WORDS, "--check", "--json")
    assert ended.status == 0
    (subject,) = ended.json["subjects"]
    assert subject["subject"] == "Ann"
    assert subject["packets"] == ended.json["packets"] >= 5
    assert subject["gaps"] == 0
    assert ended.json["second_opinion"]["agrees"] == subject["packets"]
    assert ended.json["second_opinion"]["channel_order"] == "agrees"


def test_the_display_names_subjects_and_refusals(command: Command) -> None:
    port = free_port()
    with sending([*PACKETS[:5], b"\x07 no packet"], port):
        ended = command("monitor", "--port", port, *WORDS)
    assert ended.status == 0
    assert "Ann:" in ended.said
    assert "Hz" in ended.said


def test_a_difference_of_opinion_is_a_failure(command: Command) -> None:
    port = free_port()
    truncated = PACKETS[0][:-4] + struct.pack("!f", float("nan"))
    with sending([truncated], port):
        ended = command("monitor", "--port", port, *WORDS, "--check", "--json")
    assert ended.json["malformed"]
    assert ended.status == 0  # what we refuse is not judged: it goes nowhere


def test_silence_says_what_to_look_at(command: Command) -> None:
    ended = command("monitor", "--port", free_port(), "--seconds", "0.1")
    assert ended.status == 0
    assert "firewall" in ended.said


def test_a_busy_port_names_its_owner(command: Command) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("0.0.0.0", 0))
        ended = command("monitor", "--port", holder.getsockname()[1], "--seconds", "0.1")
    assert ended.status == 4
    assert "in use" in ended.said
    assert "process" in ended.said


def test_a_hostile_name_cannot_command_the_terminal(command: Command) -> None:
    port = free_port()
    name = "\x1b]0;pwned\x07\x9b2J\u202e:smile:[red]"
    with sending([encode(frame_of(0, subject=name))], port):
        ended = command("monitor", "--port", port, *WORDS, "--check")
    assert "pwned" in ended.said
    assert ":smile:[red]" in ended.said
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ended.err)


def test_a_host_that_is_not_ours_is_the_networks_matter(command: Command) -> None:
    ended = command("monitor", "--host", "192.0.2.1", "--port", 0)
    assert ended.status == 4
    assert "Cannot listen on 192.0.2.1" in ended.said
