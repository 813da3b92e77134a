"""`facewright simulate`: stand-ins for what is not at hand."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
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
    note,
    print_json,
    shown,
    warn,
)
from livelink.frame import as_values
from livelink.packet import DEFAULT_PORT
from livelink.receiver import Receiver
from livelink.unreal import Outcome, UnrealListener, UnrealReport

app = typer.Typer(no_args_is_help=True, help="Stand in for Unreal (or, later, for a phone).")

_TICK_S = 1 / 60
_SHOWN_EVERY = 5  # ticks


@app.callback()
def simulate() -> None:
    """Stand in for Unreal (or, later, for a phone)."""


@app.command()
def unreal(
    *,
    port: PortOption = DEFAULT_PORT,
    host: HostOption = "0.0.0.0",  # noqa: S104 - Unreal listens on every address too
    seconds: Annotated[
        float | None, typer.Option("--seconds", help="Stop after this long.", min=0.1)
    ] = None,
    until_idle: Annotated[
        float | None,
        typer.Option("--until-idle", help="Stop when nothing came for this long.", min=0.1),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Behave like Unreal's Live Link listener and say what it accepts, drops, and why.

    Example: facewright simulate unreal --until-idle 3
    """
    listener, reasons = UnrealListener(), Counter[str]()
    with Receiver(port, host) as receiver, contextlib.suppress(KeyboardInterrupt):
        note(f"Listening as Unreal would on UDP port {receiver.port} ({shown(host)}).")
        _run(receiver, listener, reasons, (seconds, until_idle), show=not as_json)
    report = listener.report()
    if as_json:
        print_json(_as_json(report, reasons))
    else:
        _sum_up(report, reasons)


def _run(
    receiver: Receiver,
    listener: UnrealListener,
    reasons: Counter[str],
    limits: tuple[float | None, float | None],
    *,
    show: bool,
) -> None:
    """Tick 60 times a second until a limit: seconds in all, or seconds without a packet."""
    total_s, idle_s = limits
    began_s = last_s = time.monotonic()
    ticks = 0
    with Live(console=TALK, auto_refresh=False, transient=True) as live:
        while True:
            packets = _arrived(receiver, _TICK_S)
            now_s = time.monotonic()
            for verdict in listener.tick(packets, now_s):
                if verdict.outcome is not Outcome.SHOWN:
                    reasons[verdict.reason] += 1
            last_s = now_s if packets else last_s
            ticks += 1
            if show and ticks % _SHOWN_EVERY == 0:
                live.update(_display(listener.report()), refresh=True)
            if total_s is not None and now_s - began_s >= total_s:
                return
            if idle_s is not None and now_s - last_s >= idle_s:
                return


def _arrived(receiver: Receiver, within_s: float) -> list[bytes]:
    """Return what arrives within one tick, as the queue that Unreal drains in one go."""
    ends_s = time.monotonic() + within_s
    packets = []
    while (left_s := ends_s - time.monotonic()) > 0:
        if (datagram := receiver.receive(left_s)) is not None:
            packets.append(datagram.data)
    return packets


def _display(report: UnrealReport) -> RenderableType:
    if not report.subjects:
        return Text("Nothing accepted yet.", style="dim")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("", "subject", "frames", "frame time", "device"):
        table.add_column(head)
    for subject in report.subjects:
        frame, subframe, numerator, denominator = subject.scene_time
        table.add_row(
            Text("●", style="green" if subject.responsive else "yellow"),
            shown(subject.name, NAME_CHARS),
            str(subject.frames),
            f"{frame + subframe:.2f} at {numerator}/{denominator}",
            shown(subject.device_id, NAME_CHARS),
        )
    values = as_values(report.subjects[-1].values)
    return Group(table, face_bars(values), Text("Ctrl-C stops.", style="dim"))


def _as_json(report: UnrealReport, reasons: Counter[str]) -> dict[str, Any]:
    return {
        "subjects": [
            {
                "name": subject.name,
                "device_id": subject.device_id,
                "frames": subject.frames,
                "created": subject.created,
                "thrashing": subject.thrashing,
            }
            for subject in report.subjects
        ],
        "outcomes": {outcome.name.lower(): count for outcome, count in report.outcomes.items()},
        "reasons": dict(reasons),
        "collapsed": report.collapsed,
        "findings": list(report.findings),
    }


def _sum_up(report: UnrealReport, reasons: Counter[str]) -> None:
    if not report.outcomes:
        note("Nothing arrived. Is the sender's target this computer and this port?")
    for subject in report.subjects:
        TALK.print(
            f"Subject [bold]{shown(subject.name, NAME_CHARS)}[/]: {subject.frames} frames accepted."
        )
    for reason, count in reasons.most_common():
        warn(f"{count} packets not shown: {shown(reason)}.")
    for finding in report.findings:
        note(shown(finding))
