"""Texts -> padded arrays of token ids and word features. No torch; needs the tokenizers package.

A row is `[CLS] text [SEP]`, or `[CLS] text [SEP] context [SEP]` with the context in segment 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from generator.compact.features import SIZES, word_features

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TEXT_TOKENS: Final = 160
CONTEXT_TOKENS: Final = 120
"""What is read of a text and of its context; the corpus's longest have 94 and 88 tokens."""

MASK_ID: Final = 103
_CLS_ID, _SEP_ID = 101, 102
_FIRST_WORD_ID = 999  # below are special and unused tokens (vocab.txt of BERT uncased)
_MAX_CHARACTERS = 8000  # 160 tokens never need more; keeps a pasted book cheap

Pair = tuple[str, str | None]
"""A text and its context, or None."""


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Rows ready for the network.

    Attributes:
        ids: (n, length) token ids, 0 where padded.
        mask: (n, length) True where there is a token.
        features: (n, length, 6) word features, each below its entry of `features.SIZES`.
        segments: (n, length) 0 for the text, 1 for the context.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.bool_]
    features: NDArray[np.int64]
    segments: NDArray[np.int64]


class TokenReader:
    """Tokenises texts and lays their word features beside the tokens."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cached = lru_cache(maxsize=40_000)(self._encode)

    def batch(
        self,
        pairs: Sequence[Pair],
        *,
        masked: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> TokenBatch:
        """Return the rows of the pairs; in training a share of the words is masked out."""
        rows = [self._row(text, context) for text, context in pairs]
        length = max(len(row[0]) for row in rows)
        ids = np.zeros((len(rows), length), np.int64)
        mask = np.zeros((len(rows), length), np.bool_)
        features = np.zeros((len(rows), length, len(SIZES)), np.int64)
        segments = np.zeros((len(rows), length), np.int64)
        for index, (row_ids, row_features, row_segments) in enumerate(rows):
            size = len(row_ids)
            ids[index, :size], mask[index, :size] = row_ids, True
            if masked and rng is not None:
                hidden = (rng.random(size) < masked) & (row_ids >= _FIRST_WORD_ID)
                ids[index, :size][hidden] = MASK_ID
            features[index, :size], segments[index, :size] = row_features, row_segments
        return TokenBatch(ids, mask, features, segments)

    def _row(
        self, text: str, context: str | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        blank = np.zeros((1, len(SIZES)), np.int64)
        ids, features = self._cached(text, TEXT_TOKENS)
        all_ids = [np.array([_CLS_ID]), ids, np.array([_SEP_ID])]
        all_features = [blank, features, blank]
        first = len(ids) + 2
        if context:
            ids, features = self._cached(context, CONTEXT_TOKENS)
            all_ids += [ids, np.array([_SEP_ID])]
            all_features += [features, blank]
        joined = np.concatenate(all_ids)
        segments = (np.arange(len(joined)) >= first).astype(np.int64)
        return joined, np.concatenate(all_features), segments

    def _encode(self, text: str, limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        text = text[:_MAX_CHARACTERS]
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        words = word_features(text)
        word_at = np.full(len(text) + 1, -1)
        for index, word in enumerate(words):
            word_at[word.start : word.end] = index
        ids = np.array(encoded.ids[:limit], np.int64)
        features = np.zeros((len(ids), len(SIZES)), np.int64)
        for row, (start, _) in enumerate(encoded.offsets[:limit]):
            if word_at[start] >= 0:
                features[row] = words[word_at[start]].codes
        return ids, features
