"""Unreal's listener, simulated: taken, ignored, and what ends a tick."""

from __future__ import annotations

import math
import struct

import pytest

from livelink.unreal import MAX_SUBJECTS, Outcome, UnrealListener, Verdict
from tests.helpers.packets import DEVICE, packet, ramp


def judge(data: bytes) -> Verdict:
    (verdict,) = UnrealListener().tick([data], 0.0)
    return verdict


def test_a_face_is_shown() -> None:
    listener = UnrealListener()
    (verdict,) = listener.tick([packet()], 1.0)
    assert verdict == Verdict(Outcome.SHOWN, "a new subject", (), "Facewright")
    (subject,) = listener.report().subjects
    assert (subject.device_id, subject.name, subject.frames) == (DEVICE, "Facewright", 1)
    assert subject.values == tuple(ramp())
    assert subject.scene_time == (1_000, 0.25, 60, 1)
    assert subject.responsive
    assert listener.report().findings == ()


@pytest.mark.parametrize(
    ("data", "outcome", "words"),
    [
        (packet(face=False), Outcome.IGNORED, "without a face"),
        (b"", Outcome.IGNORED, "0 bytes"),
        (packet()[:266], Outcome.IGNORED, "266"),
        (packet()[:267], Outcome.IGNORED, "within its values"),
        (packet() + bytes(1286), Outcome.IGNORED, "1286"),
        (packet(version=5), Outcome.ENDED_TICK, "version 5"),
        (packet(count=52), Outcome.ENDED_TICK, "52 channels"),
        (b"\x06" + struct.pack("!i", -1) + bytes(300), Outcome.ENDED_TICK, "-1 bytes"),
        (b"\x06" + struct.pack("!i", 900) + bytes(300), Outcome.ENDED_TICK, "900 bytes"),
        (b"\x06" + struct.pack("!i", 285) + bytes(285), Outcome.ENDED_TICK, "name"),
        (packet(device=bytes(280), face=False), Outcome.ENDED_TICK, "channel count"),
    ],
)
def test_what_is_not_shown(data: bytes, outcome: Outcome, words: str) -> None:
    verdict = judge(data)
    assert verdict.outcome is outcome
    assert words in verdict.reason


def test_a_face_with_both_names_empty_passes_the_size() -> None:
    verdict = judge(packet(device=b"", subject=b""))
    assert verdict.outcome is Outcome.SHOWN
    assert len(verdict.warnings) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (packet(rate=(30, 0)), "denominator"),
        (packet(rate=(0, 1)), "numerator"),
        (packet(frame=-1), "negative"),
        (packet(values=[math.nan] * 61), "finite"),
        (packet() + b"x", "behind the values"),
    ],
)
def test_what_is_shown_although_it_is_odd(data: bytes, words: str) -> None:
    verdict = judge(data)
    assert verdict.outcome is Outcome.SHOWN
    assert words in " ".join(verdict.warnings)


def test_another_version_leaves_the_rest_for_the_next_tick() -> None:
    listener = UnrealListener()
    verdicts = listener.tick([packet(), packet(version=5), packet(), packet(version=5)], 0.0)
    assert [verdict.outcome for verdict in verdicts] == [Outcome.SHOWN, Outcome.ENDED_TICK]
    assert listener.report().queued == 2
    verdicts = listener.tick([packet()], 0.02)
    assert [verdict.outcome for verdict in verdicts] == [Outcome.SHOWN, Outcome.ENDED_TICK]
    assert len(listener.tick([], 0.04)) == 1
    assert listener.tick([], 0.06) == ()


def test_frames_that_stop_stay_on_the_face() -> None:
    listener = UnrealListener()
    listener.tick([packet()], 1.0)
    listener.tick([], 1.49)
    assert listener.report().subjects[0].responsive
    listener.tick([], 1.5)
    (subject,) = listener.report().subjects
    assert not subject.responsive
    assert subject.values == tuple(ramp())
    assert "does not return to neutral" in listener.report().findings[0]


def test_a_face_that_ended_in_neutral_is_no_finding() -> None:
    listener = UnrealListener()
    listener.tick([packet(values=[0.0] * 60 + [0.004])], 1.0)
    listener.tick([], 2.0)
    assert not listener.report().subjects[0].responsive
    assert listener.report().findings == ()


def test_names_and_ids_have_no_case_and_end_at_a_nul() -> None:
    listener = UnrealListener()
    same = [
        packet(),
        packet(subject=b"FACEWRIGHT"),
        packet(device=DEVICE.lower().encode()),
        packet(subject=b"Facewright\0hidden"),
    ]
    assert {verdict.subject for verdict in listener.tick(same, 0.0)} == {"Facewright"}
    (subject,) = listener.report().subjects
    assert (subject.frames, subject.created) == (4, 1)


def test_a_new_name_is_a_new_subject() -> None:
    listener = UnrealListener()
    listener.tick([packet()], 0.0)
    (verdict,) = listener.tick([packet(subject=b"Zoe")], 1.0)
    assert "'Facewright': that subject is removed" in verdict.reason
    (subject,) = listener.report().subjects
    assert (subject.name, subject.frames, subject.created) == ("Zoe", 1, 2)
    assert not subject.thrashing


def test_one_id_with_two_names_thrashes() -> None:
    listener = UnrealListener()
    for tick in range(10):
        listener.tick([packet(), packet(subject=b"Zoe")], tick / 60)
    (subject,) = listener.report().subjects
    assert subject.thrashing
    assert subject.created == 20
    assert "share one device id" in listener.report().findings[0]
    listener.tick([], 10.0)
    assert not listener.report().subjects[0].thrashing


def test_two_ids_with_one_name_interleave() -> None:
    listener = UnrealListener()
    listener.tick([packet(), packet(device=b"other")], 0.0)
    assert len(listener.report().subjects) == 2
    assert "2 devices send as 'Facewright'" in listener.report().findings[0]


def test_a_burst_collapses_into_one_moment() -> None:
    listener = UnrealListener()
    listener.tick([packet(frame=index) for index in range(5)], 0.0)
    assert listener.report().collapsed == 4
    assert listener.report().subjects[0].scene_time[0] == 4


def test_a_flood_is_bounded() -> None:
    listener = UnrealListener()
    listener.tick([packet(version=5)] * 5_000, 0.0)
    assert listener.report().queued == 4_095
    assert listener.report().overflowed == 5_000 - 4_096
    listener = UnrealListener()
    listener.tick([packet(device=b"%d" % index) for index in range(1_000)], 0.0)
    assert len(listener.report().subjects) == MAX_SUBJECTS
