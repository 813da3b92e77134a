"""Targets and the sender, against real sockets on this computer."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livelink.errors import TargetError
from livelink.sender import Sender, Target, parse_target


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5.0)
        yield opened


@pytest.fixture
def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("localhost", "localhost", 11111),
        ("192.0.2.1:54321", "192.0.2.1", 54321),
        (" unreal.local:1 ", "unreal.local", 1),
        ("[::1]:65535", "::1", 65535),
        ("[::1]", "::1", 11111),
        ("::1", "::1", 11111),
        ("fe80::1%eth0", "fe80::1%eth0", 11111),
        ("2001:db8::7", "2001:db8::7", 11111),
    ],
)
def test_targets_people_write(text: str, host: str, port: int) -> None:
    assert parse_target(text) == Target(text, host, port)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no host name"),
        (":11111", "no host name"),
        ("a b", "no host name"),
        ("x" * 254, "no host name"),
        ("udp://localhost:1", "without udp://"),
        ("host:", "'' is no port"),
        ("host:0", "1 to 65535"),
        ("host:65536", "1 to 65535"),
        ("host:-1", "1 to 65535"),
        ("host:1e3", "1 to 65535"),
        ("host:" + "9" * 5_000, "1 to 65535"),
        ("host:\u0661", "1 to 65535"),
        ("[localhost]:1", "no IPv6 address"),
        ("[::1", "no IPv6 address"),
        ("[::1]x", "no IPv6 address"),
        ("a:b:c", "'a:b:c' is no IPv6 address"),
    ],
)
def test_targets_that_are_none(text: str, words: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(text)
    assert words in str(caught.value)
    assert caught.value.target == text


@given(st.text(max_size=40))
def test_any_text_is_a_target_or_a_target_error(text: str) -> None:
    try:
        target = parse_target(text)
    except TargetError:
        return
    assert target.host
    assert 1 <= target.port <= 65535


@pytest.mark.parametrize("host", ["nobody.invalid", "x" * 64 + ".invalid", "a..b"])
def test_an_unknown_name_is_a_target_error(host: str) -> None:
    with pytest.raises(TargetError, match=r"not known.*IP address"):
        Sender([f"{host}:11111"])


def test_no_target_is_an_error() -> None:
    with pytest.raises(TargetError, match="at least one"):
        Sender([])


def test_every_target_gets_the_datagram_once(listener: socket.socket) -> None:
    port = port_of(listener)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as second:
        second.bind(("127.0.0.1", 0))
        second.settimeout(5.0)
        names = [f"127.0.0.1:{port}", f"localhost:{port}", f"127.0.0.1:{port_of(second)}"]
        with Sender(names) as sender:
            assert sender.send(b"frame") == 2
            assert listener.recv(100) == b"frame"
            assert second.recv(100) == b"frame"
            listener.setblocking(False)
            with pytest.raises(BlockingIOError):
                listener.recv(100)
            stats = sender.stats()
    assert [(item.target, item.sent, item.failed, item.failing) for item in stats] == [
        (names[0], 1, 0, False),
        (names[2], 1, 0, False),
    ]
    assert stats[0].address == f"127.0.0.1:{port}"


def test_the_default_port_is_used(listener: socket.socket) -> None:
    with Sender(["127.0.0.1"], default_port=port_of(listener)) as sender:
        sender.send(b"x")
        assert listener.recv(10) == b"x"


def test_a_name_with_both_kinds_of_address_is_sent_to_over_ipv4(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def both(*_: object, **__: object) -> list[object]:
        datagram = socket.SOCK_DGRAM
        return [
            (socket.AF_INET6, datagram, 17, "", ("::1", 11111, 0, 0)),
            (socket.AF_INET, datagram, 17, "", ("127.0.0.1", 11111)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with Sender(["both.example"]) as sender:
        assert sender.stats()[0].address == "127.0.0.1:11111"


def test_ipv6() -> None:
    try:
        opened = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        opened.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 on this computer")
    with opened:
        opened.settimeout(5.0)
        with Sender([f"[::1]:{opened.getsockname()[1]}"]) as sender:
            assert sender.send(b"six") == 1
            assert opened.recv(10) == b"six"
            assert sender.stats()[0].address.startswith("[::1]:")


def test_nobody_listening_is_said_and_does_not_stop_the_others(
    listener: socket.socket, free_port: int
) -> None:
    names = [f"127.0.0.1:{free_port}", f"127.0.0.1:{port_of(listener)}"]
    with Sender(names) as sender:
        for index in range(10):
            assert sender.send(b"%d" % index) >= 1
            assert listener.recv(10) == b"%d" % index
        nobody, somebody = sender.stats()
    assert nobody.failing
    assert nobody.last_error == "nothing listens on that port of the computer"
    assert (somebody.sent, somebody.failing) == (10, False)


def test_a_listener_that_comes_back_is_well_again(free_port: int) -> None:
    with Sender([f"127.0.0.1:{free_port}"]) as sender:
        sender.send(b"1")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back:
            back.bind(("127.0.0.1", free_port))
            back.settimeout(5.0)
            sender.send(b"3")
            assert back.recv(10) == b"3"  # not lost to the answer that datagram 1 met
            sender.send(b"4")
            assert back.recv(10) == b"4"
            assert not sender.stats()[0].failing


def test_a_datagram_the_network_cannot_carry_is_counted(listener: socket.socket) -> None:
    with Sender([f"127.0.0.1:{port_of(listener)}"]) as sender:
        assert sender.send(bytes(70_000)) == 0
        (stats,) = sender.stats()
        assert (stats.failed, stats.failing) == (1, True)
        assert stats.last_error is not None
        assert "too long" in stats.last_error
        assert sender.send(b"short") == 1


def test_a_network_that_changed_is_reconnected(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unplugged(socket.socket):
        def send(self, *_: object) -> int:  # type: ignore[override]
            raise OSError(errno.ENETUNREACH, "Network is unreachable")

    real = socket.socket
    monkeypatch.setattr(socket, "socket", Unplugged)
    with Sender([f"127.0.0.1:{port_of(listener)}"]) as sender:
        assert sender.send(b"lost") == 0
        assert sender.stats()[0].last_error == "Network is unreachable"
        monkeypatch.setattr(socket, "socket", real)
        assert sender.send(b"back") == 1
        assert listener.recv(10) == b"back"
        assert not sender.stats()[0].failing


@pytest.mark.parametrize("broadcast", [True, False])
def test_broadcast_is_off_by_default(broadcast: bool) -> None:
    if not broadcast:
        with pytest.raises(TargetError, match="allow broadcast"):
            Sender(["255.255.255.255:11111"])
        return
    with Sender(["255.255.255.255:11111"], broadcast=True) as sender:
        assert len(sender.stats()) == 1


def test_closing_twice_and_sending_after_is_quiet(listener: socket.socket) -> None:
    sender = Sender([f"127.0.0.1:{port_of(listener)}"])
    sender.close()
    sender.close()
    assert sender.send(b"x") == 0
