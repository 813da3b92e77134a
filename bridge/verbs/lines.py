"""`facewright script` and `facewright keyframes`: batches over JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import typer

from bridge.files import refuse_overwrite, written
from bridge.verbs.console import (
    TALK,
    JsonOption,
    ModelOption,
    OverwriteOption,
    SeedOption,
    clean,
    print_json,
    progress,
    shown,
    warn,
)
from generator.client import WorkerClient
from generator.errors import GeneratorError, PromptError, WorkerError
from generator.lines import (
    LineError,
    keyframes_line,
    read_request_lines,
    read_script_lines,
    script_line,
)
from generator.models import TextChoice

InputArgument = Annotated[
    Path, typer.Argument(metavar="IN.jsonl", exists=True, dir_okay=False, readable=True)
]
OutputOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT.jsonl", dir_okay=False, writable=True)
]


def script(
    source: InputArgument,
    output: OutputOption,
    *,
    model: Annotated[
        str, typer.Option("--model", "-m", help="Standardiser: rules.", metavar="NAME")
    ] = "rules",
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write prompts as scripts: reads lines with `id` and `prompt`, writes lines for `keyframes`.

    Example: facewright script prompts.jsonl -o scripts.jsonl
    """

    def answer(client: WorkerClient, value: tuple[Any, str]) -> str:
        identity, prompt = value
        made, _ = client.standardise(prompt, model=model)
        return json.dumps(script_line(identity, made), ensure_ascii=False)

    if _run(source, output, read_request_lines, answer, overwrite=overwrite, as_json=as_json):
        raise typer.Exit(1)


def keyframes(
    source: InputArgument,
    output: OutputOption,
    *,
    model: ModelOption = "auto",
    text: Annotated[
        Literal["auto", "anatomical", "original"],
        typer.Option(help="Which text of each beat to read; an empty one falls back to the other."),
    ] = "auto",
    seed: SeedOption = 0,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the keyframes of scripts: one line of 61 named values per beat and script, in order.

    Example: facewright keyframes scripts.jsonl -o keyframes.jsonl --text anatomical
    """
    fell_back: list[Any] = []
    notes: set[str] = set()

    def answer(client: WorkerClient, value: tuple[Any, Any]) -> str:
        identity, made = value
        frames = client.keyframes(made, model=model, text=TextChoice(text), seed=seed)
        if any(frame.fell_back for frame in frames):
            fell_back.append(identity)
        notes.update(frame.note for frame in frames if frame.note)
        line = keyframes_line(identity, [frame.values for frame in frames])
        return json.dumps(line, ensure_ascii=False)

    failed = _run(source, output, read_script_lines, answer, overwrite=overwrite, as_json=as_json)
    for words in sorted(notes):
        warn(shown(words))
    if fell_back:
        some = ", ".join(shown(str(identity)[:40]) for identity in fell_back[:5])
        more = f" and {len(fell_back) - 5} more" if len(fell_back) > 5 else ""
        warn(f"the {text} text was empty, so the other one was read, in: {some}{more}.")
    if failed:
        raise typer.Exit(1)


_BLOCK_BYTES = 1 << 20

_Reader = Callable[[IO[bytes]], Iterator["tuple[Any, Any] | LineError"]]


def _run(
    source: Path,
    output: Path,
    reader: _Reader,
    answer: Callable[[WorkerClient, tuple[Any, Any]], str],
    *,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Answer every valid line in order, report the others by number, return how many failed."""
    refuse_overwrite(output, overwrite=overwrite)
    done, failed = 0, []
    with (
        source.open("rb") as stream,
        written(output, overwrite=overwrite) as out,
        WorkerClient() as client,
        progress() as bar,
    ):
        task = bar.add_task(clean(source.name), total=_count(stream))
        for number, value in enumerate(reader(stream), 1):
            bar.advance(task)
            problem = _answer_line(number, value, lambda v: answer(client, v), out)
            if problem is None:
                done += 1
            else:
                failed.append(problem)
                TALK.print(
                    f"[red]{shown(source)}:{problem.line}:[/] {shown(problem.reason)}",
                    soft_wrap=True,
                )
    if as_json:
        bad = [{"line": item.line, "reason": item.reason} for item in failed]
        print_json({"written": done, "failed": bad, "output": str(output)})
    else:
        TALK.print(f"{done} lines written to {shown(output)}, {len(failed)} failed.")
    return len(failed)


def _count(stream: IO[bytes]) -> int | None:
    """Return how many lines follow, for the progress; None of a pipe, which is read only once."""
    if not stream.seekable():
        return None
    blocks = iter(lambda: stream.read(_BLOCK_BYTES), b"")
    newlines, last = 0, b"\n"
    for block in blocks:
        newlines, last = newlines + block.count(b"\n"), block[-1:]
    stream.seek(0)
    return newlines + (last != b"\n")


def _answer_line(
    number: int,
    value: tuple[Any, Any] | LineError,
    answer: Callable[[tuple[Any, Any]], str],
    out: IO[str],
) -> LineError | None:
    """Write the answer of one line, or return why there is none."""
    if isinstance(value, LineError):
        return value
    try:
        out.write(answer(value) + "\n")
    except PromptError as exc:
        return LineError(number, str(exc))
    except WorkerError as exc:
        if not exc.retryable:
            return LineError(number, str(exc))
        raise
    except GeneratorError:
        raise  # a model that is missing or damaged fails every line: say it once
    return None
