"""The lexical model: n-grams and ridge over the authored corpus, in numpy alone.

The fallback where the compact model's encoder is missing, and one voice of its ensemble. Three
tables of weights: what the words say of both sides together, what they say of left against right,
and what the situation adds to a director's words. Trained by `generator.training.lexical`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets import asset
from generator.models.files import WEIGHTS, ModelCard, Tensors, damaged, read_model
from generator.models.ngrams import context_features, features
from generator.models.protocols import Reading, TextChoice, reading
from generator.motion import constrain, follow_gaze
from generator.script import Script
from livelink.channels import CHANNEL_COUNT, CHANNELS, Channel
from livelink.frame import Values, as_values

NAME = "lexical"

EVEN: tuple[tuple[Channel, Channel], ...] = tuple(
    (info.channel, info.mirror)
    for info in CHANNELS
    if info.channel <= min(info.mirror, Channel.HeadRoll) and info.mirror_sign > 0
)
"""Columns of what a pose and its mirror image share: the mean of (channel, mirror)."""

ODD: tuple[tuple[Channel, Channel], ...] = tuple(
    (info.channel, info.mirror)
    for info in CHANNELS
    if info.channel <= Channel.HeadRoll
    and (info.channel < info.mirror or (info.channel == info.mirror and info.mirror_sign < 0))
)
"""Columns of what mirroring negates: half of channel - mirror, or a yaw or roll itself."""

OPPOSITES: tuple[tuple[Channel, Channel], ...] = (
    (Channel.EyeLookUpLeft, Channel.EyeLookDownLeft),
    (Channel.EyeLookUpRight, Channel.EyeLookDownRight),
    (Channel.EyeLookInLeft, Channel.EyeLookOutLeft),
    (Channel.EyeLookInRight, Channel.EyeLookOutRight),
    (Channel.JawLeft, Channel.JawRight),
    (Channel.MouthLeft, Channel.MouthRight),
)
"""Directions of which a face takes one at a time."""

SMALLEST = 0.08
"""Values below this are noise of the regression and become 0."""

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Weights of a vocabulary of features.

    Attributes:
        rows: Feature -> row.
        rarity: (n,) float32, what a feature's damped count is multiplied by.
        weights: (n, k) float16.
    """

    rows: Mapping[str, int]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float16]

    def sum(self, counts: Mapping[str, int]) -> Floats:
        """Return the (k,) weighted sum over a text's features, 0 where none is known."""
        rows, values = unit_vector(counts, self.rows, self.rarity)
        total: Floats = values @ self.weights[rows].astype(np.float64)
        return total

    def knows(self, counts: Mapping[str, int]) -> bool:
        """Return whether any of the features is in the vocabulary."""
        return any(name in self.rows for name in counts)


def unit_vector(
    counts: Mapping[str, int], rows: Mapping[str, int], rarity: NDArray[np.float32]
) -> tuple[Rows, Floats]:
    """Return the rows and values of a text's known features, of length 1 (or empty).

    A count n weighs sign(n) (1 + ln |n|): a word said twice says little more than once.
    """
    known = [(rows[name], count) for name, count in counts.items() if count and name in rows]
    index = np.array([row for row, _ in known], np.int64)
    damped = np.array([math.copysign(1.0 + math.log(abs(count)), count) for _, count in known])
    values = np.asarray(damped * rarity[index], np.float64)
    length = math.sqrt(float(values @ values))
    return index, values / length if length else values


