from __future__ import annotations

import logging
import math

import numpy as np
import pytest

from bridge.errors import SourceError
from bridge.lanes import Lane, PacedRun, Phase
from bridge.sources import NEUTRAL, ClipSource, HoldSource, RecordingSource, Source, TimedPacket
from livelink.clip import Clip
from livelink.frame import DeviceId, Values, as_values
from livelink.timecode import FrameRate, FrameTime
from tests.helpers.wire import FakeSender

ID = DeviceId("A" * 36)
FACE = as_values(np.full(61, 0.5))


class FunctionSource:
    """A source out of a function of time."""

    def __init__(self, values) -> None:
        self.sample = values


def failing_at(second: float, error: Exception) -> Source:
    def sample(t_s: float) -> Values:
        if t_s >= second:
            raise error
        return FACE

    return FunctionSource(sample)


def lane(source: Source | RecordingSource, **more) -> Lane:
    return Lane("Ada", ID, source, **more)


def run_of(source: Source, **more) -> PacedRun:
    return PacedRun(lane(source, **more), 10.0, FrameTime(100, 0.25))


def play(run: PacedRun, sender: FakeSender, frames: int = 10_000) -> None:
    """Fire punctually until the run is over or `frames` are through."""
    for _ in range(frames):
        if (due_s := run.next_due_s) is None:
            return
        run.fire(due_s, sender.out)


def clip(seconds: float) -> ClipSource:
    return ClipSource(Clip(np.tile(FACE, (round(seconds * 60), 1)), FrameRate(60)))


def test_frames_are_stamped_one_after_the_other() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 100)
    assert [f.time for f in sender.frames] == [FrameTime(100 + k, 0.25) for k in range(100)]
    frame = sender.frames[0]
    assert (frame.subject, frame.device_id, frame.rate) == ("Ada", ID, FrameRate(60))
    assert run.status.sent == 100
    assert run.status.time_s == pytest.approx(99 / 60)


def test_a_stall_is_counted_and_its_frame_times_are_left_out() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 3)
    run.fire(10.0 + 10 / 60 + 0.001, sender.out)
    assert [f.time.frame for f in sender.frames] == [100, 101, 102, 110]
    assert run.status.skipped == 7


def test_nothing_is_sent_before_it_is_due() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    run.fire(9.99, sender.out)
    assert sender.sent == []


def test_a_source_that_ends_is_faded_to_neutral() -> None:
    sender, run = FakeSender(), run_of(clip(1.0), fade_s=0.5)
    play(run, sender)
    curve = sender.curve(17)
    assert run.status.phase is Phase.ENDED
    assert run.next_due_s is None
    assert len(curve) == 60 + 30
    assert curve[59] == 0.5
    assert curve[60] < 0.5
    assert curve[-1] == 0.0
    assert (np.diff(curve[59:]) < 0.0).all()


def test_a_lane_told_not_to_fade_ends_with_its_last_frame() -> None:
    sender, run = FakeSender(), run_of(clip(1.0), fade=False)
    play(run, sender)
    assert len(sender.sent) == 60
    assert run.status.phase is Phase.ENDED


def test_a_source_that_ends_in_neutral_needs_no_fade() -> None:
    sender = FakeSender()
    play(run_of(ClipSource(Clip(np.zeros((6, 61), np.float32), FrameRate(60)))), sender)
    assert len(sender.sent) <= 7


def test_a_source_that_raises_is_faded_and_said(caplog: pytest.LogCaptureFixture) -> None:
    sender, run = FakeSender(), run_of(failing_at(0.5, KeyError("jaw")))
    with caplog.at_level(logging.ERROR):
        play(run, sender)
    assert run.status.phase is Phase.FAILED
    assert run.status.reason == "the source failed: KeyError: 'jaw'"
    curve = sender.curve(17)
    assert curve[29] == 0.5
    assert curve[-1] == 0.0
    assert np.abs(np.diff(curve)).max() < 0.04


@pytest.mark.parametrize(
    "bad", [np.full(61, math.nan), np.full(61, math.inf), np.zeros(60), np.zeros((2, 61))]
)
def test_values_that_cannot_be_sent_never_are(bad: np.ndarray) -> None:
    sender = FakeSender()
    run = run_of(FunctionSource(lambda t_s: FACE if t_s < 0.5 else bad))
    play(run, sender)
    assert run.status.phase is Phase.FAILED
    assert "cannot be sent" in run.status.reason
    assert np.isfinite(sender.curve(17)).all()
    assert sender.curve(17)[-1] == 0.0


def test_a_source_that_fails_at_once_sends_neutral(caplog: pytest.LogCaptureFixture) -> None:
    sender, run = FakeSender(), run_of(failing_at(0.0, OSError("gone")))
    with caplog.at_level(logging.ERROR):
        play(run, sender)
    assert run.status.phase is Phase.FAILED
    assert len(sender.sent) == 1
    assert not sender.curve(17).any()


def test_finishing_fades_while_the_source_goes_on() -> None:
    sender = FakeSender()
    run = run_of(FunctionSource(lambda t_s: as_values(np.full(61, 0.1 + 0.1 * t_s))))
    play(run, sender, 60)
    run.finish()
    assert run.status.phase is Phase.FADING
    play(run, sender)
    curve = sender.curve(17)
    assert run.status.phase is Phase.ENDED
    assert len(curve) == 60 + 30
    assert curve[60] > curve[59]  # eased: the source's own motion is still stronger
    assert curve[-1] == 0.0


