"""Streams: who is sending, and what goes wrong on the way. Pure: datagrams and times come in.

Subjects are kept by device id, as Unreal keeps them (names and ids compared without case, cut at
an embedded NUL). `Streams.feed` takes one datagram and returns its frame and what happened; one
thread calls it and `snapshot`. Work a packet and memory are bounded whatever arrives: at most 32
subjects, malformed packets counted by a fixed set of faults.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from livelink.errors import PacketError, PacketFault
from livelink.frame import DeviceId, Frame
from livelink.packet import decode
from livelink.timecode import SECONDS_PER_DAY, FrameRate

MAX_SUBJECTS = 32
IDLE_S = 5.0
"""A subject that has been silent this long may be forgotten for a new one."""

_UNPROVEN_PACKETS = 10  # below this a subject may be noise or a flood ...
_UNPROVEN_IDLE_S = 0.5  # ... and is forgotten sooner
_REFUSALS_EVERY_S = 1.0
_JUMP_S = (
    2.0  # frame time ahead of or behind the arrivals by more is another clock, not the network
)
_LATE_RUN = 8  # so many late frames in a row are a clock set back, not reordering
_FLAPS, _FLAP_S = 3, 2.0
_PAUSE_S = 1.0  # longer intervals are interruptions and say nothing about the cadence
_STEPS = 9
_MIN_STEP = 0.2  # 300 packets a second at a label of 60

Peer = tuple[str, int]
"""Address and port a datagram came from."""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """Something that happened; `arrival_s` is when, on the clock of whoever feeds."""

    arrival_s: float


@dataclass(frozen=True, slots=True)
class PacketMalformed(StreamEvent):
    """A datagram that is no face packet."""

    peer: Peer
    fault: PacketFault
    reason: str


@dataclass(frozen=True, slots=True)
class SubjectEvent(StreamEvent):
    """Something that happened to one sender."""

    device_id: DeviceId


@dataclass(frozen=True, slots=True)
class NewSubject(SubjectEvent):
    """The first packet of a device id."""

    subject: str
    peer: Peer


@dataclass(frozen=True, slots=True)
class SubjectForgotten(SubjectEvent):
    """An idle subject made room for a new one."""

    subject: str


@dataclass(frozen=True, slots=True)
class SubjectRefused(SubjectEvent):
    """There is no room: 32 subjects are active. Said once a second, counted always."""

    subject: str


@dataclass(frozen=True, slots=True)
class Renamed(SubjectEvent):
    """A device goes on under another name; Unreal removes the old subject and makes a new one."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NamesFlapping(SubjectEvent):
    """One device id under alternating names: two senders share it, and Unreal thrashes.

    Said once an episode; the single renames within it are not reported.
    """

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameClash(SubjectEvent):
    """Two active devices send under one name; Unreal interleaves them into one subject."""

    subject: str
    other: DeviceId


@dataclass(frozen=True, slots=True)
class FramesMissing(SubjectEvent):
    """A gap in the frame times: `frames` never came (or come late)."""

    frames: int


@dataclass(frozen=True, slots=True)
class FrameLate(SubjectEvent):
    """A frame older than the newest, by `frames` of its rate."""

    frames: float


@dataclass(frozen=True, slots=True)
class FrameRepeated(SubjectEvent):
    """The same frame time again; `identical` when the whole datagram is a duplicate."""

    identical: bool


@dataclass(frozen=True, slots=True)
class ClockJumped(SubjectEvent):
    """The sender's clock was set, or the sender restarted; + is forwards."""

    seconds: float


@dataclass(frozen=True, slots=True)
class RateChanged(SubjectEvent):
    """The frame rate on the wire changed; in Timecode mode Unreal empties its buffer."""

    old: FrameRate
    new: FrameRate


@dataclass(frozen=True, slots=True)
class FaceLost(SubjectEvent):
    """The sender stopped seeing a face."""


@dataclass(frozen=True, slots=True)
class FaceFound(SubjectEvent):
    """The sender sees a face again."""


@dataclass(frozen=True, slots=True)
class Fed:
    """What one datagram brought.

    Attributes:
        frame: Its frame; None when it was malformed or its subject was refused.
        fresh: Whether the frame is the newest of its subject (not late, not a duplicate).
        events: What happened, usually nothing.
    """

    frame: Frame | None
    fresh: bool
    events: tuple[StreamEvent, ...]


@dataclass(frozen=True, slots=True)
class SubjectStats:
    """One sender, as of its last packet.

    Attributes:
        device_id, subject, peer: Who and from where.
        first_s, last_s: Arrival of its first and last packet.
        packets: All of its valid packets.
        measured_fps: Packets a second lately, by arrival; 0.0 until there are two.
        jitter_s: Inter-arrival jitter against frame time (RFC 3550, section 6.4.1).
        gaps, missing, longest_gap: Number of gaps, frames missing in all and in the longest.
        late, repeated, jumps, renames: Counts of these events.
        no_face_share: Share of packets without a face, 0 to 1.
        last_frame: The newest frame, with or without a face.
        last_face: The newest frame with a face, or None.
    """

    device_id: DeviceId
    subject: str
    peer: Peer
    first_s: float
    last_s: float
    packets: int
    measured_fps: float
    jitter_s: float
    gaps: int
    missing: int
    longest_gap: int
    late: int
    repeated: int
    jumps: int
    renames: int
    no_face_share: float
    last_frame: Frame
    last_face: Frame | None


