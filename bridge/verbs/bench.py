"""`facewright bench`: every number that the README states, measured on this computer."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from bridge.bench import Row
from bridge.verbs.console import OUT, JsonOption, note, print_json

Suite = Literal["all", "codec", "cadence", "start", "motion"]

_REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real" / "dao.gesichter"


def bench(
    suite: Annotated[Suite, typer.Argument(help="What to measure.")] = "all",
    *,
    seconds: Annotated[
        float, typer.Option("--seconds", help="Length of each cadence run.", min=2.0)
    ] = 60.0,
    real: Annotated[
        Path | None,
        typer.Option("--real", exists=True, help="A real packet recording to prove the codec on."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure packets, starting times, memory, cadence and motion; status 1 if one falls short.

    Example: facewright bench cadence --seconds 10
    """
    rows: list[Row] = []
    for name, measure in _suites(seconds, real).items():
        if suite in ("all", name):
            note(f"measuring {name} ...")
            rows += measure()
    if as_json:
        print_json({"machine": _machine(), "rows": [asdict(row) for row in rows]})
    else:
        OUT.print(_table(rows))
        note(_machine())
    if any(row.reached is False for row in rows):
        raise typer.Exit(1)


def _suites(seconds: float, real: Path | None) -> dict[str, Callable[[], list[Row]]]:
    def codec() -> list[Row]:
        from bridge.bench.codec import measure

        return measure(real or (_REAL if _REAL.exists() else None))

    def start() -> list[Row]:
        from bridge.bench.starting import measure

        return measure()

    def cadence() -> list[Row]:
        from bridge.bench.cadence import measure

        return measure(seconds)

    def motion() -> list[Row]:
        from bridge.bench.motion import measure

        return measure()

    return {"codec": codec, "start": start, "motion": motion, "cadence": cadence}


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for head in ("what", "measured", "to reach", "", "circumstances"):
        table.add_column(head, justify="right" if head == "measured" else "left")
    marks = {True: "[green]reached[/]", False: "[red]missed[/]", None: ""}
    for row in rows:
        value = f"{row.value:.4g} {row.unit}".strip()
        table.add_row(row.what, value, row.reach, marks[row.reached], f"[dim]{row.detail}[/]")
    return table


def _machine() -> str:
    import os

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {cores} cores, Python {python}"
