"""`facewright train`: make the models anew, in the worker process, watched from here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bridge.verbs.console import TALK, JsonOption, SeedOption, note, print_json, progress, shown
from generator.client import WorkerClient
from generator.protocol import Event, EventKind

app = typer.Typer(no_args_is_help=True, help="Train a model on this computer.")

OutOption = Annotated[
    Path,
    typer.Option(
        "--out", "-o", metavar="FOLDER", help="New folder for the weights and their card."
    ),
]


@app.command()
def lexical(out: OutOption, *, seed: SeedOption = 0, as_json: JsonOption = False) -> None:
    """Train the small lexical model on the authored corpus: minutes, same seed same weights.

    Example: facewright train lexical --out my-lexical
    """
    _train("lexical", out, seed=seed, as_json=as_json)


@app.command()
def compact(
    out: OutOption,
    *,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Fine-tune the compact model on the authored corpus: under an hour on 2 cores, resumable.

    Example: facewright train compact --out my-compact
    """
    _train("compact", out, seed=seed, as_json=as_json)


def _train(model: str, out: Path, *, seed: int, as_json: bool) -> None:
    with WorkerClient() as client, progress() as bar:
        task = bar.add_task(f"training {model}", total=None)

        def on_event(event: Event) -> None:
            if event.kind is EventKind.PROGRESS:
                bar.update(task, completed=event.fields["done"], total=event.fields["total"])

        card = client.train(model, out, {"seed": seed}, on_event=on_event)
    if as_json:
        print_json(card)
        return
    TALK.print(f"Trained into {shown(out)}.")
    for name, scores in _scores(card):
        note(f"{name}: {scores}")


def _scores(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the card's scores as lines: (what, "F1 .92, side .85 ...")."""
    lines = []
    for name, scores in card.get("scores", {}).items():
        if isinstance(scores, dict):
            words = [f"{key} {value}" for key, value in scores.items() if key != "n"]
            lines.append((name, ", ".join(words)))
    return lines
