from __future__ import annotations

import pytest

from generator.standardise.boundaries import candidates
from generator.standardise.situation import background_of, heading


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("at her sister's wedding she smiles", "At her sister's wedding."),
        ("Cheese counter. He sniffs it, recoils.", "Cheese counter."),
        ("Boss: 'Got a minute?' His face falls.", "Boss."),
        ("INT. BEDROOM - NIGHT. She wakes, smiles.", "INT. BEDROOM - NIGHT."),
        (
            "phone call from Aunt Renate, forty minutes in: eyes roll",
            "Phone call from Aunt Renate, forty minutes in.",
        ),
        ("smiles on the left side of her mouth", ""),
        ("looks at the needle", ""),
        ("sad", ""),
        ("dad asleep in front of the telly", "In front of the telly."),
        ("the cop turns to write in his notebook -> mask off", "In his notebook."),
        (
            "a man on a platform scans the carriages to his right",
            "On a platform scans the carriages.",
        ),
        ("he says 'at the old station'", ""),
    ],
)
def test_background(text: str, background: str) -> None:
    assert background_of(text, heading(text, candidates(text))) == background


@pytest.mark.parametrize(
    "text", ["Gutted. He sighs.", "Smile: wide.", "Eyes left. Then right.", "1. smile 2. cry"]
)
def test_action_is_no_heading(text: str) -> None:
    assert heading(text, candidates(text)) is None
