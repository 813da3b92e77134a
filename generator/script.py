"""Script: an intention in words and seconds, and its JSON form. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.documents import checked, text_of
from generator.errors import DocumentError

SCHEMA = "facewright.script/1"

MAX_BEATS = 200
MAX_TEXT = 20_000
MIN_TRANSITION_S = 0.05
MAX_SECONDS = 600.0


def _seconds(value: float, what: str, least: float) -> None:
    if not (math.isfinite(value) and least <= value <= MAX_SECONDS):
        raise DocumentError(f"{what} must be {least:g} to {MAX_SECONDS:g} seconds, not {value!r}.")


def _short(text: str, what: str) -> None:
    if len(text) > MAX_TEXT:
        raise DocumentError(f"{what} has {len(text)} characters; {MAX_TEXT} are the limit.")


@dataclass(frozen=True, slots=True)
class Beat:
    """One moment of a script.

    Attributes:
        description: The director's words for the face at this moment.
        anatomical: The same muscle by muscle, or "" where nobody wrote it.
        transition_s: Seconds the face takes to get here, 0.05 ... 600.
        hold_s: Seconds it stays, 0 ... 600.
    """

    description: str
    anatomical: str = ""
    transition_s: float = 0.5
    hold_s: float = 1.0

    def __post_init__(self) -> None:
        _short(self.description, "A beat's description")
        _short(self.anatomical, "A beat's anatomical description")
        _seconds(self.transition_s, "A beat's transition", MIN_TRANSITION_S)
        _seconds(self.hold_s, "A beat's hold", 0.0)


@dataclass(frozen=True, slots=True)
class Script:
    """An intention: what was asked for, the situation, and the beats in order.

    Attributes:
        prompt: What the user typed.
        background: The situation, or "".
        emotion: The emotion, simple or composite, or "".
        beats: 1 ... 200 beats.
    """

    prompt: str
    background: str
    emotion: str
    beats: tuple[Beat, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "beats", tuple(self.beats))
        for name in ("prompt", "background", "emotion"):
            _short(getattr(self, name), f"The script's {name}")
        if not 1 <= len(self.beats) <= MAX_BEATS:
            raise DocumentError(f"A script has 1 to {MAX_BEATS} beats, not {len(self.beats)}.")

    @property
    def duration_s(self) -> float:
        """Seconds from neutral to the end of the last hold."""
        return sum(beat.transition_s + beat.hold_s for beat in self.beats)

    @property
    def times_s(self) -> tuple[float, ...]:
        """The second at which each beat's pose is reached."""
        times, now = [], 0.0
        for beat in self.beats:
            now += beat.transition_s
            times.append(now)
            now += beat.hold_s
        return tuple(times)

    def with_beat(self, index: int, beat: Beat) -> Script:
        """Return the script with one beat exchanged."""
        beats = list(self.beats)
        beats[index] = beat
        return replace(self, beats=tuple(beats))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form (schema facewright.script/1)."""
        return {
            "schema": SCHEMA,
            "prompt": self.prompt,
            "background": self.background,
            "emotion": self.emotion,
            "beats": [
                {
                    "description": beat.description,
                    "anatomical": beat.anatomical,
                    "transition_s": beat.transition_s,
                    "hold_s": beat.hold_s,
                }
                for beat in self.beats
            ],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Script:
        """Return the script of a JSON document, older versions upgraded.

        Raises:
            NewerDocumentError: Written by a later Facewright.
            DocumentError: Not a script, or a field out of form; the message names it.
        """
        data = checked(document, SCHEMA)
        beats = tuple(
            Beat(
                beat["description"],
                beat.get("anatomical", ""),
                float(beat["transition_s"]),
                float(beat["hold_s"]),
            )
            for beat in data["beats"]
        )
        return cls(data["prompt"], data["background"], data["emotion"], beats)

    def dumps(self) -> str:
        """Return the JSON text, one field a line, made for editing and diffing."""
        return json.dumps(self.to_json(), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def loads(cls, text: str) -> Script:
        """Return the script of a JSON text.

        Raises:
            DocumentError: As `from_json`, or not JSON.
        """
        return cls.from_json(text_of(text))
