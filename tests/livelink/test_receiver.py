"""The receiver, against real sockets on this computer; nothing sleeps."""

from __future__ import annotations

import os
import socket
import struct
import sys
import time

import psutil
import pytest

from livelink import receiver as module
from livelink.errors import AddressError, PortBusyError
from livelink.packet import MAX_PACKET_BYTES
from livelink.receiver import Receiver, port_owner
from tests.helpers.packets import packet

HERE = "127.0.0.1"


def send(port: int, *datagrams: bytes) -> tuple[str, int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind((HERE, 0))
        for data in datagrams:
            opened.sendto(data, (HERE, port))
        address: tuple[str, int] = opened.getsockname()
        return address


def test_a_datagram_arrives_with_its_moment_and_sender() -> None:
    with Receiver(0, HERE) as receiver:
        before_s = time.monotonic()
        peer = send(receiver.port, packet())
        datagram = receiver.receive(5.0)
        after_s = time.monotonic()
    assert datagram is not None
    assert datagram.data == packet()
    assert datagram.peer == peer
    # The wall clock may be slewed against the monotonic one; a millisecond is allowed.
    assert before_s - 1e-3 <= datagram.arrival_s <= after_s
    assert receiver.port == receiver.port > 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stamps arrivals")
def test_the_kernel_stamps_when_it_arrived_not_when_it_was_read() -> None:
    with Receiver(0, HERE) as receiver:
        if not receiver.kernel_stamps:
            pytest.skip("no stamps on this machine")
        send(receiver.port, b"1", b"2")
        first, second = receiver.receive(5.0), receiver.receive(5.0)
    assert first is not None
    assert second is not None
    assert first.kernel_ns is not None
    assert second.kernel_ns is not None
    assert first.kernel_ns <= second.kernel_ns
    assert second.arrival_s - first.arrival_s == pytest.approx(
        (second.kernel_ns - first.kernel_ns) / 1e9, abs=2e-3
    )


def test_too_long_stays_visible_and_bounded() -> None:
    with Receiver(0, HERE) as receiver:
        send(receiver.port, bytes(MAX_PACKET_BYTES), bytes(MAX_PACKET_BYTES + 1), bytes(9_000), b"")
        sizes = []
        for _ in range(4):
            datagram = receiver.receive(5.0)
            assert datagram is not None
            sizes.append(len(datagram.data))
    assert sizes == [1286, 1287, 1287, 0]


def test_nothing_in_time_is_none() -> None:
    with Receiver(0, HERE) as receiver:
        assert receiver.receive(0.0) is None
        before_s = time.monotonic()
        assert receiver.receive(0.05) is None
        assert time.monotonic() - before_s >= 0.04


def test_closing_is_idempotent_and_ends_receiving() -> None:
    receiver = Receiver(0, HERE)
    receiver.close()
    receiver.close()
    assert receiver.receive(5.0) is None


def test_a_busy_port_names_its_owner() -> None:
    with Receiver(0, HERE) as receiver:
        with pytest.raises(PortBusyError) as caught:
            Receiver(receiver.port, HERE)
        assert caught.value.port == receiver.port
        owner = port_owner(receiver.port)
    assert caught.value.owner == owner
    assert owner is None or owner.endswith(f"process {os.getpid()}")
    assert str(receiver.port) in str(caught.value)
    assert port_owner(receiver.port) is None


def test_an_owner_that_is_hidden_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(kind: str) -> None:
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil, "net_connections", refuse)
    with Receiver(0, HERE) as receiver, pytest.raises(PortBusyError, match="another program"):
        Receiver(receiver.port, HERE)


def test_an_address_of_another_computer_is_the_systems_error() -> None:
    with pytest.raises(OSError, match=r"\S") as caught:
        Receiver(0, "192.0.2.1")
    assert not isinstance(caught.value, PortBusyError)


def test_ipv6_hears_ipv4_too() -> None:
    try:
        receiver = Receiver(0, "::")
    except OSError:
        pytest.skip("no IPv6 on this computer")
    with receiver:
        peer = send(receiver.port, b"four")
        datagram = receiver.receive(5.0)
    assert datagram is not None
    assert datagram.peer == peer


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts drops")
def test_what_the_kernel_dropped_is_counted() -> None:
    with Receiver(0, HERE, buffer_bytes=4_096) as receiver:
        assert receiver.dropped == 0
        send(receiver.port, *[bytes(1_000)] * 200)
        taken = 0
        while receiver.receive(0.0) is not None:
            taken += 1
        # The count comes with the next datagram that arrives.
        send(receiver.port, b"last")
        assert receiver.receive(5.0) is not None
        if receiver.kernel_stamps:
            assert receiver.dropped == 200 - taken > 0


class WithoutAncillary:
    """A socket as Windows has it: no recvmsg, and errors of earlier sends on receiving."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self.errors = [ConnectionResetError(10054, "reset")]

    def recvfrom(self, size: int) -> tuple[bytes, tuple[str, int]]:
        if self.errors:
            raise self.errors.pop()
        return self._inner.recvfrom(size)

    def settimeout(self, timeout_s: float) -> None:
        self._inner.settimeout(timeout_s)

    def close(self) -> None:
        self._inner.close()


def test_without_recvmsg_it_receives_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver(0, HERE) as receiver:
        monkeypatch.setattr(receiver, "_socket", WithoutAncillary(receiver._socket))
        send(receiver.port, bytes(2_000))
        datagram = receiver.receive(5.0)
    assert datagram is not None
    assert len(datagram.data) == 1287
    assert datagram.kernel_ns is None
    assert datagram.arrival_s <= time.monotonic()


def test_stamps_of_both_widths() -> None:
    assert module._unpack_stamp(struct.pack("=qq", 3, 5)) == 3_000_000_005
    assert module._unpack_stamp(struct.pack("=ii", 3, 5)) == 3_000_000_005
    assert module._unpack_stamp(b"odd") is None


@pytest.mark.parametrize(
    ("kernel_ns", "arrival_s"),
    [(9_000_000_000, 99.0), (10_000_000_001, 100.0), (-60_000_000_000, 100.0)],
)
def test_a_stamp_from_a_clock_that_was_set_is_not_believed(
    kernel_ns: int, arrival_s: float
) -> None:
    assert module._on_monotonic(kernel_ns, 100.0, 10_000_000_000) == arrival_s


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.name.invalid", "a" * 70 + ".invalid"])
def test_an_address_of_somebody_else_is_said(host: str) -> None:
    with pytest.raises(AddressError) as caught:
        Receiver(0, host)
    assert host in str(caught.value)
    assert "Errno" not in str(caught.value)
