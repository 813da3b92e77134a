"""UDP receiver: datagrams with the moment they arrived. Used by the rx thread alone.

The operating system stamps each datagram on Linux (SO_TIMESTAMPNS) and counts those it had to drop
(SO_RXQ_OVFL), so that neither a busy interpreter nor a full queue passes for a bad network.
Elsewhere the moment `receive` returns is what there is.
"""

from __future__ import annotations

import errno
import platform
import socket
import struct
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from livelink.errors import AddressError, PortBusyError
from livelink.packet import DEFAULT_PORT, MAX_PACKET_BYTES

ANY_HOST = "0.0.0.0"  # noqa: S104  # phones are on the network; hearing them is the purpose
MAX_DATAGRAM_BYTES = MAX_PACKET_BYTES + 1
"""What is read of a datagram: one byte more than is valid, so that 'too long' is seen."""

_BUFFER_BYTES = 4 * 2**20  # 3 s of eight phones, should the reader be held up
_WHOLE_BYTES = 65_535  # where a datagram cut short is an error (Windows), it is read whole
_MAX_KERNEL_AGE_S = 60.0  # an older stamp means that the wall clock was set in between

# Linux numbers that Python does not name (asm-generic; the same on x86, ARM and RISC-V).
_SO_TIMESTAMPNS = 35
_SO_RXQ_OVFL = 40
_STAMPING_MACHINES = ("x86_64", "aarch64", "arm64", "armv7l", "i686", "riscv64")
_ADDRESS_IN_USE = frozenset({errno.EADDRINUSE, 10048})
_ACCESS_DENIED = frozenset({errno.EACCES, 10013})  # Windows says so of an exclusively held port
_PEER_GONE = frozenset({errno.ECONNRESET, errno.ECONNREFUSED, 10054, 10061})


@dataclass(frozen=True, slots=True)
class Datagram:
    """One datagram as it arrived.

    Attributes:
        data: Its bytes, cut at MAX_DATAGRAM_BYTES.
        arrival_s: When it arrived, on `time.monotonic`'s clock.
        kernel_ns: The system's own stamp, ns since 1970, or None where there is none.
        peer: Address and port it came from.
    """

    data: bytes
    arrival_s: float
    kernel_ns: int | None
    peer: tuple[str, int]