class LexicalModel:
    """Turns a beat's words into a pose by looking its n-grams up. Any thread.

    Attributes:
        name: "lexical".
        fingerprint: Hash of the weights.
        card: Where they come from.
        note: "", or what the user should know of this choice.
    """

    def __init__(self, card: ModelCard, tensors: Tensors, note: str = "") -> None:
        self.name = NAME
        self.card = card
        self.fingerprint = card.fingerprint
        self.note = note
        self._text = _table(tensors, "text", len(EVEN))
        self._side = _table(tensors, "side", len(ODD))
        self._context = _table(tensors, "context", len(EVEN))
        self._means = tensors["means"].astype(np.float64)
        if self._means.shape != (2, len(EVEN)):
            raise ValueError(f"means has shape {self._means.shape}")

    @classmethod
    def load(cls, folder: Path | None = None, note: str = "") -> LexicalModel:
        """Return the model of a folder, or the shipped one.

        Raises:
            MissingModelError: A file is not there.
            DamagedModelError: A file is not what its card says.
            ModelError: Written by a later Facewright.
        """
        folder = folder or asset("models") / NAME
        card, files = read_model(folder)
        try:
            return cls(card, files[WEIGHTS], note)
        except (KeyError, ValueError) as exc:
            raise damaged(folder / WEIGHTS, f"it lacks what this model needs ({exc})") from exc

    def keyframe(
        self, script: Script, index: int, *, text: TextChoice = TextChoice.AUTO, seed: int = 0
    ) -> Values:
        """Return the (61,) pose of beat `index`; the same words give the same pose."""
        del seed  # nothing here is drawn
        return self.pose(reading(script, index, text))

    def pose(self, read: Reading) -> Values:
        """Return the (61,) float32 pose of a reading, in range and consistent.

        A text of which no word is known gives the neutral face.
        """
        even_counts, odd_counts = features(read.text)
        is_original = read.choice is TextChoice.ORIGINAL
        context_counts = context_features(_situation(read)) if is_original else {}
        if not (self._text.knows(even_counts) or self._context.knows(context_counts)):
            return as_values(np.zeros(CHANNEL_COUNT))
        even = self._means[int(is_original)] + self._text.sum(even_counts)
        if context_counts:
            even = even + self._context.sum(context_counts)
        return as_values(settle(unfold(even, self._side.sum(odd_counts))))


def _situation(read: Reading) -> str:
    """Return the context without the text itself, which a short prompt says twice."""
    context, text = (" ".join(part.casefold().split()) for part in (read.context, read.text))
    text = text.strip(".,;:!? ")
    return context.replace(text, " ", 1) if text else context


def unfold(even: Floats, odd: Floats) -> Floats:
    """Return the (..., 61) pose of its (..., len(EVEN)) and (..., len(ODD)) parts."""
    pose = np.zeros((*even.shape[:-1], CHANNEL_COUNT))
    for column, (channel, mirror) in enumerate(EVEN):
        pose[..., channel] = even[..., column]
        pose[..., mirror] = even[..., column]
    for column, (channel, mirror) in enumerate(ODD):
        pose[..., channel] += odd[..., column]
        if mirror != channel:
            pose[..., mirror] -= odd[..., column]
    return pose


def fold(poses: Floats) -> tuple[Floats, Floats]:
    """Return the (n, len(EVEN)) and (n, len(ODD)) parts of (n, 61) poses, eye rotations aside."""
    even = np.stack([(poses[:, a] + poses[:, b]) / 2 for a, b in EVEN], axis=1)
    odd = np.stack([poses[:, a] if a == b else (poses[:, a] - poses[:, b]) / 2 for a, b in ODD], 1)
    return even, odd


def settle(poses: Floats) -> Floats:
    """Return poses (..., 61) a face can take: one direction at a time, no crumbs, in range."""
    out = poses.copy()
    for one, other in OPPOSITES:
        ahead = poses[..., one] - poses[..., other]
        out[..., one] = np.maximum(ahead, 0.0)
        out[..., other] = np.maximum(-ahead, 0.0)
    out[np.abs(out) < SMALLEST] = 0.0
    return follow_gaze(constrain(out))


def table_tensors(name: str, rows: Mapping[str, int], rarity: Floats, weights: Floats) -> Tensors:
    """Return the tensors of a table as `LexicalModel` reads them: weights in half precision."""
    text = "\n".join(sorted(rows, key=rows.__getitem__))
    return {
        f"{name}.vocabulary": np.frombuffer(text.encode(), np.uint8),
        f"{name}.rarity": rarity.astype(np.float32),
        f"{name}.weights": weights.astype(np.float16),
    }


def _table(tensors: Tensors, name: str, width: int) -> Table:
    names = tensors[f"{name}.vocabulary"].tobytes().decode("utf-8").split("\n")
    rarity, weights = tensors[f"{name}.rarity"], tensors[f"{name}.weights"]
    if weights.shape != (len(names), width) or rarity.shape != (len(names),):
        raise ValueError(f"{name} has {weights.shape} weights for {len(names)} features")
    return Table({key: row for row, key in enumerate(names)}, rarity, weights)
