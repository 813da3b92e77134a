from __future__ import annotations

import numpy as np
import pytest

from bridge.lanes import Lane, PacedRun, Phase
from bridge.recorded import Faces, RecordedRun, timed_packets
from bridge.sources import HoldSource, RecordingSource, TimedPacket
from livelink.frame import DeviceId, Frame
from livelink.packet import encode
from livelink.recording import FileKind, RecordedPacket, Recording
from livelink.timecode import FrameRate, FrameTime
from tests.helpers.wire import FakeSender

ID = DeviceId("B" * 36)


def packet(number: int, value: float | None = 0.5, *, subject: str = "Bo", rate: int = 60) -> bytes:
    values = None if value is None else np.full(61, value, np.float32)
    return encode(Frame(subject, ID, FrameTime(number), FrameRate(rate), values))


def recorded(*items: tuple[float, bytes], loop: bool = False, **more) -> RecordedRun:
    source = RecordingSource([TimedPacket(t, data) for t, data in items], loop=loop)
    return RecordedRun(Lane("Bo", ID, source, **more), 50.0)


def play(run: RecordedRun | PacedRun, sender: FakeSender, limit: int = 1000) -> list[PacedRun]:
    heirs = []
    for _ in range(limit):
        due_s = run.next_due_s
        if due_s is None:
            break
        sender.now = lambda due_s=due_s: due_s
        heirs += run.fire(due_s, sender.out)
    return heirs


def test_packets_go_out_as_they_are_at_their_times() -> None:
    items = [(0.0, packet(1)), (0.5, packet(2, None)), (0.5, packet(3)), (2.0, packet(4))]
    sender, run = FakeSender(), recorded(*items)
    assert play(run, sender) == []
    assert sender.sent == [(50.0 + t, data) for t, data in items]
    assert run.status.phase is Phase.ENDED
    assert run.status.sent == 4
    assert run.status.time_s == pytest.approx(2.0)


def test_what_is_no_sound_frame_is_counted_and_not_sent() -> None:
    nan = bytearray(packet(2))
    nan[-4:] = b"\x7f\xc0\x00\x00"
    sender = FakeSender()
    run = recorded((0.0, packet(1)), (0.1, bytes(nan)), (0.2, b"junk"), (0.3, packet(3)))
    play(run, sender)
    assert [f.time.frame for f in sender.frames] == [1, 3]
    assert run.status.refused == 2


def test_a_stall_moves_the_rest_instead_of_bunching_it() -> None:
    sender, run = FakeSender(), recorded(*((k / 10, packet(k)) for k in range(10)))
    run.fire(50.0, sender.out)
    run.fire(50.55, sender.out)  # 0.45 s late
    assert run.next_due_s == pytest.approx(50.65)
    assert len(sender.sent) == 2
    assert run.status.stalls == 1
    play(run, sender)
    assert run.status.sent == 10


def test_small_lateness_does_not_add_up() -> None:
    sender, run = FakeSender(), recorded(*((k / 10, packet(k)) for k in range(10)))
    for _ in range(9):
        due_s = run.next_due_s
        assert due_s is not None
        run.fire(due_s + 0.01, sender.out)
    assert run.next_due_s == pytest.approx(50.9)
    assert run.status.stalls == 0


def test_a_fade_that_is_asked_for_follows_with_its_frame_times() -> None:
    sender = FakeSender()
    run = recorded((0.0, packet(1)), (0.1, packet(2)), fade=True, fade_s=0.25)
    heirs = play(run, sender)
    assert run.status.phase is Phase.ENDED
    (heir,) = heirs
    play(heir, sender)
    frames = sender.frames
    assert [f.time.frame for f in frames[:4]] == [1, 2, 3, 4]
    assert {(f.subject, f.device_id) for f in frames} == {("Bo", ID)}
    assert frames[-1].values is not None
    assert not frames[-1].values.any()
    assert sender.sent[2][0] == pytest.approx(50.1 + 1 / 60)


