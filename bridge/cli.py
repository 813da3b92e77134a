"""The command line: verbs, and errors as sentences with an exit status.

Exit status:
    0    done
    1    part of the work failed (bad lines in a batch, differences found)
    2    the command line itself is wrong
    3    a prompt or file cannot be used
    4    the network: a target or a port
    5    a model or the worker process
    130  interrupted: Ctrl-C, SIGTERM, a closed terminal (0 where that is how the verb ends)

Results go to standard output, everything else to standard error. What is slow to load (scipy,
jsonschema, psutil) is imported where it is used, so that every verb answers at once; what runs
models is never loaded here at all.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.logging import RichHandler

from bridge.errors import BridgeError
from bridge.verbs import bench, convert, evaluate, lines, monitor, perform, play, simulate, train
from bridge.verbs.console import TALK, shown
from generator.errors import DocumentError, GeneratorError, ModelError, PromptError, WorkerError
from livelink.errors import (
    AddressError,
    FileFormatError,
    LiveLinkError,
    PortBusyError,
    TargetError,
)

FAILED, USAGE, BAD_INPUT, NETWORK, MODEL, INTERRUPTED = 1, 2, 3, 4, 5, 130

_ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Polite ways to say 'end', where the system has them; SIGINT is Python's own business."""

app = typer.Typer(
    name="facewright",
    help="Type what a face should do; a MetaHuman performs it at once over Live Link Face.",
    epilog="Without a verb the window opens. Every verb has --help with an example.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

app.command("perform")(perform.perform)
app.command("play")(play.play)
app.command("monitor")(monitor.monitor)
app.command("convert")(convert.convert)
app.command("script")(lines.script)
app.command("keyframes")(lines.keyframes)
app.add_typer(train.app, name="train")
app.add_typer(simulate.app, name="simulate")
app.command("evaluate")(evaluate.evaluate)
app.command("bench")(bench.bench)


@app.command("app", help="Open the window. (Also: facewright without a verb.)")
def window() -> None:
    """Stand in the list of verbs; `ui.launch` opens the window before it comes to this."""


def _version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"facewright {version('facewright')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log what happens to standard error.")
    ] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _version(wanted=wanted),
            is_eager=True,
            help="Show the version.",
        ),
    ] = False,
) -> None:
    """Type what a face should do; a MetaHuman performs it at once over Live Link Face."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR,
        format="%(name)s: %(message)s",
        handlers=[RichHandler(console=Console(stderr=True), show_path=False)],
    )


def run_command(arguments: Sequence[str]) -> int:
    """Run one verb and return the exit status; what a user did wrong becomes one sentence.

    Args:
        arguments: The words after the program's name.
    """
    try:
        with _endings_interrupt():
            app(list(arguments), prog_name="facewright")
    except SystemExit as exc:  # how typer ends a command
        return exc.code if isinstance(exc.code, int) else int(exc.code is not None)
    except KeyboardInterrupt:  # outside of typer's reach
        return INTERRUPTED
    except (LiveLinkError, GeneratorError, BridgeError, OSError, UnicodeError, MemoryError) as exc:
        said = "\n".join(shown(line) for line in _sentence(exc).splitlines())
        TALK.print(f"[bold red]Error:[/] {said}", soft_wrap=True)
        return _status(exc)
    return 0


@contextlib.contextmanager
def _endings_interrupt() -> Iterator[None]:
    """Make SIGTERM and its kin end a verb as Ctrl-C does: faces ease to neutral, files are cleared.

    A signal that somebody has set already (nohup ignores SIGHUP) stays as it is.
    """
    numbers = [getattr(signal, name) for name in _ENDING_SIGNALS if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        numbers = []  # Python hands signals to the main thread alone
    numbers = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(number: int, frame: object) -> NoReturn:  # noqa: ARG001 - as signal calls it
    raise KeyboardInterrupt


def _sentence(exc: Exception) -> str:
    ours = isinstance(exc, (LiveLinkError, GeneratorError, BridgeError))
    if isinstance(exc, OSError) and exc.strerror and not ours:
        return exc.strerror if exc.filename is None else f"{exc.filename}: {exc.strerror}"
    text = str(exc) or ("not enough memory" if isinstance(exc, MemoryError) else type(exc).__name__)
    is_word = text.split(maxsplit=1)[0].isalpha()  # and no name of a file
    return text[0].upper() + text[1:] if is_word else text


def _status(exc: Exception) -> int:
    if isinstance(exc, (TargetError, PortBusyError, AddressError)):
        return NETWORK
    if isinstance(exc, (ModelError, WorkerError)):
        return MODEL
    if isinstance(exc, (FileFormatError, DocumentError, PromptError, LiveLinkError, BridgeError)):
        return BAD_INPUT
    if isinstance(exc, (OSError, UnicodeError)):
        return BAD_INPUT
    return FAILED
