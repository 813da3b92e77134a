"""`facewright monitor`: what arrives on a port, live, with a second opinion if asked for."""

from __future__ import annotations

import contextlib
import time
from collections import Counter, deque
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bridge.verbs.bars import face_bars
from bridge.verbs.console import (
    NAME_CHARS,
    TALK,
    HostOption,
    JsonOption,
    PortOption,
    clean,
    note,
    print_json,
    shown,
)
from livelink.opinions import Judgement, check_channels, check_packet
from livelink.packet import DEFAULT_PORT
from livelink.receiver import Receiver
from livelink.stream import NewSubject, PacketMalformed, StreamEvent, Streams, SubjectStats

_SHOWN_EVENTS = 6
_REFRESH_S = 1 / 12
_QUIET_S = 3.0


class _Check:
    """Counts what pylivelinkface makes of the same packets."""

    def __init__(self) -> None:
        self.outcomes: Counter[Judgement] = Counter()
        self.details: deque[str] = deque(maxlen=3)
        self.order = check_channels()

    def feed(self, data: bytes) -> None:
        opinion = check_packet(data)
        self.outcomes[opinion.judgement] += 1
        self.details.extend(text for text in opinion.details if text not in self.details)

    @property
    def agrees(self) -> bool:
        differs = self.order.judgement is Judgement.DIFFERS
        return not differs and not self.outcomes[Judgement.DIFFERS]


class _Monitor:
    """Feeds datagrams into the bookkeeping and keeps the last events for display."""

    def __init__(self, *, check: bool) -> None:
        self.streams = Streams()
        self.events: deque[str] = deque(maxlen=_SHOWN_EVENTS)
        self.check = _Check() if check else None
        self.dropped: int | None = None

    def feed(self, data: bytes, arrival_s: float, peer: tuple[str, int]) -> None:
        fed = self.streams.feed(data, arrival_s, peer)
        self.events.extend(_in_words(event) for event in fed.events)
        if self.check is not None and fed.frame is not None:
            self.check.feed(data)

    def display(self, now_s: float, port: int) -> RenderableType:
        """Return what to show: a table of subjects, the newest face, what happened lately."""
        stats = self.streams.snapshot()
        if not stats.packets:
            return Text(f"Listening on UDP port {port}. Nothing has arrived yet.", style="dim")
        table = Table(box=None, pad_edge=False, header_style="dim")
        heads = ("subject", "from", "packets", "rate", "jitter", "gaps", "missing", "no face", "")
        for head in heads:
            table.add_column(head, justify="left" if head in ("subject", "from", "") else "right")
        for subject in stats.subjects:
            table.add_row(*_row(subject, now_s))
        parts: list[RenderableType] = [table]
        if stats.subjects:
            newest = max(stats.subjects, key=lambda subject: subject.last_s)
            parts.append(face_bars(newest.last_frame.values))
        if stats.malformed:
            reasons = "; ".join(stats.last_reason.values())
            count = sum(stats.malformed.values())
            parts.append(Text(clean(f"{count} malformed packets: {reasons}"), style="yellow"))
        if self.check is not None:
            parts.append(_check_line(self.check))
        parts += [Text(clean(event)[:200], style="dim") for event in self.events]
        parts.append(Text("Ctrl-C stops.", style="dim"))
        return Group(*parts)

    def report(self) -> dict[str, Any]:
        """Return the whole as JSON values."""
        stats = self.streams.snapshot()
        report: dict[str, Any] = {
            "packets": stats.packets,
            "malformed": {fault.value: count for fault, count in stats.malformed.items()},
            "refused": stats.refused,
            "kernel_drops": self.dropped,
            "subjects": [_subject_json(subject) for subject in stats.subjects],
        }
        if self.check is not None:
            report["second_opinion"] = {
                "channel_order": self.check.order.judgement.value,
                **{outcome.value: count for outcome, count in self.check.outcomes.items()},
                "details": [*self.check.order.details, *self.check.details],
            }
        return report


