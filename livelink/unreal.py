"""Unreal's Live Link Face listener, simulated: what it would take, show and refuse, and why.

Pure, and on purpose a second reading of the packet beside `livelink.packet`: it follows the
engine's rules (Unreal 5.8, AppleARKitLiveLinkSource and LiveLinkSubject), not ours, so that a
packet which we call damaged but Unreal would show is seen as such. Where no source told what
Unreal does, the text says 'likely'.
"""

from __future__ import annotations

import enum
import math
import struct
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from livelink.channels import CHANNEL_COUNT
from livelink.packet import MAX_PACKET_BYTES, VERSION
from livelink.stream import name_key

MIN_PACKET_BYTES = 266
"""Only longer datagrams are looked at; a no-face packet never is."""

MAX_NAME_CHARS = 1023
"""Longest FName."""

UNRESPONSIVE_S = 0.5
"""A subject without a frame for this long turns yellow in the Live Link window."""

MAX_SUBJECTS = 256
"""Ours, not Unreal's: a simulation fed by a flood stops making new subjects here."""

_MAX_QUEUE = 4096  # stands for the socket's receive buffer
_THRASH, _THRASH_S = 4, 2.0
_NEUTRAL = 0.02  # of any channel: nobody sees less on a face
_TIME = struct.Struct("!ifii")
_VALUES = struct.Struct(f"!{CHANNEL_COUNT}f")


