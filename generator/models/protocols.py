"""The two seams every model stands behind, and which text a keyframe model reads. Pure."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Protocol

from generator.script import Script
from livelink.frame import Values

_WORD = re.compile(r"\w+")
_PART = 0.75  # a pronoun or a joining word may have been added


class TextChoice(enum.Enum):
    """Which of a beat's texts the model reads; an empty one falls back to the other."""

    AUTO = "auto"
    """Anatomical where the beat has it, else the description."""

    ANATOMICAL = "anatomical"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model is given of one beat.

    Attributes:
        text: The beat's text.
        context: Prompt, background and emotion for an original text, without the prompt where the
            text was cut from it; "" for an anatomical one.
        choice: Which text it is: ANATOMICAL or ORIGINAL.
        fell_back: Whether the wanted text was empty and the other one is read instead.
    """

    text: str
    context: str
    choice: TextChoice
    fell_back: bool = False


def reading(script: Script, index: int, choice: TextChoice = TextChoice.AUTO) -> Reading:
    """Return what to read of beat `index`."""
    beat = script.beats[index]
    anatomical, original = beat.anatomical.strip(), beat.description.strip()
    wants_anatomical = choice is not TextChoice.ORIGINAL
    fell_back = choice is not TextChoice.AUTO and not (anatomical if wants_anatomical else original)
    if (wants_anatomical and anatomical) or not original:
        return Reading(anatomical, "", TextChoice.ANATOMICAL, fell_back)
    # A beat cut from its prompt has said its part of it; the rest belongs to other beats.
    prompt = "" if _is_part(original, script.prompt) else script.prompt
    parts = (prompt, script.background, script.emotion)
    context = " ".join(part.strip() for part in parts if part.strip())
    return Reading(original, context, TextChoice.ORIGINAL, fell_back)


def _is_part(text: str, prompt: str) -> bool:
    """Return whether nearly all words of a beat are words of the prompt."""
    words = set(_WORD.findall(text.casefold()))
    return len(words & set(_WORD.findall(prompt.casefold()))) >= _PART * max(len(words), 1)


class KeyframeModel(Protocol):
    """Turns beats into poses. Lives in the worker process."""

    name: str
    """Registry name."""

    fingerprint: str
    """Hash of the weights, kept in every keyframe's source."""

    def keyframe(
        self, script: Script, index: int, *, text: TextChoice = TextChoice.AUTO, seed: int = 0
    ) -> Values:
        """Return the (61,) pose of beat `index`, in range and consistent."""
        ...


class Standardiser(Protocol):
    """Turns a prompt into a script. Lives in the worker process."""

    name: str

    def standardise(self, prompt: str) -> Script:
        """Return the script of a prompt.

        Raises:
            PromptError: Nothing in the prompt can be performed.
        """
        ...
