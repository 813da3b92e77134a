from __future__ import annotations

import pytest

from generator.models.protocols import TextChoice, reading
from generator.script import Beat, Script

BOTH = Beat("She grins.", "Corners up.")
WORDS = Beat("She grins.")
MUSCLES = Beat("", "Corners up.")
A, O = TextChoice.ANATOMICAL, TextChoice.ORIGINAL  # noqa: E741


@pytest.mark.parametrize(
    ("beat", "choice", "text", "read", "fell_back"),
    [
        (BOTH, TextChoice.AUTO, "Corners up.", A, False),
        (BOTH, A, "Corners up.", A, False),
        (BOTH, O, "She grins.", O, False),
        (WORDS, TextChoice.AUTO, "She grins.", O, False),
        (WORDS, A, "She grins.", O, True),
        (MUSCLES, O, "Corners up.", A, True),
    ],
)
def test_an_empty_text_falls_back_to_the_other(
    beat: Beat, choice: TextChoice, text: str, read: TextChoice, fell_back: bool
) -> None:
    found = reading(Script("prompt", "", "", (beat,)), 0, choice)
    assert (found.text, found.choice, found.fell_back) == (text, read, fell_back)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("She forces a smile.", False),
        ("Forces a smile.", False),
        ("Every tooth on show for the neighbours.", True),
    ],
)
def test_a_beat_cut_from_its_prompt_is_not_told_the_other_beats(text: str, kept: bool) -> None:
    script = Script("She reads the letter, then forces a smile.", "home", "grief", (Beat(text),))
    context = reading(script, 0, O).context
    assert ("letter" in context) is kept
    assert "grief" in context


def test_only_the_original_text_needs_its_context() -> None:
    script = Script("the prompt", "a kitchen", "joy", (BOTH,))
    assert reading(script, 0, A).context == ""
    context = reading(script, 0, O).context
    assert "a kitchen" in context
    assert "joy" in context