class Outcome(enum.Enum):
    """What happens to one datagram."""

    SHOWN = "shown"
    IGNORED = "ignored"
    ENDED_TICK = "ignored, and the tick ends there"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Unreal does with one datagram, and why.

    Attributes:
        outcome: Shown or not.
        reason: In words.
        warnings: What is odd about a packet that is shown all the same.
        subject: The subject it goes to, or None.
    """

    outcome: Outcome
    reason: str
    warnings: tuple[str, ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class UnrealSubject:
    """One row of the Live Link window.

    Attributes:
        device_id, name: As the packet that created it wrote them (cut at a NUL).
        frames: Frames published to it.
        created: How often it was created; more than once means that its name changed.
        last_s: When its last frame was published.
        responsive: Green; False after UNRESPONSIVE_S without a frame.
        thrashing: Its device id goes by several names at once.
        scene_time: Frame, subframe, rate numerator and denominator of the last frame.
        values: The 61 values on show: the last frame stays when frames stop.
    """

    device_id: str
    name: str
    frames: int
    created: int
    last_s: float
    responsive: bool
    thrashing: bool
    scene_time: tuple[int, float, int, int]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class UnrealReport:
    """The listener's state.

    Attributes:
        subjects: By creation.
        outcomes: How many datagrams met each outcome.
        collapsed: Frames published in one tick with a later one of the same subject: by arrival
            time they count as one moment, so that only the last is seen.
        queued: Datagrams waiting for the next tick.
        overflowed: Datagrams lost because the queue was full.
        findings: What the user should know, in sentences.
    """

    subjects: tuple[UnrealSubject, ...]
    outcomes: Mapping[Outcome, int]
    collapsed: int
    queued: int
    overflowed: int
    findings: tuple[str, ...]


@dataclass(slots=True)
class _Subject:
    device_id: str
    name: str
    created: int
    scene_time: tuple[int, float, int, int]
    values: tuple[float, ...]
    frames: int = 0
    last_s: float = 0.0
    renames: deque[float] | None = None


@dataclass(frozen=True, slots=True)
class _Packet:
    device_id: str
    subject: str
    scene_time: tuple[int, float, int, int]
    values: tuple[float, ...]


def _is_neutral(values: tuple[float, ...]) -> bool:
    return all(abs(value) <= _NEUTRAL for value in values)  # false for NaN


class _Damage(Exception):  # noqa: N818  # internal: an outcome on its way, not an error
    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


class UnrealListener:
    """Simulates the listener on one port. One thread."""

    def __init__(self) -> None:
        self._queue: deque[bytes] = deque()
        self._overflowed = 0
        self._subjects: dict[str, _Subject] = {}  # by device id, as FName compares it
        self._outcomes: Counter[Outcome] = Counter()
        self._warnings: Counter[str] = Counter()
        self._collapsed = 0
        self._now_s = float("-inf")

    def tick(self, packets: Iterable[bytes], now_s: float) -> tuple[Verdict, ...]:
        """Run one engine tick.

        Args:
            packets: The datagrams that arrived since the last tick; they queue behind those left.
            now_s: The engine's clock, seconds.

        Returns:
            A verdict for each datagram taken from the queue, in order. After ENDED_TICK the rest
            waits for the next tick.
        """
        self._now_s = now_s
        for data in packets:
            if len(self._queue) < _MAX_QUEUE:
                self._queue.append(data)
            else:
                self._overflowed += 1
        verdicts: list[Verdict] = []
        published: Counter[str] = Counter()
        while self._queue:
            verdict = self._judge(self._queue.popleft(), published)
            verdicts.append(verdict)
            self._outcomes[verdict.outcome] += 1
            self._warnings.update(verdict.warnings)
            if verdict.outcome is Outcome.ENDED_TICK:
                break
        self._collapsed += sum(count - 1 for count in published.values())
        return tuple(verdicts)

    def report(self) -> UnrealReport:
        """Return the state as of the last tick."""
        subjects = tuple(self._show(subject) for subject in self._subjects.values())
        return UnrealReport(
            subjects=subjects,
            outcomes=MappingProxyType(dict(self._outcomes)),
            collapsed=self._collapsed,
            queued=len(self._queue),
            overflowed=self._overflowed,
            findings=self._findings(subjects),
        )

    def _judge(self, data: bytes, published: Counter[str]) -> Verdict:
        try:
            packet = _read(data)
        except _Damage as damage:
            return Verdict(damage.outcome, damage.reason)
        key = name_key(packet.device_id)
        if key not in self._subjects and len(self._subjects) >= MAX_SUBJECTS:
            return Verdict(Outcome.IGNORED, f"the simulation keeps {MAX_SUBJECTS} subjects")
        subject, reason = self._subject_of(key, packet)
        subject.frames += 1
        subject.last_s = self._now_s
        subject.scene_time, subject.values = packet.scene_time, packet.values
        published[key] += 1
        return Verdict(Outcome.SHOWN, reason, _warnings(data, packet), subject.name)

    def _subject_of(self, key: str, packet: _Packet) -> tuple[_Subject, str]:
        known = self._subjects.get(key)
        if known is not None and name_key(known.name) == name_key(packet.subject):
            return known, "a frame of a known subject"
        made = _Subject(
            packet.device_id,
            packet.subject,
            1 if known is None else known.created + 1,
            packet.scene_time,
            packet.values,
        )
        self._subjects[key] = made
        if known is None:
            return made, "a new subject"
        made.renames = known.renames or deque(maxlen=_THRASH)
        made.renames.append(self._now_s)
        return made, f"the device was {known.name!r}: that subject is removed, a new one created"

    def _is_thrashing(self, subject: _Subject) -> bool:
        times = subject.renames
        return (
            times is not None and len(times) == _THRASH and times[-1] - times[0] <= _THRASH_S
        ) and self._now_s - times[-1] <= _THRASH_S

    def _show(self, subject: _Subject) -> UnrealSubject:
        return UnrealSubject(
            device_id=subject.device_id,
            name=subject.name,
            frames=subject.frames,
            created=subject.created,
            last_s=subject.last_s,
            responsive=self._now_s - subject.last_s < UNRESPONSIVE_S,
            thrashing=self._is_thrashing(subject),
            scene_time=subject.scene_time,
            values=subject.values,
        )

    def _findings(self, subjects: Iterable[UnrealSubject]) -> tuple[str, ...]:
        found = []
        by_name: dict[str, list[UnrealSubject]] = {}
        for subject in subjects:
            by_name.setdefault(name_key(subject.name), []).append(subject)
            if subject.thrashing:
                found.append(
                    f"device {subject.device_id!r} goes by several names at once, {subject.name!r} "
                    "last: two senders share one device id; give each its own"
                )
            elif not (subject.responsive or _is_neutral(subject.values)):
                found.append(
                    f"{subject.name!r} is unresponsive; its last frame stays on the face, "
                    "which does not return to neutral"
                )
        found += [
            f"{len(same)} devices send as {same[0].name!r}; Unreal interleaves them into one face; "
            "rename one"
            for same in by_name.values()
            if len(same) > 1
        ]
        found += [f"{text} ({count} packets)" for text, count in self._warnings.items()]
        return tuple(found)


def _read(data: bytes) -> _Packet:
    """Read a datagram by the engine's rules."""
    if len(data) > MAX_PACKET_BYTES:
        raise _Damage(
            Outcome.IGNORED, f"{len(data)} bytes do not fit the buffer of {MAX_PACKET_BYTES}"
        )
    if len(data) <= MIN_PACKET_BYTES:
        raise _Damage(
            Outcome.IGNORED,
            f"{len(data)} bytes are not more than {MIN_PACKET_BYTES}; "
            "a packet without a face is never looked at",
        )
    if data[0] != VERSION:
        raise _Damage(Outcome.ENDED_TICK, f"version {data[0]} is not {VERSION}")
    device, at = _read_name(data, 1)
    subject, at = _read_name(data, at)
    if at + _TIME.size + 1 > len(data):
        raise _Damage(Outcome.ENDED_TICK, "the packet ends before its channel count")
    frame, subframe, numerator, denominator = _TIME.unpack_from(data, at)
    at += _TIME.size
    if data[at] != CHANNEL_COUNT:
        raise _Damage(Outcome.ENDED_TICK, f"{data[at]} channels are not {CHANNEL_COUNT}")
    if at + 1 + _VALUES.size > len(data):
        raise _Damage(Outcome.IGNORED, "the packet ends within its values")
    clamped = min(max(subframe, 0.0), 1.0 - 2.0**-24)  # what FFrameTime does
    values = _VALUES.unpack_from(data, at + 1)
    return _Packet(device, subject, (frame, clamped, numerator, denominator), values)


