"""The compact model, loaded: texts in, poses out. Torch is imported when it is loaded.

Weights and card lie in assets/models/compact; the encoder's embeddings come from its own package.
Both are checked by SHA-256 before they are used. A text that names a side is read twice, as it is
and mirrored, and the two answers are averaged, so that left and right are never favoured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from assets import asset
from generator.compact import encoder, units
from generator.compact.beats import placed
from generator.compact.companion import Companion
from generator.compact.decode import Decoding, mirror_mean
from generator.compact.features import mirror_text, names_side
from generator.compact.tokens import Pair, TokenReader
from generator.errors import DamagedModelError
from generator.models.protocols import TextChoice, reading
from generator.script import Script
from livelink.channels import CHANNEL_COUNT, CHANNEL_HASH
from livelink.frame import Values, as_values

if TYPE_CHECKING:
    from generator.compact.network import FaceReader

CARD_SCHEMA: Final = "facewright-compact-1"
WEIGHTS_NAME: Final = "weights.safetensors"
CARD_NAME: Final = "card.json"
_ROWS_AT_ONCE = 32


class CompactModel:
    """MiniLM's token states read by one query per unit of the face.

    Attributes:
        name: Registry name.
        fingerprint: SHA-256 of the weights.
        card: What is known about them: data, split, options, scores.
        note: What the user should know of the choice of this model: nothing.
    """

    name = "compact"
    note = ""

    def __init__(
        self,
        network: FaceReader,
        reader: TokenReader,
        companion: Companion,
        card: Mapping[str, Any],
    ) -> None:
        self.card = card
        self.fingerprint = str(card["weights_sha256"])
        self._network = network
        self._reader = reader
        self._companion = companion
        self._grid = np.array(card["grid"], np.float32)
        self._alone = Decoding(**card["decoding"]["alone"])
        self._with_context = Decoding(**card["decoding"]["with context"])

    @classmethod
    def load(cls, folder: Path | None = None) -> CompactModel:
        """Return the model of a folder, or the shipped one.

        Raises:
            EncoderMissing: The text encoder's package is not installed.
            DamagedModelError: Weights, encoder or card are not what they should be.
            FileNotFoundError: No model is shipped.
        """
        from generator.compact.network import load_network

        place = asset("models", "compact") if folder is None else folder
        card = read_card(place)
        weights = place / WEIGHTS_NAME
        if not weights.is_file():
            raise DamagedModelError(f"{weights} is missing.", "Install facewright again.")
        encoder.check_sha256(weights, card["weights_sha256"])
        source = encoder.encoder_folder()
        network = load_network(card["options"]["shape"], weights, source)
        return cls(network, TokenReader(source), Companion(card.get("companion", 0.0)), card)

    def poses(
        self, texts: Sequence[str], contexts: Sequence[str | None] | None = None
    ) -> NDArray[np.float32]:
        """Return the (n, 61) wire values of texts, in range and free of contradictions.

        Args:
            texts: Anatomical or original texts, or prompts; a blank one with no context is a
                neutral face.
            contexts: For an original text its prompt, background and emotion in one line; None
                or "" where there is none.
        """
        given = [None] * len(texts) if contexts is None else list(contexts)
        pairs = [
            (text.strip(), context.strip() if context else None)
            for text, context in zip(texts, given, strict=True)
        ]
        values = np.zeros((len(pairs), units.UNIT_COUNT), np.float32)
        spoken = [row for row, (text, context) in enumerate(pairs) if text or context]
        spoken.sort(key=lambda row: len(pairs[row][0]) + len(pairs[row][1] or ""))
        for start in range(0, len(spoken), _ROWS_AT_ONCE):
            rows = spoken[start : start + _ROWS_AT_ONCE]
            part = [pairs[row] for row in rows]
            chances = self.chances(part)
            sided = np.array([_names_side(pair) for pair in part])
            alone = self._alone.units(chances, self._grid, sided)
            explained = self._with_context.units(chances, self._grid, sided)
            has_context = np.array([bool(pairs[row][1]) for row in rows])
            values[rows] = np.where(has_context[:, None], explained, alone)
        return units.to_wire(values)

    def chances(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Return the (n, 54, k) probabilities over the card's grid of intensities."""
        sided = [row for row, pair in enumerate(pairs) if _names_side(pair)]
        mirrored = [_mirrored(pairs[row]) for row in sided]
        logits = self._logits([*pairs, *mirrored])
        twins = logits[: len(pairs)].copy()  # without a side, the mirrored text is the text
        twins[sided] = logits[len(pairs) :]
        agreed = mirror_mean(logits[: len(pairs)], twins)
        return self._companion.join(agreed, pairs, self._grid)

    def keyframe(
        self, script: Script, index: int, *, text: TextChoice = TextChoice.AUTO, seed: int = 0
    ) -> Values:
        """Return the (61,) pose of beat `index`; the model has no randomness: no seed is used."""
        del seed
        read = reading(script, index, text)
        context = read.context
        if read.choice is TextChoice.ORIGINAL:
            context = placed(context, index, len(script.beats))
        return as_values(self.poses([read.text], [context])[0], shape=(CHANNEL_COUNT,))

    def _logits(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        import torch

        from generator.compact.network import tensors_of

        with torch.inference_mode():
            logits = self._network(*tensors_of(self._reader.batch(pairs)))
            answered: NDArray[np.float32] = logits.log_softmax(-1).numpy()
        return answered


def read_card(folder: Path) -> dict[str, Any]:
    """Return a model folder's card.

    Raises:
        DamagedModelError: There is none, or it is not a card of this model and channel order.
    """
    path = folder / CARD_NAME
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise DamagedModelError(f"{path} cannot be read: {exc}", "Install it again.") from exc
    wanted = {"schema": CARD_SCHEMA, "channel_hash": CHANNEL_HASH}
    for key, value in wanted.items():
        if card.get(key) != value:
            raise DamagedModelError(f"{path} has no {key} {value!r}.", "Train or install it again.")
    return card


def _names_side(pair: Pair) -> bool:
    return any(names_side(text) for text in pair if text)


def _mirrored(pair: Pair) -> Pair:
    text, context = pair
    return mirror_text(text), mirror_text(context) if context else None