class Receiver:
    """A bound UDP socket. One thread receives and closes."""

    def __init__(
        self, port: int = DEFAULT_PORT, host: str = ANY_HOST, *, buffer_bytes: int = _BUFFER_BYTES
    ) -> None:
        """Bind.

        Args:
            port: 0 to 65535; 0 lets the system choose, see `port`.
            host: Local address: every one by default, so that phones are heard; 127.0.0.1 to hear
                this computer alone; `::` for IPv6 and IPv4 together.
            buffer_bytes: Wanted receive queue; the system may grant less.

        Raises:
            PortBusyError: Somebody else has the port (named where that can be found out).
            AddressError: The address is not one of this computer's, or the port needs rights.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        except OSError as exc:  # a computer without IPv6
            raise AddressError(host, f"{exc.strerror}.") from exc
        self._closed = False
        self._dropped = 0
        try:
            self._prepare(family, buffer_bytes)
            self._socket.bind((host, port))
        except OSError as exc:
            self._socket.close()
            if exc.errno in _ADDRESS_IN_USE or (port >= 1024 and exc.errno in _ACCESS_DENIED):
                raise PortBusyError(port, port_owner(port)) from exc
            raise AddressError(host, _why_not(exc, port)) from exc
        except UnicodeError as exc:  # a name that no name server takes
            self._socket.close()
            raise AddressError(host, "that is no host name.") from exc
        self.port: int = self._socket.getsockname()[1]
        """The port bound to, also when 0 was asked for."""
        self.host = host

    def _prepare(self, family: socket.AddressFamily, buffer_bytes: int) -> None:
        # No address reuse: two listeners on one port would steal each other's packets.
        if sys.platform == "win32":
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        if family == socket.AF_INET6:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self._try_option(socket.SO_RCVBUF, buffer_bytes)
        self.kernel_stamps = False
        """Whether the system stamps arrivals."""
        if sys.platform == "linux" and platform.machine() in _STAMPING_MACHINES:
            self.kernel_stamps = self._try_option(_SO_TIMESTAMPNS, 1)
            self._try_option(_SO_RXQ_OVFL, 1)

    def _try_option(self, option: int, value: int) -> bool:
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, option, value)
        except OSError:
            return False
        return True

    @property
    def dropped(self) -> int:
        """Datagrams the system dropped because the queue was full; 0 where it does not tell.

        As of the latest datagram received.
        """
        return self._dropped

    def receive(self, timeout_s: float) -> Datagram | None:
        """Return the next datagram, or None when none came in time or the receiver is closed.

        Args:
            timeout_s: Seconds to wait; 0 takes what is queued and returns at once.

        Raises:
            OSError: The socket failed for good.
        """
        deadline_s = time.monotonic() + timeout_s
        while not self._closed:
            try:
                self._socket.settimeout(max(0.0, deadline_s - time.monotonic()))
                return self._receive()
            except (TimeoutError, BlockingIOError):
                return None
            except OSError as exc:
                # Windows reports here that an earlier datagram of ours found nobody.
                if exc.errno not in _PEER_GONE:
                    raise
        return None

    def _receive(self) -> Datagram:
        if not hasattr(self._socket, "recvmsg"):
            data, address = self._socket.recvfrom(_WHOLE_BYTES)
            return Datagram(data[:MAX_DATAGRAM_BYTES], time.monotonic(), None, _peer(address))
        data, ancillary, _, address = self._socket.recvmsg(MAX_DATAGRAM_BYTES, 128)
        now_s = time.monotonic()
        kernel_ns = None
        for level, kind, content in ancillary:
            if level != socket.SOL_SOCKET:
                continue
            if kind == _SO_TIMESTAMPNS:
                kernel_ns = _unpack_stamp(content)
            elif kind == _SO_RXQ_OVFL and len(content) >= 4:
                (self._dropped,) = struct.unpack_from("=I", content)
        arrival_s = now_s if kernel_ns is None else _on_monotonic(kernel_ns, now_s, time.time_ns())
        return Datagram(data, arrival_s, kernel_ns, _peer(address))

    def close(self) -> None:
        """Close the socket; closing again does nothing. Called by the receiving thread."""
        self._closed = True
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def port_owner(port: int) -> str | None:
    """Return who holds a UDP port ("UnrealEditor, process 4242"), or None if that is hidden."""
    import psutil  # noqa: PLC0415  # only needed when something is wrong, and slow to load

    try:
        for connection in psutil.net_connections(kind="udp"):
            if connection.laddr and connection.laddr.port == port and connection.pid:
                name = psutil.Process(connection.pid).name()
                return f"{name}, process {connection.pid}"
    except (psutil.Error, OSError):
        return None  # other users' processes, or a system that does not tell
    return None


def _why_not(exc: OSError, port: int) -> str:
    """Return what keeps a socket from being bound, and what to do."""
    if exc.errno in _ACCESS_DENIED:
        return f"port {port} needs special rights; choose one from 1024 on with --port."
    words = (exc.strerror or str(exc)).rstrip(".").lower()
    return f"{words}; name an address of this computer, 0.0.0.0 for all of them."


def _peer(address: tuple[str, int] | tuple[str, int, int, int]) -> tuple[str, int]:
    return address[0].removeprefix("::ffff:"), address[1]


def _unpack_stamp(content: bytes) -> int | None:
    """Return ns since 1970 of a `struct timespec`, 64 or 32 bits wide."""
    layout = {16: "=qq", 8: "=ii"}.get(len(content))
    if layout is None:
        return None
    seconds, nanoseconds = struct.unpack(layout, content)
    return int(seconds * 1_000_000_000 + nanoseconds)


def _on_monotonic(kernel_ns: int, now_s: float, wall_ns: int) -> float:
    """Return the stamp on the monotonic clock; an age that cannot be is taken as none."""
    age_s = (wall_ns - kernel_ns) / 1e9
    return now_s - age_s if 0.0 <= age_s <= _MAX_KERNEL_AGE_S else now_s
