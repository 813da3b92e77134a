"""Scores of predicted poses against authored ones. Pure.

Definitions are the corpus's own (assets/corpus/README.md, Scores). A constant prediction has a good
MAE and knows nothing: judge by F1, side and retrieval first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.corpus import HEAD_RADIANS_PER_UNIT, PAIRED
from livelink.channels import Channel

Poses = NDArray[np.float64]

ACTIVE_TARGET = 0.25
"""A channel is active where the target reaches this (head in units of 45 degrees)."""

FOUND = 0.15
"""An active channel is found where the prediction reaches this with the right sign."""

FALSE_ALARM = 0.30
"""A prediction of this much is a false alarm ..."""

QUIET_TARGET = 0.10
"""... where the target stays below this."""

ONE_SIDED = 0.25
"""A pair is asymmetric where the targets of its sides differ by this."""

SIDE_SHOWN = 0.05
"""A predicted difference below this names no side."""

_SCORED = slice(0, Channel.HeadRoll + 1)  # the 52 shapes and the head; eyes follow the look shapes
_HEAD = slice(Channel.HeadYaw, Channel.HeadRoll + 1)
_SIDES = tuple((Channel[f"{stem}Left"], Channel[f"{stem}Right"]) for stem in PAIRED)
_NAMES_A_SIDE = re.compile(r"\b(?:left|right)(?:ward|wards|most|-hand|s)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scores:
    """What a set of predictions is worth.

    Attributes:
        count: Poses compared.
        mae, rmse: Mean absolute and root mean square error over the 61 values.
        recall, precision, f1: Of active channels.
        side: Share of asymmetric pairs with the right side ahead; None where there are none.
        side_count: How many such pairs there are (only in rows whose text names a side).
        r1, r2, r3: Share of poses whose own target is among the nearest 1, 2, 3 of a random pool.
    """

    count: int
    mae: float
    rmse: float
    recall: float
    precision: float
    f1: float
    side: float | None
    side_count: int
    r1: float
    r2: float
    r3: float

    def to_json(self) -> dict[str, float | int | None]:
        """Return the scores for a model card: errors to 4 decimals, shares to 3."""
        return {
            "n": self.count,
            "mae": round(self.mae, 4),
            "rmse": round(self.rmse, 4),
            "recall": round(self.recall, 3),
            "precision": round(self.precision, 3),
            "f1": round(self.f1, 3),
            "side": None if self.side is None else round(self.side, 3),
            "n_side": self.side_count,
            "r1": round(self.r1, 3),
            "r2": round(self.r2, 3),
            "r3": round(self.r3, 3),
        }


def score(
    predicted: ArrayLike,
    target: ArrayLike,
    texts: Sequence[str] | None = None,
    *,
    seed: int = 0,
    pool: int = 32,
    rounds: int = 200,
) -> Scores:
    """Compare (n, 61) predictions with (n, 61) targets, n >= 1.

    Args:
        predicted: Wire values.
        target: Wire values.
        texts: What the model was given, one a row; side is scored only where a text names a side
            (in all rows if None), since no model can know the rest.
        seed: Of the retrieval pools.
        pool: Poses in a retrieval pool.
        rounds: Pools drawn.
    """
    guess, truth = np.asarray(predicted, np.float64), np.asarray(target, np.float64)
    assert guess.shape == truth.shape, f"{guess.shape} cannot be compared with {truth.shape}"
    guess_units, truth_units = in_units(guess), in_units(truth)
    recall, precision = _activity(guess_units, truth_units)
    sides = _sides(guess_units, truth_units, texts)
    ranks = _retrieval(guess_units, truth_units, (seed, pool, rounds))
    error = guess - truth
    return Scores(
        count=len(truth),
        mae=float(np.abs(error).mean()),
        rmse=math.sqrt(float((error**2).mean())),
        recall=recall,
        precision=precision,
        f1=2 * recall * precision / max(recall + precision, 1e-9),
        side=float(sides.mean()) if len(sides) else None,
        side_count=len(sides),
        r1=ranks[0],
        r2=ranks[1],
        r3=ranks[2],
    )


def names_a_side(text: str) -> bool:
    """Return whether a text says left or right."""
    return _NAMES_A_SIDE.search(text) is not None


def in_units(poses: Poses) -> Poses:
    """Return the scored part of (n, 61) poses: 52 shapes, and the head in units of 45 degrees."""
    units = poses[:, _SCORED].copy()
    units[:, _HEAD] /= HEAD_RADIANS_PER_UNIT
    return units


def _activity(guess: Poses, truth: Poses) -> tuple[float, float]:
    """Return recall and precision of active channels."""
    active = np.abs(truth) >= ACTIVE_TARGET
    found = (np.abs(guess) >= FOUND) & (np.sign(guess) == np.sign(truth))
    hits = int((active & found).sum())
    false = int(((np.abs(guess) >= FALSE_ALARM) & (np.abs(truth) < QUIET_TARGET)).sum())
    return hits / max(int(active.sum()), 1), hits / max(hits + false, 1)


def _sides(guess: Poses, truth: Poses, texts: Sequence[str] | None) -> NDArray[np.bool_]:
    """Return for every scored asymmetric pair whether the right side is ahead."""
    named = np.ones(len(truth), bool)
    if texts is not None:
        named = np.array([names_a_side(text) for text in texts], bool)
    right = []
    for left_channel, right_channel in _SIDES:
        wanted = truth[:, left_channel] - truth[:, right_channel]
        shown = guess[:, left_channel] - guess[:, right_channel]
        rows = named & (np.abs(wanted) >= ONE_SIDED)
        clear = np.abs(shown) >= SIDE_SHOWN
        right.append((clear & (np.sign(shown) == np.sign(wanted)))[rows])
    return np.concatenate(right)


def _retrieval(
    guess: Poses, truth: Poses, draw: tuple[int, int, int]
) -> tuple[float, float, float]:
    """Return R@1, R@2, R@3 by cosine in random pools; a tie counts against the prediction."""
    seed, pool, rounds = draw
    rng = np.random.default_rng(seed)
    similarity = _directions(guess) @ _directions(truth).T
    within = np.zeros(3)
    for _ in range(rounds):
        rows = rng.choice(len(truth), min(pool, len(truth)), replace=False)
        drawn = similarity[np.ix_(rows, rows)]
        better = (drawn >= np.diag(drawn)[:, None] - 1e-9).sum(axis=1) - 1
        within += [(better <= place).mean() for place in range(3)]
    first, second, third = (within / rounds).tolist()
    return first, second, third


def _directions(poses: Poses) -> Poses:
    directions: Poses = poses / (np.linalg.norm(poses, axis=1, keepdims=True) + 1e-9)
    return directions
