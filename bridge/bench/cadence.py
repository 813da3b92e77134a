"""Cadence: how even the 60 Hz stream is while the worker keeps its cores busy.

A real `facewright perform --loop` runs as a process of its own; we listen and take the kernel's
receive times, so that our own delays do not count.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bridge.bench import Row, at_most
from bridge.bench.processes import performing
from bridge.errors import BridgeError
from generator.client import WorkerClient
from generator.errors import WorkerError
from livelink.receiver import Receiver

RATE_HZ = 60.0
_SETTLE_S = 1.0
_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Cadence:
    """How even a stream was.

    Attributes:
        packets: How many arrived.
        rate_error_ppm: Of the least-squares fit of arrival times against packet numbers.
        interval_error_p50_ms, interval_error_p99_ms, interval_error_max_ms: |interval - 1/rate|
            between neighbours, missing packets (skipped ticks) counted as what they are.
        skipped: Ticks without a packet.
        bursts: Intervals shorter than half a period: catching up, which must not happen.
    """

    packets: int
    rate_error_ppm: float
    interval_error_p50_ms: float
    interval_error_p99_ms: float
    interval_error_max_ms: float
    skipped: int
    bursts: int


def cadence_of(
    arrival_ns: NDArray[np.int64], frame_times: NDArray[np.float64], rate_hz: float = RATE_HZ
) -> Cadence:
    """Return how even a stream was.

    Args:
        arrival_ns: (n,) kernel receive times.
        frame_times: (n,) frame numbers with subframe, as the packets state them; the tick each
            packet was due at.
        rate_hz: The rate the sender claims.
    """
    seconds = (arrival_ns - arrival_ns[0]) * 1e-9
    ticks = np.round(frame_times - frame_times[0])
    slope = np.polyfit(ticks, seconds, 1)[0]
    steps = np.diff(ticks)
    error_ms = np.abs(np.diff(seconds) - steps / rate_hz) * 1e3
    return Cadence(
        packets=len(arrival_ns),
        rate_error_ppm=float((slope * rate_hz - 1.0) * 1e6),
        interval_error_p50_ms=float(np.percentile(error_ms, 50)),
        interval_error_p99_ms=float(np.percentile(error_ms, 99)),
        interval_error_max_ms=float(error_ms.max()),
        skipped=int((steps - 1).sum()),
        bursts=int((np.diff(seconds) < 0.5 / rate_hz).sum()),
    )


def measure(seconds: float) -> list[Row]:
    """Return the rows: beside a worker that gives way, and beside an un-niced one."""
    lowered = _run(seconds, normal_priority=False)
    plain = _run(seconds, normal_priority=True)
    detail = f"{lowered.packets} packets, kernel receive times, worker training at nice 19"
    return [
        at_most("rate error, worker busy", abs(lowered.rate_error_ppm), "ppm", 20.0, detail),
        at_most(
            "interval error p99, worker busy",
            lowered.interval_error_p99_ms,
            "ms",
            1.0,
            f"p50 {lowered.interval_error_p50_ms:.3f}, max {lowered.interval_error_max_ms:.2f}, "
            f"{lowered.skipped} ticks skipped",
        ),
        at_most("bursts (catching up after a stall)", lowered.bursts, "", 0.0),
        Row(
            "interval error p99, worker un-niced on every core",
            plain.interval_error_p99_ms,
            "ms",
            detail=f"max {plain.interval_error_max_ms:.2f}, {plain.skipped} ticks skipped, "
            f"rate error {plain.rate_error_ppm:+.1f} ppm, {plain.bursts} bursts",
        ),
    ]


def _run(seconds: float, *, normal_priority: bool) -> Cadence:
    """Perform first, then load the cores: beside an un-niced worker nothing niced would start."""
    with Receiver(0, "127.0.0.1") as receiver, performing(receiver.port, loop=True):
        if receiver.receive(_START_S) is None:
            raise BridgeError("facewright perform sent nothing.", "Try it alone first.")
        with _busy_worker(normal_priority=normal_priority):
            return _listen(receiver, seconds)


def _listen(receiver: Receiver, seconds: float) -> Cadence:
    from livelink.packet import decode

    begin = time.monotonic() + _SETTLE_S
    arrivals: list[int] = []
    times: list[float] = []
    while time.monotonic() < begin + seconds:
        datagram = receiver.receive(0.5)
        if datagram is None or time.monotonic() < begin:
            continue
        frame = decode(datagram.data)
        arrivals.append(datagram.kernel_ns or int(datagram.arrival_s * 1e9))
        times.append(frame.time.frame + frame.time.subframe)
    return cadence_of(np.array(arrivals), np.array(times))


@contextmanager
def _busy_worker(*, normal_priority: bool) -> Iterator[None]:
    """Keep every core the worker may use busy: it trains the lexical model again and again."""
    stopping, training = threading.Event(), threading.Event()
    with (
        TemporaryDirectory(prefix="facewright-bench-") as folder,
        WorkerClient(normal_priority=normal_priority) as client,
    ):
        train = _trainer(client, Path(folder), stopping, training)
        thread = threading.Thread(target=train, name="bench-train")
        thread.start()
        try:
            training.wait(_START_S)
            yield
        finally:
            stopping.set()
            client.kill()
            thread.join()


def _trainer(
    client: WorkerClient, folder: Path, stopping: threading.Event, training: threading.Event
) -> Callable[[], None]:
    def train() -> None:
        turn = 0
        while not stopping.is_set():
            turn += 1
            try:
                client.train("lexical", folder / str(turn), on_progress=lambda *_: training.set())
            except WorkerError:
                if not stopping.is_set():
                    raise

    return train
