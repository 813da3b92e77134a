from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest

from bridge.engine import Edge, EdgeKind, Engine, State
from bridge.errors import EngineError
from bridge.lanes import Lane, Phase
from bridge.sources import ClipSource, HoldSource, RecordingSource, Source, TimedPacket
from livelink.clip import Clip
from livelink.frame import DeviceId, Frame, as_values
from livelink.packet import encode
from livelink.receiver import Receiver
from livelink.sender import Sender
from livelink.timecode import FrameRate, FrameTime
from tests.helpers.clock import FakeClock
from tests.helpers.wire import FakeSender

FACE = as_values(np.full(61, 0.5))
LONG_S = 20.0  # for what must come; nothing here waits that long unless it is broken


def lane(source: Source | RecordingSource, subject: str = "Ada", **more) -> Lane:
    return Lane(subject, DeviceId(subject * 6), source, **more)


def clip(seconds: float) -> ClipSource:
    return ClipSource(Clip(np.tile(FACE, (round(seconds * 60), 1)), FrameRate(60)))


def packet(number: int, value: float = 0.5) -> bytes:
    frame = Frame(
        "Cy", DeviceId("C"), FrameTime(number), FrameRate(60), as_values(np.full(61, value))
    )
    return encode(frame)


def edges(engine: Engine) -> list[tuple[EdgeKind, str]]:
    found = []
    while (edge := engine.next_edge()) is not None:
        found.append((edge.kind, edge.subject))
    return found


@contextmanager
def running(
    *lanes: Lane, free_s: float = math.inf, day_s: float = 36_000.0
) -> Iterator[tuple[Engine, FakeSender, FakeClock]]:
    """Run an engine on a fake clock that stops by itself after `free_s`."""
    clock = FakeClock(free_s=free_s, day_s=day_s)
    sender = FakeSender(clock.monotonic_s)
    engine = Engine(sender, lanes, clock=clock)
    try:
        with engine:
            yield engine, sender, clock
            clock.release()
    finally:
        clock.release()


# The paced path ---------------------------------------------------------------------------------


def test_a_clip_is_played_at_its_rate_and_ends_in_neutral() -> None:
    with running(lane(clip(1.0))) as (engine, sender, _):
        assert engine.wait(LONG_S)
        assert engine.snapshot().state is State.ENDED
    times = np.array([t for t, _ in sender.sent])
    assert len(times) == 90
    assert np.allclose(times, 1000.0 + np.arange(90) / 60, atol=2e-9)
    assert sender.curve(17)[-1] == 0.0
    assert edges(engine) == [(EdgeKind.STARTED, "Ada"), (EdgeKind.ENDED, "Ada")]


def test_frame_times_are_the_local_time_of_day_of_their_due_time() -> None:
    with running(lane(clip(0.5)), day_s=3600.5) as (engine, sender, _):
        assert engine.wait(LONG_S)
    assert sender.frames[0].time == FrameTime(3600 * 60 + 30, 0.0)
    assert sender.frames[9].time.frame == 3600 * 60 + 39


def test_frame_times_count_on_through_midnight() -> None:
    with running(lane(clip(2.0)), day_s=86_399.0) as (engine, sender, _):
        assert engine.wait(LONG_S)
    numbers = [f.time.frame for f in sender.frames]
    assert numbers == list(range(86_399 * 60, 86_399 * 60 + len(numbers)))
    assert numbers[-1] > 86_400 * 60


def test_after_a_stall_frames_are_skipped_and_never_bunched() -> None:
    clock = FakeClock()
    clock.stalls[30] = 0.5
    sender = FakeSender(clock.monotonic_s)
    with Engine(sender, [lane(clip(2.0))], clock=clock) as engine:
        assert engine.wait(LONG_S)
    gaps = np.diff([t for t, _ in sender.sent])
    assert gaps.min() > 0.5 / 60
    assert gaps.max() == pytest.approx(0.5, abs=0.02)
    (status,) = engine.snapshot().lanes
    assert status.skipped == 30 - 1 + 1
    assert status.sent + status.skipped == 150
    assert status.lateness.max_s <= 0.5 / 60 + 1e-9


