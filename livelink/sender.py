"""UDP sender: one datagram to one or several targets. Used by the tx thread; `stats` by any.

Each target has a connected socket of its own, so that 'nobody listens there' (ICMP) comes back to
the target it belongs to. Sending never blocks and never raises for a target: what goes wrong is
counted, and the next frame is 16 ms away.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from livelink.errors import TargetError
from livelink.packet import DEFAULT_PORT

_MAX_HOST_CHARS = 253  # RFC 1035
_NAMED = "write HOST, HOST:PORT, [IPV6]:PORT or an IPv6 address"

# What a target's own condition looks like; the Windows numbers are WSAECONNRESET and friends.
_REFUSED = frozenset({errno.ECONNREFUSED, errno.ECONNRESET, 10054, 10061})
_FULL = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS, 10035, 10055})
_DENIED = frozenset({errno.EACCES, errno.EPERM, 10013})


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send.

    Attributes:
        text: As the user wrote it.
        host: Name or address, without brackets.
        port: 1 ... 65535.
    """

    text: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class TargetStats:
    """How one target fares.

    Attributes:
        target: As the user wrote it.
        address: The numeric address and port it resolved to.
        sent: Datagrams the system took.
        failed: Datagrams it did not take.
        failing: Whether the last one failed.
        last_error: The latest failure in words, or None.
    """

    target: str
    address: str
    sent: int
    failed: int
    failing: bool
    last_error: str | None


def parse_target(text: str, default_port: int = DEFAULT_PORT) -> Target:
    """Read `HOST`, `HOST:PORT`, `[IPV6]:PORT`, `[IPV6]` or a bare IPv6 address.

    Raises:
        TargetError: None of these, or a port outside 1 to 65535.
    """
    stripped = text.strip()
    if "/" in stripped:
        raise TargetError(text, f"this is no host and port; {_NAMED}, without udp:// or a path")
    if stripped.startswith("["):
        host, bracket, rest = stripped[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or ":" not in host:
            raise TargetError(text, f"the brackets hold no IPv6 address; {_NAMED}")
        port_text = rest[1:] if rest else None
    elif stripped.count(":") >= 2:
        host, port_text = stripped, None
    else:
        host, colon, rest = stripped.partition(":")
        port_text = rest if colon else None
    if not host or len(host) > _MAX_HOST_CHARS or any(c.isspace() or c < " " for c in host):
        raise TargetError(text, f"there is no host name in it; {_NAMED}")
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError as exc:
            raise TargetError(text, f"{host!r} is no IPv6 address; {_NAMED}") from exc
    return Target(text, host, default_port if port_text is None else _parse_port(text, port_text))


def _parse_port(text: str, port_text: str) -> int:
    if not (port_text.isascii() and port_text.isdigit() and 1 <= int(port_text[:6]) <= 65535):
        raise TargetError(text, f"{port_text!r} is no port; a port is a number from 1 to 65535")
    return int(port_text)


class Sender:
    """Sends datagrams to every target. Thread: one sender thread; `stats` from any."""

    def __init__(
        self,
        targets: Iterable[str | Target],
        *,
        broadcast: bool = False,
        default_port: int = DEFAULT_PORT,
    ) -> None:
        """Resolve every target and open its socket; names are looked up here, once.

        Args:
            targets: At least one; the same address twice is sent to once.
            broadcast: Allow broadcast addresses (every computer in the subnet hears them).
            default_port: The port of targets that name none.

        Raises:
            TargetError: A target is malformed or its name is unknown, or there is none.
        """
        self._closed = False
        outlets: dict[tuple[str, int], _Outlet] = {}
        for item in targets:
            target = parse_target(item, default_port) if isinstance(item, str) else item
            outlet = _Outlet(target, broadcast=broadcast)
            outlets.setdefault(outlet.address[:2], outlet)
        if not outlets:
            raise TargetError("(none)", "there is no target; name at least one HOST:PORT")
        self._outlets = tuple(outlets.values())
        try:
            for outlet in self._outlets:
                outlet.open()
        except TargetError:
            self.close()
            raise

    def send(self, data: bytes) -> int:
        """Send one datagram to every target; return how many took it. Never blocks or raises.

        After `close` nothing is sent and 0 is returned.
        """
        if self._closed:
            return 0
        return sum([outlet.send(data) for outlet in self._outlets])

    def stats(self) -> tuple[TargetStats, ...]:
        """Return how each target fares. Any thread."""
        return tuple(outlet.stats() for outlet in self._outlets)

    def close(self) -> None:
        """Close the sockets; closing again does nothing."""
        self._closed = True
        for outlet in self._outlets:
            outlet.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Outlet:
    """One target's socket and counts."""

    def __init__(self, target: Target, *, broadcast: bool) -> None:
        self.target = target
        self._family, self.address = _resolve(target)
        self._broadcast = broadcast
        self._socket: socket.socket | None = None
        self._sent = self._failed = 0
        self._failing = False
        self._last_error: str | None = None

    def open(self) -> None:
        """Connect; a network that is down is retried at each send, a forbidden address is not.

        Raises:
            TargetError: The system forbids the address (broadcast).
        """
        try:
            self._connect()
        except OSError as exc:
            if exc.errno in _DENIED and not self._broadcast:
                raise TargetError(
                    self.target.text, "this is a broadcast address; allow broadcast to send there"
                ) from exc
            self._last_error = _in_words(exc)

    def _connect(self) -> socket.socket:
        opened = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            opened.setblocking(False)
            if self._broadcast and self._family == socket.AF_INET:
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            opened.connect(self.address)
        except OSError:
            opened.close()
            raise
        self._socket = opened
        return opened

    def send(self, data: bytes) -> bool:
        try:
            self._send(data)
        except OSError as exc:
            self._failed += 1
            self._failing = True
            self._last_error = _in_words(exc)
            return False
        self._sent += 1
        return True

    def _send(self, data: bytes) -> None:
        opened = self._socket or self._connect()
        try:
            opened.send(data)
            self._failing = False
        except OSError as exc:
            if exc.errno not in _REFUSED:
                if exc.errno not in _FULL and exc.errno != errno.EMSGSIZE:
                    self._drop()  # the network changed: a connected socket keeps its old address
                raise
            # The answer to an earlier datagram, which kept this one from leaving. Note, resend.
            self._failing = True
            self._last_error = _in_words(exc)
            opened.send(data)

    def stats(self) -> TargetStats:
        host, port = self.address[:2]
        return TargetStats(
            target=self.target.text,
            address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            sent=self._sent,
            failed=self._failed,
            failing=self._failing,
            last_error=self._last_error,
        )

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def _drop(self) -> None:
        self.close()
        self._socket = None


def _resolve(target: Target) -> tuple[socket.AddressFamily, tuple[str, int, *tuple[int, ...]]]:
    """Return family and address; IPv4 first, because Unreal listens on 0.0.0.0."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as exc:
        raise TargetError(
            target.text,
            f"the name {target.host!r} is not known; check the spelling and the network, "
            "or use the computer's IP address",
        ) from exc
    family, _, _, _, address = min(found, key=lambda item: item[0] != socket.AF_INET)
    return family, (str(address[0]), int(address[1]), *(int(part) for part in address[2:]))


def _in_words(exc: OSError) -> str:
    if exc.errno in _REFUSED:
        return "nothing listens on that port of the computer"
    if exc.errno in _FULL:
        return "the network card's queue is full"
    if exc.errno == errno.EMSGSIZE:
        return "the datagram is too long for the network"
    return os.strerror(exc.errno) if exc.errno else str(exc)