def monitor(
    *,
    port: PortOption = DEFAULT_PORT,
    host: HostOption = "0.0.0.0",  # noqa: S104 - phones must be heard; nothing is ever answered
    check: Annotated[
        bool, typer.Option("--check", help="Decode with pylivelinkface too, report differences.")
    ] = False,
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Stop after this long.", min=0.1)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what arrives on a Live Link Face port: subjects, rate, jitter, gaps, faces as bars.

    Example: facewright monitor --port 11112 --check
    """
    watched = _Monitor(check=check)
    with Receiver(port, host) as receiver:
        with contextlib.suppress(KeyboardInterrupt):
            note(f"Listening on UDP port {receiver.port} ({shown(host)}).")
            _listen(receiver, watched, seconds, show=not as_json)
        watched.dropped = receiver.dropped
    if as_json:
        print_json(watched.report())
    else:
        _sum_up(watched)
    if watched.check is not None and not watched.check.agrees:
        raise typer.Exit(1)


def _listen(receiver: Receiver, watched: _Monitor, seconds: float | None, *, show: bool) -> None:
    ends_s = None if seconds is None else time.monotonic() + seconds
    shown_s = 0.0
    with Live(console=TALK, auto_refresh=False, transient=True) as live:
        while ends_s is None or time.monotonic() < ends_s:
            datagram = receiver.receive(_REFRESH_S)
            if datagram is not None:
                watched.feed(datagram.data, datagram.arrival_s, datagram.peer)
            now_s = time.monotonic()
            if show and now_s - shown_s >= _REFRESH_S:
                shown_s = now_s
                live.update(watched.display(now_s, receiver.port), refresh=True)


def _row(subject: SubjectStats, now_s: float) -> tuple[str, ...]:
    silent_s = now_s - subject.last_s
    state = f"[yellow]silent for {silent_s:.0f} s[/]" if silent_s > _QUIET_S else ""
    if subject.last_frame.values is None:
        state = "[yellow]no face[/]"
    return (
        shown(subject.subject, NAME_CHARS),
        shown(subject.peer[0]),
        str(subject.packets),
        f"{subject.measured_fps:.2f} Hz",
        f"{subject.jitter_s * 1e3:.2f} ms",
        str(subject.gaps),
        str(subject.missing),
        f"{subject.no_face_share:.0%}",
        state,
    )


def _subject_json(subject: SubjectStats) -> dict[str, Any]:
    return {
        "subject": subject.subject,
        "device_id": subject.device_id,
        "from": subject.peer[0],
        "packets": subject.packets,
        "fps": round(subject.measured_fps, 3),
        "jitter_ms": round(subject.jitter_s * 1e3, 4),
        "gaps": subject.gaps,
        "missing": subject.missing,
        "longest_gap": subject.longest_gap,
        "late": subject.late,
        "repeated": subject.repeated,
        "no_face_share": round(subject.no_face_share, 4),
    }


def _check_line(check: _Check) -> Text:
    agrees, differs = check.outcomes[Judgement.AGREES], check.outcomes[Judgement.DIFFERS]
    unable = check.outcomes[Judgement.CANNOT_JUDGE]
    text = f"pylivelinkface: {agrees} packets the same, {differs} different, {unable} not judged"
    if details := (*check.order.details, *check.details):
        text += "; " + "; ".join(details)
    return Text(clean(text), style="green" if check.agrees else "red")


def _in_words(event: StreamEvent) -> str:
    if isinstance(event, NewSubject):
        return f"{event.subject} began to send from {event.peer[0]}"
    if isinstance(event, PacketMalformed):
        return f"a packet from {event.peer[0]} was refused: {event.reason}"
    fields = {name: getattr(event, name) for name in event.__dataclass_fields__}
    shown = ", ".join(
        f"{name} {value}"
        for name, value in fields.items()
        if name not in ("arrival_s", "device_id")
    )
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(event).__name__).strip()
    return f"{words}: {shown}" if shown else words


def _sum_up(watched: _Monitor) -> None:
    stats = watched.streams.snapshot()
    if not stats.packets:
        note(
            "Nothing arrived. Is the sender's target this computer and this port, and does the "
            "firewall let it through?"
        )
    for subject in stats.subjects:
        name = shown(subject.subject, NAME_CHARS)
        TALK.print(
            f"{name}: {subject.packets} packets, {subject.measured_fps:.2f} Hz, "
            f"jitter {subject.jitter_s * 1e3:.2f} ms, {subject.gaps} gaps ({subject.missing} "
            f"frames), no face {subject.no_face_share:.0%}"
        )
    if watched.check is not None:
        TALK.print(_check_line(watched.check))
