"""Errors of the wire and its files.

LiveLinkError
+-- PacketError (ValueError)         a datagram that is not a version 6 face packet
+-- TimecodeError (ValueError)       a rate, frame time or timecode text out of form
+-- FrameError (ValueError)          values that no frame may carry
+-- FileFormatError (ValueError)     a CSV or packet recording that cannot be read
+-- TargetError (OSError)            a target that cannot be resolved or reached
+-- PortBusyError (OSError)          the port to listen on belongs to somebody else
+-- AddressError (OSError)           the address to listen on is none that can be had
"""

from __future__ import annotations

import enum


class LiveLinkError(Exception):
    """Root of every error raised by `livelink`."""


class PacketFault(enum.Enum):
    """The kinds of damage, few and fixed, so that a stream can count them."""

    SIZE = "empty or too long"
    VERSION = "another protocol or version"
    NAME = "a damaged device id or subject name"
    TIME = "a damaged frame time or rate"
    COUNT = "another number of channels"
    SHORT = "cut off"
    VALUE = "a value that is no face"


class PacketError(LiveLinkError, ValueError):
    """A datagram that is not a version 6 face packet.

    Attributes:
        reason: What is wrong, in words.
        offset: Byte offset of the field at fault, or None when it concerns the whole datagram.
        fault: The kind of damage.
    """

    def __init__(
        self, reason: str, offset: int | None = None, fault: PacketFault = PacketFault.SIZE
    ) -> None:
        super().__init__(reason, offset, fault)
        self.reason = reason
        self.offset = offset
        self.fault = fault

    def __str__(self) -> str:
        return self.reason if self.offset is None else f"{self.reason} (at byte {self.offset})"


class TimecodeError(LiveLinkError, ValueError):
    """A frame rate, frame time or timecode text out of form."""


class FrameError(LiveLinkError, ValueError):
    """Values that no frame may carry: wrong shape, NaN or infinity."""


class FileFormatError(LiveLinkError, ValueError):
    """A file of frames that cannot be read.

    Attributes:
        path: The file.
        line: 1-based line (text) or record (binary) at fault, or None.
        reason: What is wrong and what to do, in words.
    """

    def __init__(self, path: object, reason: str, line: int | None = None) -> None:
        super().__init__(path, reason, line)
        self.path = str(path)
        self.reason = reason
        self.line = line

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"


class TargetError(LiveLinkError, OSError):
    """A target that cannot be parsed, resolved or reached.

    Attributes:
        target: The target as the user wrote it.
        reason: What is wrong and what to do.
    """

    def __init__(self, target: str, reason: str) -> None:
        super().__init__(target, reason)
        self.target = target
        self.reason = reason

    def __str__(self) -> str:
        return f"target {self.target}: {self.reason}"


class PortBusyError(LiveLinkError, OSError):
    """The UDP port to listen on belongs to somebody else.

    Attributes:
        port: The port asked for.
        owner: Who holds it ("UnrealEditor, process 4242"), or None where that cannot be found out.
    """

    def __init__(self, port: int, owner: str | None = None) -> None:
        super().__init__(port, owner)
        self.port = port
        self.owner = owner

    def __str__(self) -> str:
        who = self.owner or "another program (its name could not be found out)"
        return (
            f"UDP port {self.port} is in use by {who}. "
            "Close it there, or choose another port with --port."
        )


class AddressError(LiveLinkError, OSError):
    """An address or port that this computer cannot listen on.

    Attributes:
        host: The local address asked for.
        reason: What is wrong and what to do.
    """

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(host, reason)
        self.host = host
        self.reason = reason

    def __str__(self) -> str:
        return f"Cannot listen on {self.host}: {self.reason}"