def test_a_source_that_ends_below_its_fade_leaves_its_face_to_it() -> None:
    sender, run = FakeSender(), run_of(clip(1.0))
    play(run, sender, 50)
    run.finish()
    play(run, sender)
    curve = sender.curve(17)
    assert len(curve) == 80
    assert run.status.phase is Phase.ENDED
    assert (np.diff(curve[50:]) < 0.0).all()


def test_a_source_that_fails_below_its_fade_is_said(caplog: pytest.LogCaptureFixture) -> None:
    sender, run = FakeSender(), run_of(failing_at(1.0, ValueError("late")))
    play(run, sender, 50)
    run.finish()
    with caplog.at_level(logging.ERROR):
        play(run, sender)
    assert run.status.phase is Phase.FAILED
    assert sender.curve(17)[-1] == 0.0
    assert len(sender.sent) == 80


def test_finishing_without_a_fade_is_at_once() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.finish(fade=False)
    assert run.status.phase is Phase.ENDED
    play(run, sender)
    assert len(sender.sent) == 5


def test_finishing_before_anything_was_shown_sends_nothing() -> None:
    run = run_of(HoldSource(FACE))
    run.finish()
    assert run.status.phase is Phase.ENDED


def test_finishing_twice_does_not_begin_again() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.finish()
    play(run, sender, 20)
    run.finish()
    play(run, sender)
    run.finish()
    assert len(sender.sent) == 5 + 30


def test_resting_fades_and_goes_on_sending_neutral() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.rest(0.1)
    play(run, sender, 20)
    assert run.status.phase is Phase.RESTING
    assert not sender.curve(17)[-14:].any()
    run.finish()
    assert run.status.phase is Phase.ENDED


def test_finishing_on_the_way_to_rest_ends_there() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.rest(0.2)
    play(run, sender, 3)
    run.finish()
    play(run, sender)
    assert run.status.phase is Phase.ENDED
    assert len(sender.sent) == 5 + 12


def test_from_rest_a_lane_passes_into_another_source() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.rest(0.1)
    play(run, sender, 20)
    run.switch(HoldSource(FACE), 0.5)
    play(run, sender, 60)
    curve = sender.curve(17)[-60:]
    assert run.status.phase is Phase.PLAYING
    assert curve[0] < 0.01
    assert curve[-1] == 0.5
    assert np.abs(np.diff(curve)).max() < 0.04


def test_a_fade_turns_back_into_another_source_without_a_jump() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.rest(0.5)
    play(run, sender, 15)
    run.switch(HoldSource(FACE), 0.5)
    play(run, sender, 60)
    assert np.abs(np.diff(sender.curve(17))).max() < 0.04
    assert sender.curve(17)[-1] == 0.5


def test_playing_passes_into_another_source() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    play(run, sender, 5)
    run.switch(HoldSource(NEUTRAL), 0.5)
    play(run, sender, 60)
    curve = sender.curve(17)
    assert np.abs(np.diff(curve)).max() < 0.04
    assert curve[-1] == 0.0


def test_a_failed_lane_stays_failed(caplog: pytest.LogCaptureFixture) -> None:
    sender, run = FakeSender(), run_of(failing_at(0.1, ValueError("no")))
    with caplog.at_level(logging.ERROR):
        play(run, sender, 10)
    run.switch(HoldSource(FACE))
    run.rest(1.0)
    run.finish()
    play(run, sender)
    assert run.status.phase is Phase.FAILED
    assert sender.curve(17)[-1] == 0.0


def test_an_abandoned_lane_is_over() -> None:
    run = run_of(HoldSource(FACE))
    run.abandon("sending failed")
    assert run.status.phase.over
    assert run.status.reason == "sending failed"
    assert run.fire(99.0, FakeSender().out) == []


def test_lateness_is_reported() -> None:
    sender, run = FakeSender(), run_of(HoldSource(FACE))
    for _ in range(40):
        due_s = run.next_due_s
        assert due_s is not None
        sender.now = lambda due_s=due_s: due_s + 0.001
        run.fire(due_s + 0.0005, sender.out)
    assert run.status.lateness.p50_s == pytest.approx(0.001, rel=0.06)
    assert run.status.lateness.count == 33


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"subject": "  "}, "needs a name"),
        ({"subject": "x" * 1200}, "cannot be sent"),
        ({"rate": FrameRate(1, 2)}, "paced at"),
        ({"rate": FrameRate(2000)}, "paced at"),
        ({"fade_s": 11.0}, "0 to 10 seconds"),
        ({"fade_s": math.nan}, "0 to 10 seconds"),
    ],
)
def test_a_lane_out_of_form_is_refused(more: dict, what: str) -> None:
    with pytest.raises(SourceError, match=what):
        Lane(**{"subject": "Ada", "device_id": ID, "source": HoldSource(), **more})


def test_a_recording_is_no_paced_source() -> None:
    source = RecordingSource([TimedPacket(0.0, b"x")])
    with pytest.raises(TypeError, match="its own times"):
        PacedRun(lane(source), 0.0, FrameTime(0))
