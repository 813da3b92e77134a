"""The corpus's beats as the compact model reads them: texts, context and units. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.compact import units
from generator.corpus import CorpusScript

_PLACE = re.compile(r"\ABeat \d+ of \d+\. ")


@dataclass(frozen=True, slots=True, eq=False)
class ReadBeat:
    """One beat with its script's texts and its pose.

    Attributes:
        name: Script id and beat number, e.g. 't01-004/2'.
        script: Id of its script.
        anatomical, original: Its two texts.
        prompt, background, emotion: The script's.
        index, count: The beat's place in its script, from 0, and how many beats that has.
        units: (54,) pose in units, [0, 1], read-only.
    """

    name: str
    script: str
    anatomical: str
    original: str
    prompt: str
    background: str
    emotion: str
    index: int
    count: int
    units: NDArray[np.float32]

    @property
    def context(self) -> str:
        """Prompt, background and emotion in one line, as `generator.models` gives it."""
        return " ".join((self.prompt, self.background, self.emotion))


def beats_of(scripts: Iterable[CorpusScript]) -> list[ReadBeat]:
    """Return all beats of the scripts, in order."""
    found: list[ReadBeat] = []
    for script in scripts:
        for index, beat in enumerate(script.beats):
            values = units.from_wire(beat.target[None].astype(np.float32))[0]
            values.flags.writeable = False
            found.append(
                ReadBeat(
                    name=f"{script.id}/{index}",
                    script=script.id,
                    anatomical=beat.anatomical,
                    original=beat.original,
                    prompt=script.prompt.strip(),
                    background=script.background.strip(),
                    emotion=script.emotion.strip(),
                    index=index,
                    count=len(script.beats),
                    units=values,
                )
            )
    return found


def placed(context: str, index: int, count: int) -> str:
    """Return a context that also says which beat of how many it is."""
    return f"Beat {index + 1} of {count}. {context}"


def unplaced(context: str) -> str:
    """Return the context that `placed` was given."""
    return _PLACE.sub("", context)


def part(beats: Sequence[ReadBeat], share: float, seed: int) -> list[ReadBeat]:
    """Return the beats of a seeded share of the scripts, for learning curves; smaller in larger."""
    return [beat for beat in beats if _fraction(f"part:{seed}:{beat.script}") < share]


def _fraction(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32