@dataclass(frozen=True, slots=True)
class StreamsStats:
    """Everything at one moment.

    Attributes:
        subjects: The kept senders, longest silent first.
        packets: All datagrams fed, malformed ones included.
        malformed: Count by fault.
        last_reason: The latest reason in words, by fault.
        refused: Valid packets of subjects there was no room for.
        forgotten: Subjects dropped for new ones.
    """

    subjects: tuple[SubjectStats, ...]
    packets: int
    malformed: Mapping[PacketFault, int]
    last_reason: Mapping[PacketFault, str]
    refused: int
    forgotten: int


def name_key(name: str) -> str:
    """Return what Unreal compares of a name or id: up to a NUL, without case."""
    return name.partition("\0")[0].casefold()


class Streams:
    """Bookkeeping of every sender heard. One thread; see the module."""

    def __init__(self) -> None:
        self._tracks: OrderedDict[str, _Track] = OrderedDict()  # longest silent first
        self._packets = 0
        self._malformed: Counter[PacketFault] = Counter()
        self._last_reason: dict[PacketFault, str] = {}
        self._refused = 0
        self._refusal_told_s = float("-inf")
        self._forgotten = 0

    def feed(self, data: bytes, arrival_s: float, peer: Peer) -> Fed:
        """Take one datagram.

        Args:
            data: As it arrived.
            arrival_s: When, seconds on one monotonic clock.
            peer: From where.
        """
        self._packets += 1
        try:
            frame = decode(data)
        except PacketError as exc:
            self._malformed[exc.fault] += 1
            self._last_reason[exc.fault] = str(exc)
            return Fed(None, False, (PacketMalformed(arrival_s, peer, exc.fault, str(exc)),))
        key = name_key(frame.device_id)
        events: list[StreamEvent] = []
        track = self._tracks.get(key)
        if track is None:
            if not self._make_room(frame, arrival_s, events):
                return Fed(None, False, tuple(events))
            track = self._tracks[key] = _Track(frame, arrival_s, peer)
            events.append(NewSubject(arrival_s, frame.device_id, frame.subject, peer))
            self._check_clash(track, arrival_s, events)
        else:
            self._tracks.move_to_end(key)
            if track.check_name(frame, arrival_s, events):
                self._check_clash(track, arrival_s, events)
        fresh = track.take(frame, data, arrival_s, events)
        track.peer = peer
        return Fed(frame, fresh, tuple(events))

    def snapshot(self) -> StreamsStats:
        """Return the statistics so far, frozen."""
        return StreamsStats(
            subjects=tuple(track.stats() for track in self._tracks.values()),
            packets=self._packets,
            malformed=MappingProxyType(dict(self._malformed)),
            last_reason=MappingProxyType(dict(self._last_reason)),
            refused=self._refused,
            forgotten=self._forgotten,
        )

    def _make_room(self, frame: Frame, now_s: float, events: list[StreamEvent]) -> bool:
        if len(self._tracks) < MAX_SUBJECTS:
            return True
        for key, track in self._tracks.items():
            if track.is_idle(now_s):
                del self._tracks[key]
                self._forgotten += 1
                events.append(SubjectForgotten(now_s, track.device_id, track.subject))
                return True
        self._refused += 1
        if now_s - self._refusal_told_s >= _REFUSALS_EVERY_S:
            self._refusal_told_s = now_s
            events.append(SubjectRefused(now_s, frame.device_id, frame.subject))
        return False

    def _check_clash(self, track: _Track, now_s: float, events: list[StreamEvent]) -> None:
        for other in self._tracks.values():
            if (
                other is not track
                and name_key(other.subject) == name_key(track.subject)
                and now_s - other.last_s < IDLE_S
            ):
                events.append(NameClash(now_s, track.device_id, track.subject, other.device_id))
                return


