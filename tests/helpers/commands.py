"""Run the command line inside a test, and listen to what it sends."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from livelink.channels import CHANNEL_COUNT
from livelink.frame import DeviceId, Frame, as_values
from livelink.timecode import FrameRate, FrameTime
from ui.launch import main


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Standard error with its line breaks folded, so that wrapping does not matter."""
        return " ".join(self.err.split())


class Command:
    """Calls `facewright` in this process and catches what it prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> Ended:
        self._capsys.readouterr()
        status = main([str(word) for word in words])
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        return Ended(status, captured.out, captured.err)


class Listener:
    """A UDP socket on loopback that keeps what arrives."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.target = f"127.0.0.1:{self.port}"
        self._arrived: queue.Queue[bytes] = queue.Queue()
        self._thread = threading.Thread(target=self._receive, name="test-listener")
        self._thread.start()

    def packets(self) -> list[bytes]:
        """Stop listening and return everything that has arrived."""
        self.close()
        return list(self._arrived.queue)

    def close(self) -> None:
        if self._thread.is_alive():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
                own.sendto(b"", ("127.0.0.1", self.port))  # behind everything else in the queue
            self._thread.join()
        self._socket.close()

    def _receive(self) -> None:
        while data := self._socket.recv(2048):
            self._arrived.put(data)


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


def frame_of(index: int, *, subject: str = "Ann") -> Frame:
    """A face of its own for every index, at 60 fps from an id of pylivelinkface's length."""
    values = np.random.default_rng(index).random(CHANNEL_COUNT)
    device = DeviceId("5A6B7C8D-0000-4000-8000-0123456789AB")
    return Frame(subject, device, FrameTime(index, 0.25), FrameRate(60), as_values(values))


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def sending(packets: list[bytes], port: int) -> Iterator[None]:
    """Send the packets to a port again and again until the context ends."""
    ended = threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            while not ended.is_set():
                for packet in packets:
                    out.sendto(packet, ("127.0.0.1", port))
                    if ended.wait(1 / 240):
                        return

    thread = threading.Thread(target=send, name="test-sender")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
