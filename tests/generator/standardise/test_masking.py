from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.standardise.masking import MAX_QUOTE, masked, quotations


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("he says 'no, then yes' and", ["'no, then yes'"]),
        ("Dad's boots and the dogs' bowl", []),
        ("'it's fine, Dad's boots'", ["'it's fine, Dad's boots'"]),
        ('"one. Two" and “three; four”', ['"one. Two"', "“three; four”"]),
        ("aside (six children!) here", ["(six children!)"]),
        ("get 'em, then go", []),
        ("an open ' mark", []),
        ('an open " mark', []),
    ],
)
def test_quotations(text: str, inside: list[str]) -> None:
    assert [text[a:b] for a, b in quotations(text)] == inside


def test_a_partner_too_far_away_is_none() -> None:
    assert quotations('"' + "a" * MAX_QUOTE + '"') == []


@pytest.mark.parametrize("text", ["Dr. Smith", "2.5 s", "e.g. a smile", "INT. KITCHEN", "1,000"])
def test_dots_that_end_nothing(text: str) -> None:
    assert not set(".,") & set(masked(text).rstrip("."))


@pytest.mark.parametrize("text", ["now and then", "even then", "back then", "until now"])
def test_fixed_phrases(text: str) -> None:
    assert set(masked(text)) <= {"z", " "}


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=400))
def test_the_mask_is_as_long_as_the_text(text: str) -> None:
    assert len(masked(text)) == len(text)
