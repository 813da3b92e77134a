from __future__ import annotations

import pytest

from generator.standardise.wording import sentence, subject_of


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("she smiles", "She"),
        ("he makes her laugh", "He"),
        ("Bride feels a sneeze", "She"),
        ("the old king weeps", "He"),
        ("they laugh", "They"),
        ("pilot squints, then grins", "The pilot"),
        ("smiles, then cries", ""),
        ("eyes slide left", ""),
        ("'she lied', says nobody", ""),
    ],
)
def test_subject(text: str, subject: str) -> None:
    assert subject_of(text) == subject


@pytest.mark.parametrize(
    ("piece", "subject", "expected"),
    [
        (" fights back tears", "She", "She fights back tears."),
        ("and then forces a smile", "He", "He forces a smile."),
        ("slowly turns left", "The pilot", "The pilot slowly turns left."),
        ("but the smile holds", "She", "The smile holds."),
        ("a beat later she laughs", "She", "She laughs."),
        ("oh no!", "She", "Oh no!"),
        ("'Got a minute?'", "He", "'Got a minute?'"),
        ("2) frown", "", "Frown."),
        (
            "left eyebrow up 30 percent, not the right",
            "",
            "Left eyebrow up 30 percent, not the right.",
        ),
    ],
)
def test_sentence(piece: str, subject: str, expected: str) -> None:
    assert sentence(piece, subject) == expected


def test_a_step_is_a_state() -> None:
    assert sentence("goes from bored", "She", stepped=True) == "She is bored."
    assert sentence("from a sniff", "She", stepped=True) == "A sniff."
