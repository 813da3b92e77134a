from __future__ import annotations

import pytest

from generator.standardise.tables import compiled, table, words


def test_tables_are_read_once() -> None:
    assert table("feelings") is table("feelings")
    assert compiled("a+") is compiled("a+")


def test_every_word_is_lower_case() -> None:
    for name in table("words"):
        assert all(word == word.lower() for word in words(name)), name


def test_feelings_are_in_form() -> None:
    for name, entry in table("feelings").items():
        assert entry["arousal"] in (-1, 0, 1), name
        assert set(entry) == {"arousal", "adjectives", "nouns", "verbs"}, name


def test_a_missing_table_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match="install facewright again"):
        table("nonsense")
