"""`facewright play`: performances, Live Link Face CSVs and packet recordings on the wire."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridge.loading import load_any
from bridge.performing import DEFAULT_TARGETS, Playing, source_of
from bridge.recorded import timed_packets
from bridge.sources import ClipSource, RecordingSource, SequenceSource, Source, idle_source
from bridge.verbs.console import ConventionOption, JsonOption, TargetOption, note, shown, warn
from bridge.verbs.watching import watch
from generator.performance import DEFAULT_SUBJECT, Performance
from livelink.channels import CsvConvention
from livelink.clip import Clip
from livelink.recording import Recording
from livelink.timecode import FrameRate


def play(
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    *,
    target: TargetOption = None,
    subject: Annotated[
        str | None,
        typer.Option(
            "--subject", "-s", metavar="NAME", help="Subject name; a recording has its own."
        ),
    ] = None,
    rate: Annotated[
        float | None, typer.Option("--rate", help="Frames per second sent; default the file's.")
    ] = None,
    speed: Annotated[float, typer.Option("--speed", help="Times the original speed.")] = 1.0,
    loop: Annotated[bool, typer.Option("--loop", help="Start again at the end.")] = False,
    idle: Annotated[bool, typer.Option("--idle", help="Stay alive in neutral afterwards.")] = False,
    fade: Annotated[
        bool | None,
        typer.Option(
            "--fade/--no-fade",
            help="Ease to neutral at the end. Default: yes, but a recording ends exactly.",
        ),
    ] = None,
    convention: ConventionOption = CsvConvention.MEASURED,
    as_json: JsonOption = False,
) -> None:
    """Play a performance, a Live Link Face CSV, or a packet recording (byte for byte).

    Example: facewright play letter.json --loop --target 192.168.1.20
    """
    loaded = load_any(path, convention=convention)
    if isinstance(loaded, Recording):
        if subject is not None or idle:
            warn("a recording is sent byte for byte: --subject and --idle do not apply.")
        for text in loaded.notes:
            note(shown(text))
        recording = RecordingSource(timed_packets(loaded), loop=loop, speed=speed)
        source: Source | RecordingSource = recording
        name, fps, duration_s = path.name, None, recording.duration_s
    else:
        source, duration_s = _sampled(loaded, loop=loop, idle=idle, speed=speed)
        name, fps = subject or _subject_of(loaded), loaded.rate
    sent_rate = FrameRate.of(rate) if rate is not None else fps or FrameRate(60)
    targets = tuple(target or DEFAULT_TARGETS)
    with Playing(source, name, sent_rate, targets, fade=fade) as playing:
        watch(playing, None if loop or idle else duration_s, as_json=as_json)


def _sampled(
    loaded: Performance | Clip, *, loop: bool, idle: bool, speed: float
) -> tuple[Source, float]:
    if isinstance(loaded, Performance) and speed == 1.0:
        return source_of(loaded, loop=loop, idle=idle), loaded.duration_s
    clip = loaded.render() if isinstance(loaded, Performance) else loaded
    source = ClipSource(clip, loop=loop, speed=speed)
    if idle and not loop:
        return SequenceSource([source, idle_source()]), source.duration_s
    return source, source.duration_s


def _subject_of(loaded: Performance | Clip) -> str:
    if isinstance(loaded, Performance):
        return loaded.subject
    return loaded.metadata.get("subject") or DEFAULT_SUBJECT
