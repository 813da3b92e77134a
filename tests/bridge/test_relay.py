from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from bridge.relay import Relay
from livelink.frame import DeviceId, Frame
from livelink.packet import encode
from livelink.timecode import FrameRate, FrameTime
from tests.helpers.wire import FakeSender


@dataclass
class Arrived:
    data: bytes


class FakeInlet:
    """Gives what it was filled with, then sets the stop event."""

    def __init__(self, *datagrams: bytes, stop: threading.Event) -> None:
        self.datagrams = list(datagrams)
        self.stop = stop

    def receive(self, timeout_s: float) -> Arrived | None:  # noqa: ARG002 - it never waits
        if self.datagrams:
            return Arrived(self.datagrams.pop(0))
        self.stop.set()
        return None


def packet(value: float | None) -> bytes:
    values = None if value is None else np.full(61, value, np.float32)
    return encode(Frame("Cy", DeviceId("C"), FrameTime(7), FrameRate(30), values))


def test_packets_pass_unchanged_and_damage_does_not() -> None:
    stop, sender = threading.Event(), FakeSender()
    odd = packet(0.5) + b"\0\0\0\0"  # bytes behind the values belong to nobody; they pass too
    relay = Relay(FakeInlet(packet(0.25), b"junk", odd, packet(None), stop=stop))
    relay.run(sender.out, stop)
    assert [data for _, data in sender.sent] == [packet(0.25), odd, packet(None)]
    assert (relay.status.passed, relay.status.refused) == (3, 1)
    assert relay.status.values is None


def test_the_last_face_is_known_when_it_ends() -> None:
    stop, sender = threading.Event(), FakeSender()
    relay = Relay(FakeInlet(packet(0.25), packet(0.5), stop=stop))
    relay.run(sender.out, stop)
    (run,) = relay.faces.fades(0.0, 0.5)
    assert run.status.subject == "Cy"
    assert relay.status.values is not None
    assert relay.status.values[0] == 0.5


def test_a_stop_before_the_start_passes_nothing() -> None:
    stop, sender = threading.Event(), FakeSender()
    stop.set()
    Relay(FakeInlet(packet(0.25), stop=stop)).run(sender.out, stop)
    assert sender.sent == []
