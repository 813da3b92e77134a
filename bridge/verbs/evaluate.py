"""`facewright evaluate`: a model's scores on the scripts that no shipped model has learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.table import Table

from bridge.verbs.console import OUT, JsonOption, ModelOption, note, print_json, progress, warn
from generator.client import WorkerClient

_TEXTS = {
    "anatomical": "anatomical texts",
    "original": "director's words with prompt, background and emotion",
    "prompt": "the prompt alone, of scripts of one beat",
}


def evaluate(
    *,
    model: ModelOption = "auto",
    text: Annotated[
        Literal["anatomical", "original", "prompt", "all"],
        typer.Option(help="Texts to score; prompt includes the way from prompt to keyframes."),
    ] = "all",
    baselines: Annotated[
        bool,
        typer.Option(
            "--baselines", help="Score zero, median, mean, nearest text and TF-IDF + ridge too."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Score a model on the authored scripts held out from training: poses, prompts, beats.

    Example: facewright evaluate --model lexical --text prompt
    """
    with WorkerClient() as client, progress() as bar:
        task = bar.add_task("evaluating", total=None)
        scores = client.evaluate(
            model,
            text=text,
            baselines=baselines,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if scores["note"]:
        warn(escape(scores["note"]))
    if as_json:
        print_json(scores)
        return
    for table in _tables(scores):
        OUT.print(table)
        OUT.print()
    note(
        f"{escape(scores['model'])} {escape(scores['adapter_hash'][:12])}, "
        f"{scores['split']['scripts']} scripts held out by seed {scores['split']['seed']}"
    )


def _tables(scores: Mapping[str, Any]) -> list[Table]:
    made = [
        _table(
            f"Poses from {_TEXTS[name]}",
            ("F1", "side", "R@1", "R@3", "MAE", "poses"),
            {
                row: [_share(s[key]) for key in ("f1", "side", "r1", "r3")]
                + [_error(s["mae"]), str(s["n"])]
                for row, s in rows.items()
            },
        )
        for name, rows in scores["texts"].items()
    ]
    if "prompts" in scores:
        made.append(
            _table(
                f"From prompt to keyframes, scripts in pools of {scores['prompts']['pool']}",
                ("R@1", "R@3", "aligned F1", "MAE", "scripts"),
                {
                    row: [_share(s[key]) for key in ("r1", "r3", "f1")]
                    + [_error(s["mae"]), str(s["scripts"])]
                    for row, s in scores["prompts"]["systems"].items()
                },
            )
        )
    if "beats" in scores:
        made.append(
            _table(
                "Number of beats",
                ("exact", "within one", "scripts"),
                {
                    f"{row}, {part}": [
                        _share(s["exact"]),
                        _share(s["within_one"]),
                        str(s["scripts"]),
                    ]
                    for part, rows in scores["beats"].items()
                    for row, s in rows.items()
                },
            )
        )
    return made


def _table(title: str, heads: tuple[str, ...], rows: Mapping[str, list[str]]) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, header_style="dim"
    )
    table.add_column("")
    for head in heads:
        table.add_column(head, justify="right")
    for name, cells in rows.items():
        table.add_row(escape(name), *cells)
    return table


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _error(value: float) -> str:
    return f"{value:.4f}"
