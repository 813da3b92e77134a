from __future__ import annotations

import pytest

from generator.standardise.order import performed_order


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("Before she cries, she looks up.", "she looks up, then she cries."),
        ("After he sneezes, he smiles.", "he sneezes, then he smiles."),
        ("After  , he smiles.", " , then he smiles."),
        ("Until it rings, he dozes.", "he dozes until it rings."),
        ("She smiles after crying.", "crying, then she smiles."),
        ("One. Before two, three. Four", "One. three, then two. Four"),
        (
            "Before the vet tells them she is fine, he prays.",
            "he prays, then the vet tells them she is fine.",
        ),
    ],
)
def test_events_in_order(text: str, ordered: str) -> None:
    assert performed_order(text) == ordered


@pytest.mark.parametrize(
    "text",
    [
        "She smiles before she cries.",
        "After a beat, he laughs.",
        "After that, he grins.",
        "after",
        "After that he lowers his face, slowly.",
        "After the jab she blinks, twice.",
        "Before each answer her eyes flick left, come back.",
        "He looks after her.",
        "She waits at the bar after work.",
        "'Before you go, smile.'",
        "plain",
    ],
)
def test_what_is_in_order_stays(text: str) -> None:
    assert performed_order(text) == text
