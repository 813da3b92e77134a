"""Recorded packets on their way out, and the faces a fade starts from. No thread, no clock.

The engine's tx thread alone touches a `RecordedRun`; see `bridge.lanes` for what a run is.
"""

from __future__ import annotations

import logging
import math
from dataclasses import replace

from bridge.errors import SourceError
from bridge.lanes import (
    MAX_FPS,
    MIN_FPS,
    RATE_60,
    REPORT_EVERY,
    Lane,
    LaneStatus,
    PacedRun,
    Phase,
    Send,
)
from bridge.pacer import LatenessMeter
from bridge.sources import RecordingSource, TimedPacket, fade_to_neutral
from livelink.errors import PacketError
from livelink.frame import DeviceId, Frame
from livelink.packet import decode
from livelink.recording import Recording
from livelink.timecode import SECONDS_PER_DAY, FrameTime

_LOG = logging.getLogger(__name__)

STALL_S = 0.05
"""A recorded packet that is later than this moves what follows, so that nothing is bunched."""

_USUAL_STEP_S = 1 / 60
_MAX_STEP_S = 10.0  # more between two frame times is another session, not a pause
_MAX_FACES = 16  # subjects of one recording or relay that a fade remembers


def timed_packets(recording: Recording) -> tuple[TimedPacket, ...]:
    """Return a recording's packets with the times they are due.

    Arrival times where the file has them. Else the frame times that the packets carry; what does
    not decode, or says a time that goes back or jumps by more than 10 s, follows its predecessor
    by a sixtieth of a second.
    """
    due_s = 0.0
    before: float | None = None
    timed: list[TimedPacket] = []
    for packet in recording.packets:
        now = _stamped_s(packet.data) if packet.arrival_s is None else packet.arrival_s
        if timed:
            step_s = math.nan if now is None or before is None else now - before
            known = packet.arrival_s is not None
            due_s += step_s if step_s >= 0.0 and (known or step_s <= _MAX_STEP_S) else _USUAL_STEP_S
        before = before if now is None else now
        timed.append(TimedPacket(due_s, packet.data))
    return tuple(timed)


def _stamped_s(data: bytes) -> float | None:
    try:
        frame = decode(data)
    except PacketError:
        return None
    return float(frame.time.seconds(frame.rate))


class RecordedRun:
    """Sends a recording's packets byte for byte at their own times, and ends exactly.

    What is no sound frame is not sent but counted: no NaN leaves this computer. After a stall the
    rest of the recording is moved, so that packets keep their distances and none is lost.
    """

    def __init__(self, lane: Lane, start_s: float) -> None:
        """Prepare to play a lane whose source is a recording, from `start_s` on."""
        if not isinstance(lane.source, RecordingSource):
            raise TypeError("only a recording brings its own times")
        self.status = LaneStatus(lane.subject, lane.device_id)
        self._lane = lane
        self._source = lane.source
        self._start_s = start_s
        self._now_s = start_s
        self._count = 0
        self._faces = Faces()
        self._meter = LatenessMeter()

    @property
    def next_due_s(self) -> float | None:
        """When `fire` has something to do; None once the lane is over."""
        due_s = None if self.status.phase.over else self._source.due_s(self._count)
        return None if due_s is None else self._start_s + due_s

    def fire(self, now_s: float, send: Send) -> list[PacedRun]:
        """Send every packet due at `now_s`.

        Returns:
            Runs that fade what was shown, when the lane asks for a fade at its end.
        """
        self._now_s = now_s
        while (due_s := self.next_due_s) is not None and due_s <= now_s:
            if now_s - due_s > STALL_S:
                self._start_s += now_s - due_s
                self.status = replace(self.status, stalls=self.status.stalls + 1)
            self._send(due_s, send)
            self._count += 1
        if self.next_due_s is None and not self.status.phase.over:
            return self.finish()
        return []

    def finish(self, *, fade: bool | None = None) -> list[PacedRun]:
        """End here, without a fade unless asked for one.

        Returns:
            Runs that fade each face that was shown.
        """
        if self.status.phase.over:
            return []
        self.status = replace(
            self.status, phase=Phase.ENDED, lateness=self._meter.report(), time_s=self._time_s
        )
        wanted = bool(self._lane.fade) if fade is None else fade
        return self._faces.fades(self._now_s, self._lane.fade_s) if wanted else []

    def abandon(self, reason: str) -> None:
        """Give up without another packet: sending itself has failed."""
        self.status = replace(self.status, phase=Phase.FAILED, reason=self.status.reason or reason)

    @property
    def _time_s(self) -> float:
        return max(self._now_s - self._start_s, 0.0)

    def _send(self, due_s: float, send: Send) -> None:
        data = self._source.data(self._count)
        try:
            frame = decode(data)
        except PacketError as exc:
            _LOG.debug("Recorded packet %d is not sent: %s", self._count, exc)
            self.status = replace(self.status, refused=self.status.refused + 1)
            return
        self._meter.add(max(send(data) - due_s, 0.0))
        self._faces.see(frame)
        sent = self.status.sent + 1
        report = sent % REPORT_EVERY == 1
        self.status = replace(
            self.status,
            sent=sent,
            lateness=self._meter.report() if report else self.status.lateness,
            values=frame.values,
            time_s=self._time_s,
        )


class Faces:
    """The last face of each subject that passed through: what a fade would have to start from."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, DeviceId], Frame] = {}

    def see(self, frame: Frame) -> None:
        """Remember a frame that was sent; beyond 16 subjects the oldest is forgotten."""
        key = (frame.subject, frame.device_id)
        self._last.pop(key, None)
        self._last[key] = frame
        if len(self._last) > _MAX_FACES:
            self._last.pop(next(iter(self._last)))

    def fades(self, start_s: float, fade_s: float) -> list[PacedRun]:
        """Return runs that take each face to neutral, frame times continued."""
        runs = []
        for frame in self._last.values():
            if frame.values is None or not frame.values.any():
                continue
            rate, first = frame.rate, frame.time
            if not MIN_FPS <= rate.fps <= MAX_FPS:
                rate = RATE_60
                first = FrameTime.at(frame.time.seconds(frame.rate) % SECONDS_PER_DAY, rate)
            source = fade_to_neutral(frame.values, fade_s)
            try:
                lane = Lane(frame.subject, frame.device_id, source, rate, fade=False)
            except SourceError as exc:  # a name that we would not send under
                _LOG.debug("No fade for %r: %s", frame.subject, exc)
                continue
            runs.append(PacedRun(lane, start_s + 1.0 / rate.fps, first.plus(1)))
        return runs