def _read_name(data: bytes, at: int) -> tuple[str, int]:
    size = int.from_bytes(data[at : at + 4], "big", signed=True)
    start = at + 4
    if start > len(data) or not 0 <= size <= len(data) - start:
        raise _Damage(Outcome.ENDED_TICK, f"a name claims {size} bytes")
    name = data[start : start + size].decode(errors="replace").partition("\0")[0]
    if len(name) > MAX_NAME_CHARS:
        raise _Damage(Outcome.ENDED_TICK, f"a name of {len(name)} characters is no FName (likely)")
    return name, start + size


def _warnings(data: bytes, packet: _Packet) -> tuple[str, ...]:
    frame, _, numerator, denominator = packet.scene_time
    found = []
    if denominator <= 0:
        found.append("a rate denominator of 0 or less makes every frame look like one timecode")
    if numerator <= 0:
        found.append("a rate numerator of 0 or less makes the frame's time infinite")
    if frame < 0:
        found.append("a negative frame number is refused in Timecode mode")
    if not all(map(math.isfinite, packet.values)):
        found.append("a value is not finite, and Unreal does not check")
    if not packet.subject:
        found.append("the subject has no name")
    if not packet.device_id:
        found.append("the device id is empty; every sender without one is the same device")
    used = 9 + sum(_name_bytes(data)) + _TIME.size + 1 + _VALUES.size
    if used < len(data):
        found.append("there are bytes behind the values, which Unreal ignores")
    return tuple(found)


def _name_bytes(data: bytes) -> tuple[int, int]:
    first = int.from_bytes(data[1:5], "big")
    return first, int.from_bytes(data[5 + first : 9 + first], "big")