def test_two_subjects_keep_their_own_rates() -> None:
    slow = lane(clip(1.0), "Bo", rate=FrameRate(30), fade=False)
    with running(lane(clip(1.0), fade=False), slow) as (engine, sender, _):
        assert engine.wait(LONG_S)
    assert len(sender.of("Ada")) == 60
    assert len(sender.of("Bo")) == 30
    assert sender.of("Bo")[0].rate == FrameRate(30)
    assert [s.subject for s in engine.snapshot().lanes] == ["Ada", "Bo"]


def test_stopping_fades_to_neutral_in_bounded_time() -> None:
    with running(lane(HoldSource(FACE), fade_s=0.5), free_s=2.0) as (engine, sender, clock):
        clock.settle()
        assert engine.snapshot().state is State.RUNNING
        clock.release()
        engine.stop()
        assert engine.snapshot().state is State.STOPPED
        assert engine.wait(0.0)
    curve = sender.curve(17)
    assert curve[-1] == 0.0
    held = int(np.argmax(curve < 0.5))
    assert len(curve) - held == pytest.approx(30, abs=1)
    engine.stop()
    assert edges(engine)[-1] == (EdgeKind.ENDED, "Ada")


def test_stopping_without_a_fade_sends_nothing_more() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        before = len(sender.sent)
        engine.stop(fade=False)
        assert len(sender.sent) == before
        assert sender.curve(17)[-1] == 0.5


def test_panic_fades_and_holds_neutral_until_told_otherwise() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        engine.panic(0.1)
        clock.advance(1.0)
        (status,) = engine.snapshot().lanes
        assert status.phase is Phase.RESTING
        assert status.values is not None
        assert not status.values.any()
        engine.switch("Ada", HoldSource(FACE), 0.2)
        clock.advance(1.0)
        assert engine.snapshot().lanes[0].phase is Phase.PLAYING
        assert sender.curve(17)[-1] == 0.5
    assert np.abs(np.diff(sender.curve(17))).max() < 0.16
    kinds = [kind for kind, _ in edges(engine)]
    assert kinds == [EdgeKind.STARTED, EdgeKind.RESTING, EdgeKind.ENDED]


def test_switching_passes_without_a_jump() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        engine.switch("Ada", HoldSource(as_values(np.ones(61))), 0.5)
        clock.advance(1.0)
    curve = sender.curve(17)
    assert curve.max() == 1.0
    assert np.abs(np.diff(curve)).max() < 0.07  # the steepest of the last fade, from 1.0 in 0.5 s


def test_a_failing_source_fails_the_engine_after_its_fade(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing:
        def sample(self, t_s: float) -> np.ndarray:
            if t_s > 1.0:
                raise ZeroDivisionError("weights")
            return FACE

    with caplog.at_level(logging.ERROR), running(lane(Failing())) as (engine, sender, _):
        assert engine.wait(LONG_S)
    snapshot = engine.snapshot()
    assert snapshot.state is State.FAILED
    assert snapshot.reason == "Ada: the source failed: ZeroDivisionError: weights"
    assert sender.curve(17)[-1] == 0.0
    failures = [e for e in iter(engine.next_edge, None) if e.kind is EdgeKind.FAILED]
    assert failures == [
        Edge(EdgeKind.FAILED, "Ada", "the source failed: ZeroDivisionError: weights")
    ]


def test_one_lane_may_fail_while_the_other_plays_on() -> None:
    bad = np.full(61, math.nan)

    with running(lane(HoldSource(bad), "Bo"), lane(clip(1.0))) as (engine, sender, _):
        assert engine.wait(LONG_S)
    assert len(sender.of("Ada")) == 90
    assert engine.snapshot().state is State.FAILED
    assert [s.phase for s in engine.snapshot().lanes] == [Phase.FAILED, Phase.ENDED]


def test_a_sender_that_breaks_ends_the_lane() -> None:
    sender = FakeSender()
    sender.broken = OSError("no buffer")
    with Engine(sender, [lane(HoldSource(FACE))], clock=FakeClock()) as engine:
        assert engine.wait(LONG_S)
    assert engine.snapshot().reason == "Ada: sending failed: no buffer"


def test_a_bug_on_the_thread_becomes_state_and_one_edge(caplog: pytest.LogCaptureFixture) -> None:
    sender = FakeSender()
    sender.broken = KeyError("bug")
    engine = Engine(sender, [lane(HoldSource(FACE))], clock=FakeClock())
    with caplog.at_level(logging.ERROR), engine:
        assert engine.wait(LONG_S)
    assert engine.snapshot().state is State.FAILED
    assert engine.snapshot().reason == "the tx thread failed: KeyError: 'bug'"
    assert edges(engine) == [(EdgeKind.FAILED, "")]
    engine.stop()


def test_a_lost_target_is_told_once_and_when_it_is_back() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        sender.failing = "nothing listens there"
        clock.advance(1.0)
        assert engine.snapshot().targets[0].failing
        sender.failing = None
        clock.advance(1.0)
    told = [e for e in iter(engine.next_edge, None) if e.kind.value.startswith("target")]
    assert told == [
        Edge(EdgeKind.TARGET_LOST, "", "fake: nothing listens there"),
        Edge(EdgeKind.TARGET_BACK, "", "fake"),
    ]


def test_edges_nobody_fetches_are_dropped_and_counted() -> None:
    with running(lane(HoldSource(FACE)), free_s=0.0) as (engine, _, clock):
        clock.settle()
        for number in range(300):
            engine._tell(Edge(EdgeKind.RESTING, str(number)))
    assert engine.snapshot().edges_dropped >= 300 - 256
    assert len(edges(engine)) == 256


def test_an_edge_is_waited_for() -> None:
    with running(lane(clip(0.1))) as (engine, _, _):
        edge = engine.next_edge(LONG_S)
    assert edge == Edge(EdgeKind.STARTED, "Ada")


# Starting and stopping --------------------------------------------------------------------------


def test_starting_twice_is_one_start_and_a_second_run_is_refused() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, _, _):
        engine.start()
        names = [t.name for t in threading.enumerate() if t.name.startswith("facewright")]
        assert names == ["facewright-tx"]
    with pytest.raises(EngineError, match="has run"):
        engine.start()


