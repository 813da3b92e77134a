"""Streams: what is said about a sender, packet by packet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livelink.errors import PacketFault
from livelink.recording import read_packets
from livelink.stream import (
    IDLE_S,
    MAX_SUBJECTS,
    ClockJumped,
    FaceFound,
    FaceLost,
    Fed,
    FrameLate,
    FrameRepeated,
    FramesMissing,
    NameClash,
    NamesFlapping,
    NewSubject,
    PacketMalformed,
    RateChanged,
    Renamed,
    Streams,
    SubjectForgotten,
    SubjectRefused,
    SubjectStats,
)
from livelink.timecode import SECONDS_PER_DAY, FrameRate
from tests.helpers.packets import DEVICE, PEER, REAL, packet


class Feed:
    """Feeds packets at 60 Hz, one frame on each time."""

    def __init__(self) -> None:
        self.streams = Streams()
        self.now_s = 100.0
        self.frame = 1_000

    def __call__(self, *, step: int = 1, wait_s: float | None = None, **fields: object) -> Fed:
        self.frame += step
        self.now_s += step / 60 if wait_s is None else wait_s
        data = packet(**{"frame": self.frame, **fields})  # type: ignore[arg-type]
        return self.streams.feed(data, self.now_s, PEER)

    def kinds(self, **fields: object) -> list[type]:
        return [type(event) for event in self(**fields).events]  # type: ignore[arg-type]

    @property
    def stats(self) -> SubjectStats:
        (stats,) = self.streams.snapshot().subjects
        return stats


def test_a_steady_stream_is_quiet_and_measured() -> None:
    feed = Feed()
    assert feed().events == (
        NewSubject(100.0 + 1 / 60, DEVICE, "Facewright", PEER),  # type: ignore[arg-type]
    )
    for _ in range(200):
        fed = feed()
        assert fed.fresh
        assert fed.events == ()
    stats = feed.stats
    assert stats.packets == 201
    assert stats.measured_fps == pytest.approx(60.0)
    assert stats.jitter_s == pytest.approx(0.0, abs=1e-9)
    assert (stats.gaps, stats.missing, stats.late, stats.repeated, stats.jumps) == (0, 0, 0, 0, 0)
    assert stats.last_frame.time.frame == feed.frame
    assert stats.last_frame is stats.last_face
    assert stats.peer == PEER


def test_jitter_is_that_of_rfc_3550() -> None:
    feed = Feed()
    feed()
    for _ in range(300):
        feed(wait_s=1 / 60 + 0.004)
        feed(wait_s=1 / 60 - 0.004)
    assert feed.stats.jitter_s == pytest.approx(0.004, rel=1e-3)


def test_gaps_are_counted() -> None:
    feed = Feed()
    for _ in range(20):
        feed()
    assert feed(step=4).events == (FramesMissing(feed.now_s, DEVICE, 3),)  # type: ignore[arg-type]
    feed()
    assert feed.kinds(step=8) == [FramesMissing]
    assert (feed.stats.gaps, feed.stats.missing, feed.stats.longest_gap) == (2, 10, 7)


def test_a_gap_right_after_the_first_packet_is_seen() -> None:
    feed = Feed()
    feed()
    assert feed.kinds(step=6) == [FramesMissing]
    assert feed.stats.missing == 5
    assert feed.kinds() == []


def test_thirty_fps_under_the_label_sixty_has_no_gaps() -> None:
    feed = Feed()
    feed()
    for _ in range(50):
        assert feed.kinds(step=2) == []
    assert feed.kinds(step=4) == [FramesMissing]
    assert feed.stats.missing == 1
    assert feed.kinds(step=1) == []  # an odd step now and then, as real takes have it
    assert feed.kinds(step=2) == []


def test_a_real_phones_clock_has_no_gaps() -> None:
    feed = Feed()
    feed()
    for index in range(1, 1_500):
        clock = 1_001.25 + index * 1.0016
        assert feed.kinds(frame=int(clock), subframe=clock % 1.0) == []


def test_late_and_repeated_frames_are_not_fresh() -> None:
    feed = Feed()
    for _ in range(5):
        feed()
    newest = feed.stats.last_frame
    fed = feed(step=0, frame=feed.frame - 2)
    assert [type(event) for event in fed.events] == [FrameLate]
    assert fed.frame is not None
    assert not fed.fresh
    fed = feed(step=0)
    assert fed.events == (FrameRepeated(feed.now_s, DEVICE, True),)  # type: ignore[arg-type]
    assert not fed.fresh
    assert feed.stats.last_frame is newest
    # The same time with another face: a sender that counts badly, but news all the same.
    fed = feed(step=0, values=[0.5] * 61)
    assert fed.events == (FrameRepeated(feed.now_s, DEVICE, False),)  # type: ignore[arg-type]
    assert fed.fresh
    assert (feed.stats.late, feed.stats.repeated) == (1, 2)


def test_midnight_is_no_jump() -> None:
    feed = Feed()
    feed.frame = SECONDS_PER_DAY * 60 - 3
    feed()
    feed()
    assert feed.kinds(frame=0) == []
    assert feed.kinds(step=0, frame=SECONDS_PER_DAY * 60 - 1) == [FrameLate]
    feed.frame = 0
    assert feed.kinds() == []


@pytest.mark.parametrize("jump", [60 * 60, -60 * 60])
def test_a_clock_set_on_the_phone_is_a_jump_not_a_gap(jump: int) -> None:
    feed = Feed()
    for _ in range(5):
        feed()
    fed = feed(step=jump + 1, wait_s=1 / 60)
    assert [type(event) for event in fed.events] == [ClockJumped]
    assert fed.fresh
    assert feed.kinds() == []
    assert (feed.stats.jumps, feed.stats.missing) == (1, 0)


def test_a_clock_set_back_a_little_is_followed_after_a_few_frames() -> None:
    feed = Feed()
    for _ in range(5):
        feed()
    feed.frame -= 30
    seen = [feed.kinds(wait_s=1 / 60) for _ in range(9)]
    assert seen == [[FrameLate]] * 7 + [[ClockJumped]] + [[]]


def test_a_pause_with_its_frames_missing_is_a_gap() -> None:
    feed = Feed()
    for _ in range(5):
        feed()
    assert feed.kinds(step=600) == [FramesMissing]
    assert feed.stats.measured_fps == pytest.approx(60.0)  # a pause is no cadence


def test_faces_lost_and_found() -> None:
    feed = Feed()
    assert feed.kinds(face=False) == [NewSubject, FaceLost]
    assert feed.stats.last_face is None
    assert feed.kinds(face=False) == []
    assert feed.kinds() == [FaceFound]
    assert feed.kinds(face=False) == [FaceLost]
    assert feed.stats.no_face_share == 0.75
    assert feed.stats.last_face is not None
    assert not feed.stats.last_frame.has_face


def test_a_rate_change_starts_the_count_anew() -> None:
    feed = Feed()
    feed()
    fed = feed(rate=(30, 1), frame=500)
    assert fed.events == (
        RateChanged(feed.now_s, DEVICE, FrameRate(60), FrameRate(30)),  # type: ignore[arg-type]
    )
    assert fed.fresh


def test_renaming_is_seen_without_case_as_unreal_does() -> None:
    feed = Feed()
    feed()
    assert feed.kinds(subject=b"FACEWRIGHT") == []
    assert feed.kinds(device=DEVICE.lower().encode()) == []
    assert feed.kinds(subject=b"Facewright\0hidden") == []
    assert feed(subject=b"Zoe").events == (
        Renamed(feed.now_s, DEVICE, "Facewright", "Zoe"),  # type: ignore[arg-type]
    )
    assert feed.stats.subject == "Zoe"


def test_two_senders_with_one_id_flap_once_and_then_quietly() -> None:
    feed = Feed()
    feed()
    seen = []
    for _ in range(50):
        seen += feed.kinds(subject=b"Zoe")
        seen += feed.kinds()
    assert seen == [Renamed] * 3 + [NamesFlapping]
    assert feed.stats.renames == 100
    feed(step=300)
    assert feed.kinds(subject=b"Zoe") == [Renamed]  # a new episode


def test_two_devices_with_one_name_clash() -> None:
    feed = Feed()
    feed()
    fed = feed(device=b"other", subject=b"facewright")
    assert [type(event) for event in fed.events] == [NewSubject, NameClash]
    clash = fed.events[1]
    assert isinstance(clash, NameClash)
    assert (clash.device_id, clash.other) == ("other", DEVICE)
    feed(device=b"third", subject=b"Zoe")
    assert feed.kinds(device=b"third") == [Renamed, NameClash]


def test_no_clash_with_a_sender_long_gone() -> None:
    feed = Feed()
    feed()
    assert feed.kinds(device=b"other", wait_s=IDLE_S) == [NewSubject]


def test_damage_is_counted_by_kind() -> None:
    streams = Streams()
    for data in (b"", packet(version=5), packet(version=9), packet()[:-1]):
        fed = streams.feed(data, 1.0, PEER)
        assert fed.frame is None
        assert not fed.fresh
        (event,) = fed.events
        assert isinstance(event, PacketMalformed)
        assert event.peer == PEER
    stats = streams.snapshot()
    assert stats.malformed == {
        PacketFault.SIZE: 1,
        PacketFault.VERSION: 2,
        PacketFault.SHORT: 1,
    }
    assert "version 9" in stats.last_reason[PacketFault.VERSION]
    assert (stats.packets, stats.subjects) == (4, ())


def send(streams: Streams, device: int, now_s: float, times: int = 1) -> Fed:
    for _ in range(times):
        fed = streams.feed(packet(device=b"%d" % device, subject=b"%d" % device), now_s, PEER)
    return fed


def test_active_subjects_are_never_forgotten() -> None:
    streams = Streams()
    for device in range(MAX_SUBJECTS):
        send(streams, device, 0.0, times=10)
    fed = send(streams, 999, IDLE_S - 0.1)
    assert fed.frame is None
    assert [type(event) for event in fed.events] == [SubjectRefused]
    assert send(streams, 999, IDLE_S - 0.05).events == ()  # said once a second
    assert streams.snapshot().refused == 2
    for device in range(1, MAX_SUBJECTS):
        send(streams, device, IDLE_S)
    fed = send(streams, 999, IDLE_S)
    assert [type(event) for event in fed.events] == [SubjectForgotten, NewSubject]
    stats = streams.snapshot()
    assert "0" not in {subject.subject for subject in stats.subjects}
    assert stats.forgotten == 1


def test_a_flood_of_ids_neither_grows_nor_drives_out_a_phone() -> None:
    streams = Streams()
    send(streams, 0, 0.0, times=10)
    for index in range(1, 3_000):
        now_s = index / 1_000
        send(streams, index, now_s)
        if index % 16 == 0:
            assert send(streams, 0, now_s).frame is not None
    stats = streams.snapshot()
    assert len(stats.subjects) == MAX_SUBJECTS
    assert "0" in {subject.subject for subject in stats.subjects}
    # A second phone gets its place as soon as the noise has been silent for half a second.
    assert send(streams, 77_777, 3.5).frame is not None


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(-(2**31), 2**31 - 1) | st.integers(0, 200),
            st.sampled_from([(60, 1), (30, 1), (2**31 - 1, 1), (1, 2**31 - 1)]),
            st.floats(-10.0, 1e6),
            st.booleans(),
        ),
        max_size=80,
    )
)
def test_any_order_of_packets_is_taken(
    items: list[tuple[int, int, tuple[int, int], float, bool]],
) -> None:
    streams = Streams()
    for device, frame, rate, now_s, face in items:
        data = packet(device=b"%d" % device, frame=frame, rate=rate, face=face)
        assert streams.feed(data, now_s, PEER).frame is not None
    stats = streams.snapshot()
    assert sum(subject.packets for subject in stats.subjects) == len(items) == stats.packets
    for subject in stats.subjects:
        assert 0.0 <= subject.no_face_share <= 1.0
        assert subject.missing >= subject.longest_gap >= 0
        assert subject.jitter_s >= 0.0


@pytest.mark.skipif(not (REAL / "dao.gesichter").exists(), reason="no real recording here")
def test_a_real_stream_misses_the_seven_frames_it_misses() -> None:
    streams = Streams()
    events = []
    for item in read_packets(REAL / "dao.gesichter"):
        now_s = len(events) / 1e9 + streams.snapshot().packets / 59.963
        events += streams.feed(item.data, now_s, PEER).events
    assert [type(event) for event in events] == [NewSubject, FramesMissing]
    assert streams.snapshot().subjects[0].missing == 7
