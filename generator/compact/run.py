"""One training run of the compact model: options, order, gradients, averages, checkpoints.

A step's batch is cut into small batches that worker threads take in turn, one core each, so that
a busy machine slows a run but does not stall it; their gradients are added in order, so that the
result does not depend on who was first. The learning rate holds and then falls over the last
steps: a run may be resumed with more or fewer steps, as the card then says.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from generator.compact import encoder, units
from generator.compact.augment import Epochs, Example, Mix
from generator.compact.beats import ReadBeat, part
from generator.compact.features import mirror_text
from generator.compact.network import FROZEN, FaceReader, Shape, from_minilm, tensors_of
from generator.compact.objective import Weights, loss
from generator.compact.tokens import TokenReader

_log = logging.getLogger(__name__)

Progress = Callable[[dict[str, Any]], None]
"""Told step, total, loss and elapsed_s now and then."""

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
    def epochs_seen(self) -> float:
        """How often the examples were gone through, about."""
        size = len(self.epochs.draw(np.random.default_rng(self.options.seed)))
        return self.step * self.options.batch / size

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


def options_from(values: Mapping[str, Any]) -> Options:
    """Return options from plain JSON values; nested ones are mappings of their own fields."""
    kinds = {"shape": Shape, "mix": Mix, "weights": Weights}
    plain = {k: kinds[k](**v) if k in kinds else v for k, v in values.items()}
    return Options(**plain)
