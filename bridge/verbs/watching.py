"""Watch something play until it ends or the user stops it, and say how it went."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bridge.engine import Engine, Snapshot, State
from bridge.errors import EngineError
from bridge.performing import Playing
from bridge.verbs.bars import bar, face_bars
from bridge.verbs.console import TALK, clean, print_json, shown, warn
from livelink.sender import TargetStats

_REFRESH_HZ = 12.0


def watch(playing: Playing, duration_s: float | None, *, as_json: bool) -> None:
    """Show the face until everything is sent; Ctrl-C eases it to neutral and stops.

    Args:
        playing: Started.
        duration_s: Seconds it will take, or None when it never ends.
        as_json: Whether to print the summary as JSON.

    Raises:
        EngineError: The engine failed.
        KeyboardInterrupt: It was stopped before its end, after everything else is done.
    """
    engine, stopped = playing.engine, False
    names = ", ".join(shown(target.target) for target in playing.sender.stats())
    try:
        if TALK.is_terminal:
            _show(engine, names, duration_s)
        engine.wait()
    except KeyboardInterrupt:
        stopped = True
        playing.stop()
    _sum_up(engine.snapshot(), playing.sender.stats(), as_json=as_json)
    if stopped and duration_s is not None:
        raise KeyboardInterrupt


def _show(engine: Engine, names: str, duration_s: float | None) -> None:
    with Live(console=TALK, refresh_per_second=_REFRESH_HZ, transient=True) as live:
        while not engine.wait(1.0 / _REFRESH_HZ):
            live.update(_display(engine.snapshot(), names, duration_s))


def _display(snapshot: Snapshot, names: str, duration_s: float | None) -> RenderableType:
    parts: list[RenderableType] = []
    for lane in snapshot.lanes:
        line = Table.grid(padding=(0, 2))
        clock = f"{lane.time_s:5.1f} s"
        if duration_s:
            clock += f" {bar(lane.time_s / duration_s, 16)} {duration_s:.1f} s"
        line.add_row(
            Text(clean(lane.subject), style="bold"), clock, f"to {names}", lane.phase.value
        )
        parts += [line, face_bars(lane.values)]
    parts.append(Text("Ctrl-C eases to neutral and stops.", style="dim"))
    return Group(*parts)


def _sum_up(snapshot: Snapshot, targets: tuple[TargetStats, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(snapshot, targets))
    else:
        for lane in snapshot.lanes:
            TALK.print(
                f"{shown(lane.subject)}: {lane.sent} packets in {lane.time_s:.1f} s, "
                f"{lane.skipped} skipped, {lane.lateness}"
            )
    for target in targets:
        if target.failing and target.last_error:
            warn(
                f"{shown(target.target)}: {shown(target.last_error)}. Start Unreal there, or "
                "facewright monitor, and perform again."
            )
    if snapshot.state is State.FAILED:
        raise EngineError(f"The performance failed: {snapshot.reason}.")


def _as_json(snapshot: Snapshot, targets: tuple[TargetStats, ...]) -> dict[str, Any]:
    return {
        "state": snapshot.state.value,
        "lanes": [
            {
                "subject": lane.subject,
                "device_id": lane.device_id,
                "sent": lane.sent,
                "skipped": lane.skipped,
                "late_p99_ms": lane.lateness.p99_s * 1e3,
            }
            for lane in snapshot.lanes
        ],
        "targets": [
            {"target": target.target, "sent": target.sent, "failed": target.failed}
            for target in targets
        ],
    }
