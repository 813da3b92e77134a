from __future__ import annotations

import pytest

from generator.errors import PromptError
from generator.script import MAX_TEXT
from generator.standardise.clean import plain, readable


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("  a \t b  ", "a b"),
        ("a\r\n\r\n b", "a\nb"),
        ("a\x00\x07b\u200b", "ab"),
        ("so happy 😀", "so happy grinning"),
        ("😀🚗", "grinning"),
        ("👨🏽\u200d🚀 smiles 🙂", "smiles smiling slightly"),
        ("sad :-(((", "sad sad"),
        ("ratio 3:2", "ratio 3:2"),
        ("e\u0301", "\xe9"),
    ],
)
def test_readable(prompt: str, text: str) -> None:
    assert readable(prompt) == text


def test_an_emoji_without_words_of_ours_reads_by_its_name() -> None:
    assert readable("🐶") == "dog face"


def test_plain_keeps_emoji_and_is_bounded() -> None:
    assert plain("a 😀\ud800") == "a 😀"
    assert len(plain("a" * 10 * MAX_TEXT)) == MAX_TEXT


@pytest.mark.parametrize(
    ("prompt", "message"),
    [("\x00 \n", "The prompt is empty."), ("?!", "The prompt '?!' has no words in it.")],
)
def test_nothing_readable(prompt: str, message: str) -> None:
    with pytest.raises(PromptError) as caught:
        readable(prompt)
    assert caught.value.message == message
