"""Train the compact model on the authored corpus: resumable, repeatable by seed, two cores.

Run by `facewright train compact`, or directly:

    python -m generator.training.compact --out my-compact --options '{"steps": 2400}'

Of one run see `generator.compact.run`; this module adds the split, the scores and the card.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from generator import corpus, scoring
from generator.compact import encoder, report
from generator.compact.beats import ReadBeat, beats_of
from generator.compact.companion import Companion
from generator.compact.decode import Decoding
from generator.compact.model import CARD_NAME, CARD_SCHEMA, WEIGHTS_NAME, CompactModel, read_card
from generator.compact.network import FROZEN, GRID
from generator.compact.run import Progress, Run, options_from
from generator.models.files import refuse_existing
from generator.training.lexical import Report
from livelink.channels import CHANNEL_HASH

_log = logging.getLogger(__name__)

Card = dict[str, Any]

ALONE, WITH_CONTEXT = "alone", "with context"
_SURE = Decoding(median=1.0, doubted=0.4, side_gain=1.5, side_least=0.06)
SHIPPED_DECODING: dict[str, Decoding] = {
    ALONE: replace(_SURE, believed=0.28, side_seen=0.001, side_alive=0.01),
    WITH_CONTEXT: replace(_SURE, believed=0.2, side_seen=0.0, side_alive=0.0),
}
"""How texts alone and texts with context are answered; chosen on the validation split so that a
pose has about as many active muscles as an authored one (generator/LOG.md)."""

COMPANION_SHARE = 0.25
"""Part of the lexical model in the answers; chosen likewise."""

SHARES = (0.25, 0.5, 1.0)


def model_scores(model: CompactModel, validation: Sequence[ReadBeat], kinds: Sequence[str]) -> Card:
    """Return the scores by reading of a model as it answers users."""
    table: Card = {}
    for kind in kinds:
        given = report.asked(validation, kind)
        texts, contexts = zip(*given.pairs, strict=True)
        answers = model.poses(texts, contexts)
        table[kind] = scoring.score(answers, given.targets, given.texts).to_json()
    return table


def _answering() -> Card:
    """Return the part of a card that says how distributions become poses."""
    return {
        "grid": list(GRID),
        "decoding": {name: asdict(decoding) for name, decoding in SHIPPED_DECODING.items()},
        "companion": COMPANION_SHARE,
    }


def train(out: Path, options: Mapping[str, Any], report_to: Report) -> Card:
    """Train on the shipped corpus and write weights and card.

    Args:
        out: Folder for weights.safetensors and card.json: a new one, or that of a run that was
            stopped, which is resumed.
        options: Fields of `Options` that differ, plus `checkpoint` (a folder; by default inside
            `out`), `start` (another run's checkpoint to take the weights of), and for the card
            `command` and `stages`, the runs before this one.
        report_to: Told how far it is ("progress": done, total, eta_s) and how it goes ("metrics":
            step, loss ...); may raise to stop, and the run can be resumed.

    Returns:
        The card.

    Raises:
        ModelError: There is a finished model in `out`, or it cannot be written to.
    """
    if not (out / "checkpoint").is_dir() or (out / CARD_NAME).exists():
        refuse_existing(out)
    rest = dict(options)
    checkpoint = Path(rest.pop("checkpoint", out / "checkpoint"))
    command, stages = str(rest.pop("command", "")), rest.pop("stages", [])
    scripts = corpus.load_corpus()
    held = corpus.split(scripts, corpus.SPLIT_SEED, corpus.VALIDATION_SHARE)
    training, validation = (beats_of(part) for part in held)
    start = rest.pop("start", None)
    run = Run(options_from(rest), training)
    if start is not None:
        run.start_from(Path(start))
    started = time.monotonic()
    checkpoint.mkdir(parents=True, exist_ok=True)
    run.train(checkpoint / "state.pt", _telling(report_to))
    baselines, ridge_growth = report.baseline_table(training, validation, SHARES, run.options.seed)
    card: Card = {
        **_origin(command),
        "options": asdict(run.options),
        "stages": stages,
        "parameters": sum(p.numel() for p in run.trained),
        "epochs": round(run.epochs_seen, 1),
        "seconds_in_this_call": round(time.monotonic() - started),
        "data": {
            "sha256": corpus.data_hash(scripts),
            "split_seed": corpus.SPLIT_SEED,
            "validation_share": corpus.VALIDATION_SHARE,
            "split_rule": "generator.corpus.split: by script, equal texts together",
            "train_beats": len(run.beats),
            "validation_beats": len(validation),
            "held_out": "the validation scripts were never trained on, in the shipped weights too",
        },
        **_answering(),
        "scores": model_scores(_model_of(run), validation, report.ALL),
        "baselines": baselines,
        "expert": dict(report.EXPERT),
        "growth": {"compact": None, "TF-IDF + ridge": ridge_growth},
        "test_beats": [beat.name for beat in validation[:: max(len(validation) // 100, 1)]][:100],
    }
    card["reached"] = report.meets(card["scores"])
    return _write(out, run, card)


def _telling(report_to: Report) -> Progress:
    """Return what a run tells, passed on as the worker's events."""
    first: list[tuple[int, float]] = []  # a resumed run does not begin at step 0

    def tell(note: dict[str, Any]) -> None:
        done, total, elapsed_s = note["step"], note["total"], note["elapsed_s"]
        first.append((done, elapsed_s))
        steps, seconds = done - first[0][0], elapsed_s - first[0][1]
        eta_s = round(seconds / steps * (total - done), 1) if steps else None
        report_to("metrics", **note)
        report_to("progress", done=done, total=total, eta_s=eta_s)

    return tell


def grow(out: Path, options: Mapping[str, Any], beats: int, progress: Progress) -> Card:
    """Train briefly on parts of the corpus and write how the scores grow into the card.

    Args:
        out: Folder of a finished model.
        options: Fields of `Options`, alike for all parts; `share` is set here.
        beats: How many validation beats are scored; retrieval pools stay at 32.
        progress: As for `train`.
    """
    scripts = corpus.load_corpus()
    held = corpus.split(scripts, corpus.SPLIT_SEED, corpus.VALIDATION_SHARE)
    training, validation = (beats_of(part) for part in held)
    grown: Card = {"options": dict(options), "validation_beats": min(beats, len(validation))}
    for share in SHARES:
        run = Run(options_from({**options, "share": share}), training)
        with tempfile.TemporaryDirectory() as folder:
            run.train(Path(folder) / "state.pt", progress)
        found = model_scores(_model_of(run), validation[:beats], report.READINGS)
        grown[f"{len(run.beats)} beats"] = found
        progress({"share": share, "scores": found})
    card = read_card(out)
    card["growth"]["compact"] = grown
    _write_card(out, card)
    return grown


def rescore(out: Path) -> Card:
    """Give a finished model today's decoding and companion, and score it anew into its card.

    Args:
        out: Folder of the model.
    """
    card = {**read_card(out), **_answering()}
    _write_card(out, card)
    _, held = corpus.split(corpus.load_corpus(), corpus.SPLIT_SEED, corpus.VALIDATION_SHARE)
    card["scores"] = model_scores(CompactModel.load(out), beats_of(held), report.ALL)
    card["reached"] = report.meets(card["scores"])
    _write_card(out, card)
    return card


def _model_of(run: Run) -> CompactModel:
    """Return a run's averaged network as users would ask it."""
    card = {**_answering(), "weights_sha256": ""}
    return CompactModel(run.average.eval(), run.reader, Companion(COMPANION_SHARE), card)


def _origin(command: str) -> Card:
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"],  # noqa: S607  # whichever git there is
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return {
        "schema": CARD_SCHEMA,
        "channel_hash": CHANNEL_HASH,
        "encoder": "sentence-transformers/all-MiniLM-L6-v2",
        "encoder_sha256": encoder.ENCODER_SHA256,
        "commit": commit.stdout.strip(),
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}",
    }


