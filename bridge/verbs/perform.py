"""`facewright perform`: a prompt becomes a script, keyframes, motion, and a performing face."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bridge.files import refuse_overwrite, written
from bridge.loading import load_script
from bridge.performing import DEFAULT_TARGETS, PerformOptions, Playing, generate, source_of
from bridge.verbs.console import (
    TALK,
    JsonOption,
    ModelOption,
    OverwriteOption,
    SeedOption,
    SubjectOption,
    TargetOption,
    busy,
    note,
    print_json,
    progress,
    shown,
    warn,
)
from bridge.verbs.editing import edited
from bridge.verbs.watching import watch
from generator.client import GeneratedKeyframe, WorkerClient
from generator.errors import DocumentError, PromptError
from generator.motion import Interpolation
from generator.performance import DEFAULT_SUBJECT, Performance
from generator.script import Script
from livelink.sender import Sender
from livelink.timecode import FrameRate


def perform(
    prompt: Annotated[
        str | None, typer.Argument(help="What the face should do.", metavar="PROMPT")
    ] = None,
    *,
    script: Annotated[
        Path | None,
        typer.Option(
            "--script",
            exists=True,
            dir_okay=False,
            help="Start from a script, or the script of a saved performance.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Perform without asking.")] = False,
    save: Annotated[
        Path | None,
        typer.Option("--save", dir_okay=False, help="Write the performance to this file."),
    ] = None,
    overwrite: OverwriteOption = False,
    send: Annotated[
        bool, typer.Option("--send/--no-send", help="Send it, or only make (and save) it.")
    ] = True,
    loop: Annotated[bool, typer.Option("--loop", help="Start again at the end.")] = False,
    idle: Annotated[
        bool, typer.Option("--idle", help="Stay alive in neutral afterwards, until Ctrl-C.")
    ] = False,
    target: TargetOption = None,
    subject: SubjectOption = DEFAULT_SUBJECT,
    rate: Annotated[float, typer.Option("--rate", help="Frames per second.")] = 60.0,
    model: ModelOption = "auto",
    interpolation: Annotated[
        Interpolation, typer.Option("--interpolation", help="How the face moves between keyframes.")
    ] = Interpolation.MINIMUM_JERK,
    living: Annotated[
        bool, typer.Option("--living/--plain", help="Lay blinks, breath and gaze over it, or not.")
    ] = True,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Perform a prompt on a MetaHuman: script, keyframes, 60 Hz motion over Live Link Face.

    Example: facewright perform "She reads the letter, fights back tears, then forces a smile."
    """
    if (prompt is None) == (script is None):
        raise typer.BadParameter("give either a prompt or --script FILE", param_hint="PROMPT")
    if save is not None:
        refuse_overwrite(save, overwrite=overwrite)
    options = PerformOptions(
        targets=tuple(target or DEFAULT_TARGETS),
        subject=subject,
        rate=FrameRate.of(rate),
        model=model,
        seed=seed,
        interpolation=interpolation,
        living=living,
        loop=loop,
        idle=idle,
    )
    if send:
        Sender(options.targets).close()  # a target that cannot be resolved is said at once
    with WorkerClient() as client:
        written_script = (
            load_script(script) if script is not None else _standardised(client, prompt)
        )
        confirmed = _confirmed(written_script, yes=yes)
        performance = _generated(client, confirmed, options)
        if save is not None:
            with written(save, overwrite=overwrite) as stream:
                stream.write(performance.dumps())
            note(f"Saved to {shown(save)}.")
        if send:
            _send(performance, options, client, as_json=as_json)
    if as_json and not send:
        print_json({"duration_s": performance.duration_s, "keyframes": len(performance.keyframes)})


def _standardised(client: WorkerClient, prompt: str | None) -> Script:
    with busy("writing the script"):
        script, made_by = client.standardise(prompt or "")
    if made_by:
        note(shown(made_by))
    return script


def _confirmed(script: Script, *, yes: bool) -> Script:
    """Show the script and return it as the user wants it."""
    while True:
        _show(script)
        if yes:
            return script
        answer = _asked("Perform this? [Y]es, [e]dit, [n]o: ")
        if answer in ("", "y", "yes"):
            return script
        if answer in ("n", "no", "q"):
            raise typer.Exit(1)
        if answer in ("e", "edit"):
            script = _edited(script)


def _asked(question: str) -> str:
    TALK.print(shown(question), end="")
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        TALK.print()  # the shell's prompt belongs on a line of its own
        raise
    if not line:
        raise PromptError("Nobody is here to confirm the script.", "Say --yes to perform unasked.")
    return line.strip().lower()


def _edited(script: Script) -> Script:
    """Open the user's editor on the script; a mistake in it is shown, and nothing is lost."""
    text = edited(script.dumps(), suffix=".json")
    while True:
        try:
            return Script.loads(text)
        except DocumentError as exc:
            TALK.print(f"[red]{shown(exc)}[/]")
            if _asked("[E]dit again, or [d]iscard the edit: ") in ("d", "discard"):
                return script
            text = edited(text, suffix=".json")


def _show(script: Script) -> None:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for name in ("", "seconds", "beat"):
        table.add_column(name, justify="right" if name == "seconds" else "left")
    for number, beat in enumerate(script.beats, 1):
        seconds = f"{beat.transition_s:g} + {beat.hold_s:g}"
        table.add_row(str(number), seconds, shown(beat.description))
    if script.background:
        TALK.print(f"[dim]background[/] {shown(script.background)}")
    if script.emotion:
        TALK.print(f"[dim]emotion[/]    {shown(script.emotion)}")
    TALK.print(table)


def _generated(client: WorkerClient, script: Script, options: PerformOptions) -> Performance:
    notes: list[str] = []
    with progress() as bar:
        task = bar.add_task("keyframes", total=len(script.beats))

        def on_keyframe(keyframe: GeneratedKeyframe) -> None:
            bar.advance(task)
            if keyframe.note and keyframe.note not in notes:
                notes.append(keyframe.note)

        performance = generate(client, script, options, on_keyframe)
    for text in notes:
        warn(shown(text))
    return performance


def _send(
    performance: Performance, options: PerformOptions, client: WorkerClient, *, as_json: bool
) -> None:
    source = source_of(performance, loop=options.loop, idle=options.idle)
    with Playing(source, options.subject, options.rate, options.targets) as playing:
        client.close()  # the model's memory is not needed while the face performs
        endless = options.loop or options.idle
        watch(playing, None if endless else performance.duration_s, as_json=as_json)
