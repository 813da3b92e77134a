"""What the verbs share: where they print, options that mean the same everywhere, safe files.

Results go to `OUT` (standard output), talk and progress to `TALK` (standard error).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bridge.errors import WouldOverwriteError
from livelink.channels import CsvConvention

OUT = Console(soft_wrap=True, highlight=False)
TALK = Console(stderr=True, highlight=False)

ModelOption = Annotated[
    str,
    typer.Option("--model", "-m", help="Keyframe model: auto, compact or lexical.", metavar="NAME"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print machine-readable results.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace the output file if it exists.")
]
SeedOption = Annotated[int, typer.Option("--seed", help="Seed of everything random.", min=0)]
SubjectOption = Annotated[
    str, typer.Option("--subject", "-s", help="Subject name shown in Unreal.", metavar="NAME")
]
TargetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        "-t",
        metavar="HOST[:PORT]",
        help="Where to send; may be given several times. Default 127.0.0.1:11111.",
    ),
]
PortOption = Annotated[
    int, typer.Option("--port", "-p", help="UDP port to listen on.", min=0, max=65535)
]
HostOption = Annotated[
    str, typer.Option("--host", help="Address to listen on; 0.0.0.0 hears the whole network.")
]
ConventionOption = Annotated[
    CsvConvention,
    typer.Option("--convention", help="How a CSV's jaw and mouth columns map to the wire."),
]


def print_json(value: Any) -> None:
    """Print one JSON value on one line of standard output."""
    OUT.out(json.dumps(value, ensure_ascii=False, allow_nan=False))


def note(text: str) -> None:
    """Say something that is neither a result nor an error."""
    TALK.print(f"[dim]{text}[/]")


def warn(text: str) -> None:
    """Say that something was not as asked, while the work goes on."""
    TALK.print(f"[yellow]Note:[/] {text}", soft_wrap=True)


def progress() -> Progress:
    """Return a progress display on standard error; it vanishes when the work is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=TALK,
        transient=True,
    )


def refuse_overwrite(path: Path, *, overwrite: bool) -> None:
    """Raise before any work is done when `path` exists and may not be replaced.

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
    """
    if path.exists() and not overwrite:
        raise WouldOverwriteError(path)


@contextmanager
def written(path: Path, *, overwrite: bool) -> Iterator[IO[str]]:
    """Open a text file that appears under its name only when it is complete.

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
    """
    refuse_overwrite(path, overwrite=overwrite)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
        if overwrite:
            Path(temporary).replace(path)
        else:
            _publish(Path(temporary), path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    """Move into place without ever replacing a file that appeared in the meantime."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise WouldOverwriteError(path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise WouldOverwriteError(path) from None
        temporary.replace(path)
