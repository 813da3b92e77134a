"""Train the compact model on the authored corpus: resumable, repeatable by seed, two cores.

Run by `facewright train compact`, or directly:

    python -m generator.training.compact --out assets/models/compact --checkpoint ~/compact

A step's batch is cut into small batches that worker threads take in turn, one core each, so that
a busy machine slows a run but does not stall it; their gradients are added in order, so that the
result does not depend on who was first. The learning rate holds and then falls over the last
steps: a run may be resumed with more steps as long as it has not begun to fall.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import logging
import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from generator import corpus
from generator.compact import encoder, report, units
from generator.compact.augment import Epochs, Example, Mix
from generator.compact.beats import ReadBeat, beats_of, part
from generator.compact.decode import Decoding, mirror_mean
from generator.compact.features import mirror_text
from generator.compact.model import CARD_NAME, CARD_SCHEMA, WEIGHTS_NAME
from generator.compact.network import FROZEN, GRID, FaceReader, Shape, from_minilm, tensors_of
from generator.compact.objective import Weights, loss
from generator.compact.tokens import Pair, TokenReader
from livelink.channels import CHANNEL_HASH

_log = logging.getLogger(__name__)

Progress = Callable[[dict[str, Any]], None]
"""Told step, total, loss and elapsed_s now and then."""

Card = dict[str, Any]

SHIPPED_DECODING: dict[str, float] = {"median": 0.3}
"""How the shipped weights answer; chosen on the validation split (generator/LOG.md)."""

SHARES = (0.25, 0.5, 1.0)
_SORTED_STEPS = 24  # batches are cut from this many steps' worth of examples, sorted by length
_NEGATIVES = 64
_EMA_DECAY = 0.995
_CLIP = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """Everything a run depends on; kept on the card.

    Attributes:
        seed: Of the weights' start, the order and the augmentation.
        steps: Optimiser steps.
        batch: Examples a step.
        small: Examples a thread takes at a time.
        encoder_rate, head_rate: Peak learning rates of MiniLM's layers and of the rest.
        fall: Last share of the steps over which the rates fall to nothing.
        decay: Weight decay.
        masked: Share of words hidden from the network in training.
        dropped: Share of channels silenced in memory and answers in training.
        threads: Worker threads, one core each.
        frozen: How many of MiniLM's layers, from the bottom, do not learn in this run.
        share: Part of the training scripts used, for learning curves.
        shape, mix, weights: Of the network, the examples and the loss.
    """

    seed: int = 7
    steps: int = 2400
    batch: int = 32
    small: int = 8
    encoder_rate: float = 1.5e-4
    head_rate: float = 8e-4
    fall: float = 0.4
    decay: float = 0.03
    masked: float = 0.1
    dropped: float = 0.1
    threads: int = 2
    frozen: int = 0
    share: float = 1.0
    shape: Shape = field(default_factory=Shape)
    mix: Mix = field(default_factory=Mix)
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A small batch, ready for a thread."""

    inputs: tuple[Tensor, Tensor, Tensor, Tensor]
    target: Tensor
    others: Tensor
    noise: tuple[Tensor, Tensor]