class _Track:
    """One sender's state."""

    def __init__(self, frame: Frame, arrival_s: float, peer: Peer) -> None:
        self.device_id = frame.device_id
        self.subject = frame.subject
        self.peer = peer
        self.first_s = self.last_s = arrival_s
        self.packets = 0
        self._no_face = 0
        self._newest: Frame = frame
        self._newest_data = b""
        self._newest_s = arrival_s
        self._newest_face: Frame | None = None
        self._interval_s = 0.0
        self._intervals = 0
        self._jitter_s = 0.0
        self._steps: deque[float] = deque(maxlen=_STEPS)
        self._gaps = self._missing = self._longest_gap = 0
        self._late = self._late_run = self._repeated = self._jumps = self._renames = 0
        self._rename_times: deque[float] = deque(maxlen=_FLAPS)
        self._flapping = False

    def is_idle(self, now_s: float) -> bool:
        patience_s = IDLE_S if self.packets >= _UNPROVEN_PACKETS else _UNPROVEN_IDLE_S
        return now_s - self.last_s >= patience_s

    def check_name(self, frame: Frame, now_s: float, events: list[StreamEvent]) -> bool:
        """Note a rename; return whether it should be checked against other subjects."""
        old, new = self.subject, frame.subject
        if old == new or name_key(old) == name_key(new):
            return False
        self.subject = new
        self._renames += 1
        if self._rename_times and now_s - self._rename_times[-1] >= _FLAP_S:
            self._rename_times.clear()
            self._flapping = False
        self._rename_times.append(now_s)
        if self._flapping:
            return False
        events.append(Renamed(now_s, self.device_id, old, new))
        if len(self._rename_times) == _FLAPS and now_s - self._rename_times[0] < _FLAP_S:
            self._flapping = True
            events.append(NamesFlapping(now_s, self.device_id, (old, new)))
        return True

    def take(self, frame: Frame, data: bytes, arrival_s: float, events: list[StreamEvent]) -> bool:
        """Count a frame; return whether it is the newest."""
        first = self.packets == 0
        self.packets += 1
        self._no_face += not frame.has_face
        self._measure(arrival_s - self.last_s, first=first)
        self.last_s = arrival_s
        if not first and not self._follow(frame, data, arrival_s, events):
            return False
        if frame.has_face:
            if not first and not self._newest.has_face:
                events.append(FaceFound(arrival_s, self.device_id))
            self._newest_face = frame
        elif first or self._newest.has_face:
            events.append(FaceLost(arrival_s, self.device_id))
        self._newest, self._newest_data, self._newest_s = frame, data, arrival_s
        return True

    def _measure(self, interval_s: float, *, first: bool) -> None:
        if first or not 0.0 <= interval_s <= _PAUSE_S:
            return
        self._intervals = min(self._intervals + 1, 64)
        self._interval_s += (interval_s - self._interval_s) / self._intervals

    def _follow(
        self, frame: Frame, data: bytes, arrival_s: float, events: list[StreamEvent]
    ) -> bool:
        """Compare with the newest frame; return whether this one is newer."""
        if frame.rate != self._newest.rate:
            events.append(RateChanged(arrival_s, self.device_id, self._newest.rate, frame.rate))
            self._steps.clear()
            return True
        step = self._step_from_newest(frame)
        if step == 0.0:
            self._repeated += 1
            identical = data == self._newest_data
            events.append(FrameRepeated(arrival_s, self.device_id, identical))
            return not identical
        step_s = step / frame.rate.fps
        waited_s = arrival_s - self._newest_s
        self._late_run = self._late_run + 1 if step < 0 else 0
        jumped_back = step_s < -_JUMP_S or self._late_run >= _LATE_RUN
        if jumped_back or step_s - waited_s > _JUMP_S:
            self._jumps += 1
            self._late_run = 0
            events.append(ClockJumped(arrival_s, self.device_id, step_s))
            return True
        if step < 0:
            self._late += 1
            events.append(FrameLate(arrival_s, self.device_id, -step))
            return False
        self._jitter_s += (abs(waited_s - step_s) - self._jitter_s) / 16
        self._count_gap(step, arrival_s, events)
        return True

    def _step_from_newest(self, frame: Frame) -> float:
        """Return the frames from the newest one to this, midnight taken as no jump."""
        newest = self._newest.time
        step = (frame.time.frame - newest.frame) + (frame.time.subframe - newest.subframe)
        day = SECONDS_PER_DAY * frame.rate.fps
        if step < -day / 2:
            return step + day
        return step - day if step > day / 2 else step

    def _count_gap(self, step: float, arrival_s: float, events: list[StreamEvent]) -> None:
        # The step is measured, not taken as 1: a phone at 30 fps counts every second frame of 60.
        # A low quantile, so that losses do not pass for a slower camera.
        usual = sorted(self._steps)[len(self._steps) // 3] if self._steps else min(step, 2.0)
        if not self._steps and step > 2.5:
            usual = 1.0
        self._steps.append(step if self._steps or step <= 2.5 else usual)
        missing = round(step / max(usual, _MIN_STEP)) - 1
        if missing > 0:
            self._gaps += 1
            self._missing += missing
            self._longest_gap = max(self._longest_gap, missing)
            events.append(FramesMissing(arrival_s, self.device_id, missing))

    def stats(self) -> SubjectStats:
        return SubjectStats(
            device_id=self.device_id,
            subject=self.subject,
            peer=self.peer,
            first_s=self.first_s,
            last_s=self.last_s,
            packets=self.packets,
            measured_fps=1.0 / self._interval_s if self._interval_s > 0.0 else 0.0,
            jitter_s=self._jitter_s,
            gaps=self._gaps,
            missing=self._missing,
            longest_gap=self._longest_gap,
            late=self._late,
            repeated=self._repeated,
            jumps=self._jumps,
            renames=self._renames,
            no_face_share=self._no_face / self.packets,
            last_frame=self._newest,
            last_face=self._newest_face,
        )