def test_an_engine_that_never_started_stops_at_once() -> None:
    engine = Engine(FakeSender(), [lane(HoldSource())], clock=FakeClock())
    assert engine.snapshot().state is State.NEW
    engine.stop()
    engine.stop()
    assert engine.snapshot().state is State.STOPPED
    assert engine.wait(0.0)
    with pytest.raises(EngineError):
        engine.start()


def test_stopping_from_several_threads_at_once_is_one_stop() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        clock.release()
        threads = [threading.Thread(target=engine.stop) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONG_S)
    assert sender.curve(17)[-1] == 0.0


def test_a_thread_that_does_not_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.engine._GRACE_S", -0.4)
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, _, clock):
        clock.settle()
        with pytest.raises(EngineError, match="facewright-tx did not end"):
            engine.stop()  # the clock stands still, so the fade cannot end
        monkeypatch.undo()


def test_a_computer_that_stalls_while_stopping_still_ends_in_neutral() -> None:
    with running(lane(HoldSource(FACE)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        clock.stalls.update(dict.fromkeys(range(60, 100), 30.0))
        clock.release()
        engine.stop()
    assert sender.curve(17)[-1] == 0.0
    assert len(sender.sent) <= 62 + 2


@pytest.mark.parametrize(
    ("lanes", "what"),
    [
        ([], "needs a lane"),
        ([lane(HoldSource()), lane(HoldSource())], "Two lanes would send as 'Ada'"),
    ],
)
def test_an_engine_out_of_form_is_refused(lanes: list[Lane], what: str) -> None:
    with pytest.raises(EngineError, match=what):
        Engine(FakeSender(), lanes)


def test_switching_what_cannot_be_switched_is_refused() -> None:
    recording = RecordingSource([TimedPacket(0.0, packet(1))])
    with running(lane(clip(0.1)), lane(recording, "Bo")) as (engine, _, _):
        with pytest.raises(EngineError, match="no lane 'Cy'; there are Ada, Bo"):
            engine.switch("Cy", HoldSource())
        with pytest.raises(EngineError, match="plays a recording"):
            engine.switch("Bo", HoldSource())
        assert engine.wait(LONG_S)
        with pytest.raises(EngineError, match="has ended"):
            engine.switch("Ada", HoldSource())


# Recordings -------------------------------------------------------------------------------------


def recording(count: int, **more) -> RecordingSource:
    return RecordingSource([TimedPacket(k / 50, packet(k)) for k in range(count)], **more)


def test_a_recording_is_sent_exactly_and_ends_exactly() -> None:
    with running(lane(recording(20))) as (engine, sender, _):
        assert engine.wait(LONG_S)
    assert [data for _, data in sender.sent] == [packet(k) for k in range(20)]
    assert np.allclose([t for t, _ in sender.sent], 1000.0 + np.arange(20) / 50)
    assert engine.snapshot().state is State.ENDED


def test_a_recording_that_is_panicked_fades_and_ends() -> None:
    with running(lane(recording(500)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        engine.panic()
        clock.release()
        assert engine.wait(LONG_S)
    assert sender.curve(17)[-1] == 0.0
    assert 50 + 25 < len(sender.sent) < 50 + 35


def test_stopping_within_a_recordings_fade_lets_it_end() -> None:
    with running(lane(recording(5), fade=True, fade_s=1.0), free_s=0.5) as (engine, sender, clock):
        clock.settle()
        clock.release()
        engine.stop()
    assert sender.curve(17)[-1] == 0.0


def test_stopping_a_recording_ends_it_at_once() -> None:
    with running(lane(recording(500, loop=True)), free_s=1.0) as (engine, sender, clock):
        clock.settle()
        engine.stop()
        assert len(sender.sent) == 51
        assert sender.curve(17)[-1] == 0.5


# The relay --------------------------------------------------------------------------------------


@dataclass
class Arrived:
    data: bytes


class FakeInlet:
    """Gives its datagrams, then nothing until somebody gives more."""

    def __init__(self, *datagrams: bytes) -> None:
        self.datagrams = list(datagrams)
        self.empty = threading.Event()
        self.broken: Exception | None = None

    def receive(self, timeout_s: float) -> Arrived | None:
        if self.broken is not None:
            raise self.broken
        if self.datagrams:
            return Arrived(self.datagrams.pop(0))
        self.empty.set()
        threading.Event().wait(min(timeout_s, 0.001))
        return None


def test_a_relay_passes_on_and_fades_when_it_is_stopped() -> None:
    inlet, clock = FakeInlet(packet(10), b"junk", packet(11)), FakeClock()
    sender = FakeSender(clock.monotonic_s)
    with Engine(sender, relay_from=inlet, clock=clock) as engine:
        assert inlet.empty.wait(LONG_S)
        status = engine.snapshot().relay
        assert status is not None
        assert (status.passed, status.refused) == (2, 1)
        assert [data for _, data in sender.sent] == [packet(10), packet(11)]
    assert engine.snapshot().state is State.STOPPED
    assert [f.time.frame for f in sender.frames[:4]] == [10, 11, 12, 13]
    assert sender.curve(17)[-1] == 0.0


def test_a_relay_told_not_to_fade_ends_with_its_last_packet() -> None:
    inlet, clock = FakeInlet(packet(10)), FakeClock()
    sender = FakeSender()
    with Engine(sender, relay_from=inlet, clock=clock) as engine:
        assert inlet.empty.wait(LONG_S)
        engine.stop(fade=False)
    assert len(sender.sent) == 1


def test_a_relay_whose_socket_fails_says_so_and_fades(caplog: pytest.LogCaptureFixture) -> None:
    inlet, clock = FakeInlet(packet(10)), FakeClock()
    sender = FakeSender()
    engine = Engine(sender, relay_from=inlet, clock=clock)
    with caplog.at_level(logging.ERROR), engine:
        assert inlet.empty.wait(LONG_S)
        inlet.broken = OSError("the network card is gone")
        assert engine.wait(LONG_S)
    assert engine.snapshot().state is State.FAILED
    assert "network card" in engine.snapshot().reason
    assert sender.curve(17)[-1] == 0.0


# On a real wire ---------------------------------------------------------------------------------


def test_on_the_loopback_everything_arrives() -> None:
    with Receiver(0, "127.0.0.1") as receiver, Sender([f"127.0.0.1:{receiver.port}"]) as sender:
        with Engine(sender, [lane(clip(0.2), fade_s=0.1)]) as engine:
            assert engine.wait(LONG_S)
        arrived = []
        while (datagram := receiver.receive(0.2)) is not None:
            arrived.append(datagram)
    status = engine.snapshot().lanes[0]
    assert len(arrived) == status.sent
    assert status.sent + status.skipped >= 12 + 6  # a stall at the very end skips beyond it
