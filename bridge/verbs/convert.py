"""`facewright convert`: one form of motion into another, by the ending of the output's name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.converting import convert_file
from bridge.files import refuse_overwrite
from bridge.loading import load_any
from bridge.verbs.console import ConventionOption, OverwriteOption, busy, note, shown
from livelink.channels import CsvConvention
from livelink.timecode import FrameRate


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", exists=True, dir_okay=False)],
    output: Annotated[Path, typer.Argument(metavar="OUT", dir_okay=False)],
    *,
    rate: Annotated[
        float | None, typer.Option("--rate", help="Frames per second; default the source's.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", "-s", metavar="NAME", help="Subject of a packet recording."),
    ] = None,
    convention: ConventionOption = CsvConvention.MEASURED,
    overwrite: OverwriteOption = False,
) -> None:
    """Convert performances, Live Link Face CSVs and packet recordings.

    Written are .csv (for Unreal's importer: name it Slate_Take_Subject.csv), .packets, .npz and
    .png (the keyframes as a picture).

    Example: facewright convert letter.json letter_1_Facewright.csv
    """
    refuse_overwrite(output, overwrite=overwrite)
    with busy("converting"):
        notes = convert_file(
            source,
            output,
            load_any(source, convention=convention),
            rate=None if rate is None else FrameRate.of(rate),
            subject=subject,
            convention=convention,
            overwrite=overwrite,
        )
    for text in notes:
        note(shown(text))
    note(f"Written to {shown(output)}.")