class Run:
    """One training run: its network, its averages, its place in the data."""

    def __init__(self, options: Options, beats: Sequence[ReadBeat]) -> None:
        self.options = options
        self.step = 0
        self.epochs_seen = 0.0
        self.beats = part(beats, options.share, options.seed)
        torch.manual_seed(options.seed)
        folder = encoder.encoder_folder()
        self.reader = TokenReader(folder)
        self.network = FaceReader(options.shape)
        pretrained = from_minilm(encoder.read_tensors(folder, layers=True), options.shape.layers)
        self.network.load_state_dict(pretrained, strict=False)
        meanings = [(units.MEANINGS[stem], None) for stem in units.STEMS]
        self.network.encode_meanings(self.reader.batch(meanings))
        still = (*FROZEN, *(f"layers.{layer}." for layer in range(options.frozen)))
        still += ("input_features",) if options.frozen else ()
        for name, parameter in self.network.named_parameters():
            parameter.requires_grad_(not name.startswith(still))
        self.average = copy.deepcopy(self.network)
        self.optimiser = self._optimiser()
        self.epochs = Epochs(self.beats, options.mix)
        self._poses = np.stack([beat.units for beat in self.beats])

    def start_from(self, checkpoint: Path) -> None:
        """Take the weights of another run's checkpoint; the optimiser starts anew."""
        state = torch.load(checkpoint, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["network"])

    @property
    def trained(self) -> list[Tensor]:
        """The parameters that learn, in order."""
        return [p for p in self.network.parameters() if p.requires_grad]

    def train(
        self,
        checkpoint: Path,
        progress: Progress,
        *,
        save_every: int = 100,
        after_step: Callable[[int], None] = lambda _step: None,
    ) -> None:
        """Train to the last step, resuming from the checkpoint file if it is there.

        Args:
            checkpoint: Written now and then, and when the run is stopped.
            progress: Told every 20 steps; what it raises stops the run.
            save_every: Steps between checkpoints.
            after_step: Called after every step with its number; what it raises stops the run.

        Raises:
            ValueError: The checkpoint belongs to a run with other options.
        """
        if checkpoint.exists():
            self._resume(checkpoint)
        torch.set_num_threads(1)
        started, seen = time.monotonic(), []
        try:
            with ThreadPoolExecutor(self.options.threads) as pool:
                for pieces in self._steps():
                    seen.append(self._advance(pieces, pool))
                    after_step(self.step)
                    if self.step % save_every == 0:
                        self._save(checkpoint)
                    if self.step % 20 == 0:
                        elapsed = round(time.monotonic() - started, 1)
                        note = {"step": self.step, "total": self.options.steps}
                        progress({**note, "loss": float(np.mean(seen)), "elapsed_s": elapsed})
                        seen = []
        finally:
            self._save(checkpoint)

    def _optimiser(self) -> torch.optim.AdamW:
        layers = {id(p) for p in self.network.layers.parameters()}
        groups = [
            {"params": [p for p in self.trained if id(p) in layers]},
            {"params": [p for p in self.trained if id(p) not in layers]},
        ]
        return torch.optim.AdamW(
            groups, betas=(0.9, 0.98), weight_decay=self.options.decay, fused=True
        )

    def _advance(self, pieces: Sequence[_Piece], pool: ThreadPoolExecutor) -> float:
        parameters = self.trained
        results = list(pool.map(self._gradients, pieces))
        for parameter, *gradients in zip(parameters, *(r[1] for r in results), strict=True):
            parameter.grad = gradients[0]
            for gradient in gradients[1:]:
                parameter.grad.add_(gradient)
            parameter.grad.div_(len(gradients))
        torch.nn.utils.clip_grad_norm_(parameters, _CLIP)
        rate = self._rate()
        self.optimiser.param_groups[0]["lr"] = self.options.encoder_rate * rate
        self.optimiser.param_groups[1]["lr"] = self.options.head_rate * rate
        self.optimiser.step()
        self.step += 1
        keep = min(_EMA_DECAY, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            averaged = [p for p in self.average.parameters() if p.requires_grad]
            for mean, parameter in zip(averaged, parameters, strict=True):
                mean.lerp_(parameter, 1 - keep)
        return float(np.mean([r[0] for r in results]))

    def _gradients(self, piece: _Piece) -> tuple[float, tuple[Tensor, ...]]:
        """Return loss and gradients of one small batch. Runs in a worker thread."""
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.network(*piece.inputs, piece.noise)
        value = loss(logits.float(), piece.target, piece.others, self.options.weights)
        return float(value.detach()), torch.autograd.grad(value, self.trained)

    def _rate(self) -> float:
        warm = min(1.0, (self.step + 1) / 60)
        left = (self.options.steps - self.step) / max(self.options.fall * self.options.steps, 1)
        return warm * min(1.0, 0.02 + 0.98 * left)

    def _steps(self) -> Iterator[list[_Piece]]:
        """Yield the steps that are left; each depends on seed, epoch and step alone."""
        done, epoch = 0, 0
        while self.step < self.options.steps:
            rng = np.random.default_rng((self.options.seed, epoch))
            groups = _grouped(self.epochs.draw(rng), self.options, rng)
            for group in groups:
                if done >= self.step:
                    self.epochs_seen = done / len(groups)
                    if self.step >= self.options.steps:
                        return
                    yield self._pieces(group)
                done += 1
            epoch += 1

    def _pieces(self, group: Sequence[Example]) -> list[_Piece]:
        rng = np.random.default_rng((self.options.seed, 1 << 20, self.step))
        small = self.options.small
        return [
            self._piece(group[start : start + small], rng) for start in range(0, len(group), small)
        ]

    def _piece(self, examples: Sequence[Example], rng: np.random.Generator) -> _Piece:
        pairs, poses = [], []
        for example in examples:
            flipped = rng.random() < 0.5
            text, context = example.text, example.context
            if flipped:
                text, context = mirror_text(text), context and mirror_text(context)
            pairs.append((text, context))
            poses.append(example.units[units.MIRROR] if flipped else example.units)
        batch = self.reader.batch(pairs, masked=self.options.masked, rng=rng)
        others = self._poses[rng.integers(len(self._poses), size=_NEGATIVES)]
        sizes = (encoder.WIDTH, self.options.shape.width)
        memory, answers = (self._silence(len(pairs), size, rng) for size in sizes)
        return _Piece(
            tensors_of(batch),
            torch.from_numpy(np.stack(poses)),
            torch.from_numpy(others),
            (memory, answers),
        )

    def _silence(self, rows: int, size: int, rng: np.random.Generator) -> Tensor:
        kept = rng.random((rows, 1, size)) >= self.options.dropped
        return torch.from_numpy((kept / (1 - self.options.dropped)).astype(np.float32))

    def _identity(self) -> dict[str, Any]:
        """What must be equal for a checkpoint to be resumed; the length may grow."""
        return {k: v for k, v in asdict(self.options).items() if k not in ("steps", "threads")}

    def _save(self, checkpoint: Path) -> None:
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "identity": self._identity(),
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        draft = checkpoint.with_suffix(".part")
        torch.save(state, draft)
        draft.replace(checkpoint)

    def _resume(self, checkpoint: Path) -> None:
        state = torch.load(checkpoint, weights_only=True)
        if state["identity"] != self._identity():
            raise ValueError(f"{checkpoint} belongs to a run with other options; remove it first.")
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        _log.info("resumed %s at step %d", checkpoint, self.step)


def _grouped(
    examples: Sequence[Example], options: Options, rng: np.random.Generator
) -> list[list[Example]]:
    """Return the steps of an epoch: batches of similar length, in random order."""
    order = rng.permutation(len(examples))
    groups: list[list[Example]] = []
    width = options.batch * _SORTED_STEPS
    for start in range(0, len(order), width):
        chunk = sorted((examples[i] for i in order[start : start + width]), key=_length)
        groups += [chunk[at : at + options.batch] for at in range(0, len(chunk), options.batch)]
    return [groups[i] for i in rng.permutation(len(groups))]


def _length(example: Example) -> int:
    return len(example.text) + len(example.context or "")


class Averaged:
    """A run's averaged network as the report reads it, with mirrored texts averaged in."""

    def __init__(self, run: Run) -> None:
        self._network = run.average.eval()
        self._reader = run.reader

    @torch.inference_mode()
    def chances(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Return the (n, 54, k) probabilities."""
        mirrored = [
            (mirror_text(text), context and mirror_text(context)) for text, context in pairs
        ]
        plain, twin = (
            self._network(*tensors_of(self._reader.batch(part))).log_softmax(-1).numpy()
            for part in (pairs, mirrored)
        )
        return mirror_mean(plain, twin)


def validation_scores(run: Run, validation: Sequence[ReadBeat], decoding: Decoding) -> Card:
    """Return the scores by reading of a run's averaged network."""
    reader, grid = Averaged(run), np.array(GRID, np.float32)
    table: Card = {}
    for kind in (*report.READINGS, report.PLACED, "prompt"):
        given = report.asked(validation, kind)
        table[kind] = report.scores(report.chances(reader, given.pairs), grid, decoding, given)
    return table


def train(out: Path, options: Mapping[str, Any], progress: Progress) -> Card:
    """Train on the shipped corpus and write weights and card.

    Args:
        out: New folder for weights.safetensors and card.json.
        options: Fields of `Options` that differ, plus `checkpoint` (a folder; by default inside
            `out`), `start` (another run's checkpoint to take the weights of), `command` for the
            card, and `growth`, scores of runs on parts of the corpus.
        progress: Told how far it is; may raise to stop, and the run can be resumed.

    Returns:
        The card.
    """
    rest = dict(options)
    checkpoint = Path(rest.pop("checkpoint", out / "checkpoint"))
    command, growth = str(rest.pop("command", "")), rest.pop("growth", None)
    scripts = corpus.load_corpus()
    held = corpus.split(scripts, corpus.SPLIT_SEED, corpus.VALIDATION_SHARE)
    training, validation = (beats_of(part) for part in held)
    start = rest.pop("start", None)
    run = Run(options_from(rest), training)
    if start is not None:
        run.start_from(Path(start))
    started = time.monotonic()
    run.train(checkpoint / "state.pt", progress)
    decoding = Decoding(**SHIPPED_DECODING)
    baselines, ridge_growth = report.baseline_table(training, validation, SHARES, run.options.seed)
    card: Card = {
        **_origin(command),
        "options": asdict(run.options),
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
        "grid": list(GRID),
        "decoding": asdict(decoding),
        "scores": validation_scores(run, validation, decoding),
        "baselines": baselines,
        "expert": dict(report.EXPERT),
        "growth": {"compact": growth, "TF-IDF + ridge": ridge_growth},
        "test_beats": [beat.name for beat in validation[:: max(len(validation) // 100, 1)]][:100],
    }
    card["reached"] = report.meets(card["scores"])
    return _write(out, run, card)


def options_from(values: Mapping[str, Any]) -> Options:
    """Return options from plain JSON values; nested ones are mappings of their own fields."""
    kinds = {"shape": Shape, "mix": Mix, "weights": Weights}
    plain = {k: kinds[k](**v) if k in kinds else v for k, v in values.items()}
    return Options(**plain)


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
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    draft = out / f"{CARD_NAME}.part"
    draft.write_text(text, encoding="utf-8")
    draft.replace(out / CARD_NAME)
    return card


def main() -> None:
    """Train from the command line; `facewright train compact` does the same in the worker."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for weights and card")
    parser.add_argument("--options", default="{}", help="JSON object, see Options and train")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options = json.loads(given.options)
    command = f"python -m generator.training.compact --out {given.out} --options '{given.options}'"
    card = train(given.out, {"command": command, **options}, lambda note: _log.info("%s", note))
    _log.info("%s", json.dumps(card["scores"], indent=1))


if __name__ == "__main__":
    main()
