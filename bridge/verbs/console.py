"""What the verbs share: where they print, options that mean the same everywhere.

Results go to `OUT` (standard output), talk and progress to `TALK` (standard error). Texts from
outside (off the network, out of files) pass through `clean` or `shown` on their way there.
"""

from __future__ import annotations

import contextlib
import json
import re
from contextlib import AbstractContextManager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from livelink.channels import CsvConvention

OUT = Console(soft_wrap=True, highlight=False, emoji=False)
TALK = Console(stderr=True, highlight=False, emoji=False)  # "a:b:" is a target, no picture

NAME_CHARS = 40
"""How much of a subject's name is shown; a hostile one may have a thousand characters."""

_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What moves a cursor, retitles a window, turns a line around, or has no form in UTF-8."""

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
    """Print one JSON value on one line of standard output, in ASCII: any terminal takes it."""
    OUT.out(json.dumps(value, allow_nan=False))


def clean(text: object) -> str:
    """Return a text from outside in one line that a terminal can show and does not obey."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"[\t\n\r]+", " ", str(text)))


def shown(text: object, most: int | None = None) -> str:
    """Return a text from outside as markup that shows it as it is, see `clean`.

    Args:
        text: The text.
        most: Characters beyond which it is cut; None for the whole of it.
    """
    whole = clean(text)
    return escape(whole if most is None or len(whole) <= most else f"{whole[: most - 1]}…")


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
        disable=not TALK.is_terminal,  # which would leave an empty line in a log
    )


def busy(what: str) -> AbstractContextManager[object]:
    """Return a context that shows, on a terminal, that something is going on."""
    return TALK.status(f"{what} ...") if TALK.is_terminal else contextlib.nullcontext()