def _write(out: Path, run: Run, card: Card) -> Card:
    """Write the weights in half precision and the card, each through a temporary file."""
    out.mkdir(parents=True, exist_ok=True)
    state = {
        name: tensor.half().contiguous()
        for name, tensor in run.average.state_dict().items()
        if not name.startswith(FROZEN)
    }
    weights, draft = out / WEIGHTS_NAME, out / f"{WEIGHTS_NAME}.part"
    save_file(state, str(draft))
    draft.chmod(0o644)
    draft.replace(weights)
    card["weights_sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    card["weights_bytes"] = weights.stat().st_size
    _write_card(out, card)
    return card


def _write_card(out: Path, card: Card) -> None:
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    draft = out / f"{CARD_NAME}.part"
    draft.write_text(text, encoding="utf-8")
    draft.replace(out / CARD_NAME)


def _logged(kind: str, **fields: Any) -> None:
    if kind == "metrics":
        _log.info("%s", fields)


def main() -> None:
    """Train from the command line; `facewright train compact` does the same in the worker."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and card")
    parser.add_argument("--options", default="{}", help="JSON object, see Options and train")
    parser.add_argument("--rescore", action="store_true", help="only score anew; see rescore")
    parser.add_argument("--grow", type=int, metavar="BEATS", help="only score parts; see grow")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options = json.loads(given.options)
    if given.rescore:
        _log.info("%s", json.dumps(rescore(given.out)["scores"], indent=1))
        return
    if given.grow is not None:
        grow(given.out, options, given.grow, lambda note: _log.info("%s", note))
        return
    command = f"python -m generator.training.compact --out {given.out} --options '{given.options}'"
    card = train(given.out, {"command": command, **options}, _logged)
    _log.info("%s", json.dumps(card["scores"], indent=1))


if __name__ == "__main__":
    main()
