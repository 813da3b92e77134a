from __future__ import annotations

import itertools
import math

import pytest

from generator.standardise.boundaries import Candidate, candidates
from generator.standardise.counting import distribution, evenly, kept, stated_count


def test_distribution_counts_every_combination() -> None:
    chances = [0.3, 0.6, 0.9]
    expected = [0.0] * 4
    for chosen in itertools.product([0, 1], repeat=3):
        share = math.prod(p if c else 1 - p for p, c in zip(chances, chosen, strict=True))
        expected[sum(chosen)] += share
    assert distribution(chances) == pytest.approx([*expected, 0.0])


def test_what_is_beyond_five_counts_as_five() -> None:
    assert distribution([1.0] * 9) == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert sum(distribution([0.4] * 30)) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "count"), [("in three panels", 3), ("Four beats at the races", 4), ("5 keys", 5)]
)
def test_stated_count(text: str, count: int) -> None:
    assert stated_count(text) == count


def test_no_stated_count() -> None:
    assert stated_count("two eyes, one beat missed") is None


def test_then_is_always_kept() -> None:
    text = "Smug. Tiny, keep it tiny. No teeth, then a wink"
    assert "then" in [c.link for c in kept(text, candidates(text))]


def test_nothing_before_the_heading_is_kept() -> None:
    text = "INT. KITCHEN. She smiles, then cries"
    found = candidates(text)
    assert [c.link for c in kept(text, found, found[0])] == ["then"]


def test_evenly_shares_the_text_out() -> None:
    found = [Candidate(i, i + 1, "sentence") for i in range(10, 1000, 10)]
    assert [c.start for c in evenly(found, 1000)] == [200, 400, 600, 800]
