from __future__ import annotations

import numpy as np
import pytest

from generator.compact.encoder import encoder_folder
from generator.compact.features import SIDE_LEFT
from generator.compact.tokens import CONTEXT_TOKENS, MASK_ID, TEXT_TOKENS, TokenReader


@pytest.fixture(scope="module")
def reader() -> TokenReader:
    return TokenReader(encoder_folder())


def test_rows_are_framed_padded_and_segmented(reader: TokenReader) -> None:
    batch = reader.batch([("Left eye.", "A test."), ("Jaw.", None)])
    assert batch.ids[0].tolist() == [101, 2187, 3239, 1012, 102, 1037, 3231, 1012, 102]
    assert batch.segments[0].tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert batch.mask.sum(1).tolist() == [9, 4]
    assert batch.features[0, 1, 0] == SIDE_LEFT
    assert not batch.features[~batch.mask].any()


def test_tokens_carry_the_features_of_their_word(reader: TokenReader) -> None:
    batch = reader.batch([("Eyebrows left unmoving zygomaticus", None)])
    pieces = batch.features[0, 1:-1]
    assert (pieces[2:, 1] == SIDE_LEFT).sum() >= 3  # every piece of the long words


def test_long_texts_are_cut(reader: TokenReader) -> None:
    batch = reader.batch([("word " * 10_000, "more " * 10_000)])
    assert batch.ids.shape[1] == TEXT_TOKENS + CONTEXT_TOKENS + 3


def test_masking_hides_words_only_and_is_seeded(reader: TokenReader) -> None:
    pairs = [("The left brow rises strongly over a narrowed eye.", "A long day.")]
    rows = [reader.batch(pairs, masked=0.5, rng=np.random.default_rng(3)).ids[0] for _ in range(2)]
    assert (rows[0] == rows[1]).all()
    assert (rows[0] == MASK_ID).any()
    assert rows[0][0] == 101
    assert (reader.batch(pairs).ids != MASK_ID).all()


@pytest.mark.parametrize("text", ["", " ", "\U0001f609\U0001f62e", "\x00\x01", "ÅÇŸ ñandú 你好"])
def test_odd_texts_become_rows(reader: TokenReader, text: str) -> None:
    batch = reader.batch([(text, None)])
    assert batch.ids[0, 0] == 101
    assert batch.ids[0, -1] == 102
