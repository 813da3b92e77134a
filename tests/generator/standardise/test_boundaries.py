from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.standardise.boundaries import candidates


def kinds(text: str) -> list[str]:
    return [f"{c.kind} {c.link}".strip() for c in candidates(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smiles, then cries", ["comma then"]),
        ("smiles and then cries", ["word then"]),
        ("smiles and cries", ["word and"]),
        ("salt and pepper", []),
        ("a. b! c? d", ["sentence", "exclaim", "question"]),
        ("a... b", ["ellipsis"]),
        ("a; b: c", ["semicolon", "colon"]),
        ("a - b \u2014 c", ["dash", "dash"]),
        ("self-satisfied", []),
        ("a / b", ["slash"]),
        ("a\nb", ["line"]),
        ("joy -> fear", ["arrow"]),
        ("grin melts into horror", ["change"]),
        ("walks into the room", []),
        ("turns to the door", []),
        ("from bored to happy", ["from_to"]),
        ("from a, to b", ["comma"]),
        ("'Stop!' She cries", ["quoted"]),
        ("suddenly she gasps", []),
        ("smiles. Suddenly she gasps", ["sentence suddenly"]),
        ("smiles. Two seconds. Frowns", ["sentence"]),
        ("5,000 smiles", []),
    ],
)
def test_kinds(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ab ,.;:-'\"\n!?then>()12", max_size=300))
def test_candidates_are_in_order_and_have_words_around_them(text: str) -> None:
    found = candidates(text)
    edges = [0, *(edge for c in found for edge in (c.start, c.end)), len(text)]
    assert edges == sorted(edges)
    pieces = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if found:
        assert all(any(character.isalnum() for character in piece) for piece in pieces)
