"""A sender that keeps what it is given, and what was on it. No sockets."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from livelink.frame import Frame
from livelink.packet import decode
from livelink.sender import TargetStats


class FakeSender:
    """Stands in for `livelink.sender.Sender`.

    Attributes:
        now: The time it stamps with.
        sent: (time, datagram) of everything sent.
        failing: What the system says of the one target, or None when it is well.
        broken: Raised by `send`, as no real sender would.
    """

    def __init__(self, now: Callable[[], float] = lambda: 0.0) -> None:
        self.sent: list[tuple[float, bytes]] = []
        self.failing: str | None = None
        self.broken: Exception | None = None
        self.now = now
        self._lock = threading.Lock()

    def send(self, data: bytes) -> int:
        if self.broken is not None:
            raise self.broken
        assert self._lock.acquire(blocking=False), "two threads send at once"
        try:
            self.sent.append((self.now(), data))
        finally:
            self._lock.release()
        return 1

    def out(self, data: bytes) -> float:
        """Send and return the time, as the engine does for its lanes."""
        self.send(data)
        return self.now()

    def stats(self) -> tuple[TargetStats, ...]:
        bad = self.failing is not None
        return (TargetStats("fake", "192.0.2.1:11111", len(self.sent), 0, bad, self.failing),)

    @property
    def frames(self) -> list[Frame]:
        return [decode(data) for _, data in self.sent]

    def of(self, subject: str) -> list[Frame]:
        return [frame for frame in self.frames if frame.subject == subject]

    def curve(self, channel: int, subject: str | None = None) -> np.ndarray:
        frames = self.frames if subject is None else self.of(subject)
        return np.array([f.values[channel] for f in frames if f.values is not None])