def test_finishing_early_ends_exactly_unless_a_fade_is_asked_for() -> None:
    sender = FakeSender()
    for fade, heirs in ((None, 0), (False, 0), (True, 1)):
        run = recorded((0.0, packet(1)), (9.0, packet(2)))
        run.fire(50.0, sender.out)
        assert len(run.finish(fade=fade)) == heirs
        assert run.next_due_s is None
        assert run.finish(fade=True) == []


def test_an_endless_recording_begins_again() -> None:
    sender, run = FakeSender(), recorded((0.0, packet(1)), (0.1, packet(2)), loop=True)
    play(run, sender, 5)
    assert [f.time.frame for f in sender.frames] == [1, 2, 1, 2, 1]


def test_an_abandoned_recording_is_over() -> None:
    run = recorded((0.0, packet(1)))
    run.abandon("no network")
    assert run.next_due_s is None
    assert (run.status.phase, run.status.reason) == (Phase.FAILED, "no network")


def test_a_paced_source_is_no_recording() -> None:
    with pytest.raises(TypeError, match="recording"):
        RecordedRun(Lane("Bo", ID, HoldSource()), 0.0)


# Faces ------------------------------------------------------------------------------------------


def faces(*datagrams: bytes) -> Faces:
    sender, seen = FakeSender(), Faces()
    for data in datagrams:
        sender.send(data)
    for frame in sender.frames:
        seen.see(frame)
    return seen


def test_each_subject_fades_and_lost_or_neutral_faces_do_not() -> None:
    seen = faces(
        packet(1, subject="a"),
        packet(1, subject="b"),
        packet(2, None, subject="b"),
        packet(1, 0.0, subject="c"),
        packet(1, subject="d"),
    )
    assert [run.status.subject for run in seen.fades(0.0, 0.5)] == ["a", "d"]


def test_many_subjects_are_forgotten_oldest_first() -> None:
    seen = faces(*(packet(1, subject=f"s{k}") for k in range(40)))
    assert [run.status.subject for run in seen.fades(0.0, 0.5)] == [f"s{k}" for k in range(24, 40)]


def test_a_rate_nobody_can_pace_fades_at_60_from_the_same_moment() -> None:
    (run,) = faces(packet(3_000_000, rate=1_000_000)).fades(0.0, 0.1)
    sender = FakeSender()
    play(run, sender)
    assert sender.frames[0].rate == FrameRate(60)
    assert sender.frames[0].time.frame == 181


def test_a_nameless_subject_is_left_alone() -> None:
    assert faces(packet(1, subject=" ")).fades(0.0, 0.1) == []


# Times of recordings ----------------------------------------------------------------------------


def recording(*items: tuple[float | None, bytes]) -> Recording:
    packets = tuple(RecordedPacket(t, data) for t, data in items)
    return Recording(FileKind.PACKETS, packets, None, ())


def test_arrival_times_are_kept_from_the_first() -> None:
    timed = timed_packets(recording((7.0, b"a"), (7.5, b"b"), (20.0, b"c")))
    assert [t.due_s for t in timed] == pytest.approx([0.0, 0.5, 13.0])
    assert [t.data for t in timed] == [b"a", b"b", b"c"]


def test_without_arrival_times_the_frame_times_are_kept() -> None:
    numbers = (100, 101, 103, 50, 51, 100_000)
    timed = timed_packets(recording(*((None, packet(n)) for n in numbers)))
    sixtieths = [t.due_s * 60 for t in timed]
    assert sixtieths == pytest.approx([0, 1, 3, 4, 5, 6])  # back and far jumps take one step


def test_what_does_not_decode_follows_by_a_sixtieth() -> None:
    timed = timed_packets(
        recording((None, b"x"), (None, packet(1)), (None, b"y"), (None, packet(3)))
    )
    assert [t.due_s * 60 for t in timed] == pytest.approx([0, 1, 2, 4])
    assert RecordingSource(timed).duration_s == pytest.approx(4 / 60)


def test_an_arrival_that_goes_back_does_not() -> None:
    timed = timed_packets(recording((5.0, b"a"), (4.0, b"b")))
    assert timed[1].due_s == pytest.approx(1 / 60)
