"""Relay: packet in, packet out, at once; no resampling, no jitter added. Runs on the rx thread.

Only what decodes is passed on, byte for byte. `Relay` owns no thread: the engine runs `run` on its
rx thread and reads the frozen `status`.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import Protocol

from bridge.lanes import Send
from bridge.recorded import Faces
from livelink.errors import PacketError
from livelink.frame import Values
from livelink.packet import decode

_LOG = logging.getLogger(__name__)

_POLL_S = 0.2  # how long a stop may wait for the rx thread when nothing arrives


class Arrival(Protocol):
    """A datagram that arrived."""

    @property
    def data(self) -> bytes:
        """Its bytes."""
        ...


class Inlet(Protocol):
    """Where datagrams come from, e.g. `livelink.receiver.Receiver`."""

    def receive(self, timeout_s: float) -> Arrival | None:
        """Return the next datagram, or None when none came in time."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class RelayStatus:
    """What a relay has done so far. Frozen: any thread may read it.

    Attributes:
        passed: Packets sent on.
        refused: Datagrams that were no sound packets.
        values: (61,) values passed last; None before the first and for 'no face'.
    """

    passed: int = 0
    refused: int = 0
    values: Values | None = None


class Relay:
    """Passes packets on as they come.

    Attributes:
        status: What it has done so far.
        faces: The last face of each subject; read it once `run` has returned.
    """

    def __init__(self, inlet: Inlet) -> None:
        self.status = RelayStatus()
        self.faces = Faces()
        self._inlet = inlet

    def run(self, send: Send, stop: threading.Event) -> None:
        """Pass packets on until `stop` is set. The rx thread.

        Raises:
            OSError: The socket failed.
        """
        while not stop.is_set():
            arrival = self._inlet.receive(_POLL_S)
            if arrival is not None:
                self._pass(arrival.data, send)

    def _pass(self, data: bytes, send: Send) -> None:
        try:
            frame = decode(data)
        except PacketError as exc:
            _LOG.debug("Not passed on: %s", exc)
            self.status = replace(self.status, refused=self.status.refused + 1)
            return
        send(data)
        self.faces.see(frame)
        self.status = replace(self.status, passed=self.status.passed + 1, values=frame.values)
