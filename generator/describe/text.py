"""A plan in words: wordings drawn by seed, sentences joined, length kept. Pure.

Whatever is drawn depends on the seed and on what is said, never on the side it happens on: a
mirrored face gets the same text with left and right exchanged, and noise too small to be spoken
of changes nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from generator.describe.absence import absences
from generator.describe.degrees import PLAIN
from generator.describe.face import Face, read_face
from generator.describe.plan import Saying, sayings
from generator.describe.wording import NEUTRAL, NEUTRAL_PARTS, SAYINGS
from livelink.frame import Values, as_values

SHORTEST: Final = 15
"""Fewest words of a text."""

LONGEST: Final = 60
"""Most words of a text; what matters least is left out of a longer one."""

_LATE: Final = ("to ", "by ", "almost to ")  # degrees that only stand at the end of a clause
_REST_CHANCE: Final = 0.25  # of naming a part that does nothing where the text is long enough
_FEEBLE: Final = 2  # degrees that one side may have unsaid where words are short
_OTHER: Final = {"left": "right", "right": "left", "": ""}
_JOINTS: Final = 6  # words that joining clauses may add
_AND_CHANCE: Final = 0.3
_ORDERS: Final[tuple[str, ...]] = (
    "brows lids gaze nose cheeks mouth jaw tongue head",
    "jaw tongue mouth cheeks nose brows lids gaze head",
    "head gaze lids brows cheeks nose mouth tongue jaw",
    "lids gaze brows mouth tongue jaw cheeks nose head",
    "head mouth jaw tongue cheeks nose lids gaze brows",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A worded piece of a sentence, without article or full stop.

    Attributes:
        subject: "inner brows".
        rest: What they do: "rise slightly", or how they are: "slightly raised".
    """

    subject: str
    rest: str


def describe(values: Values, *, seed: int = 0) -> str:
    """Return what a face shows, in 15 to 60 English words; left and right are the subject's own.

    Args:
        values: (61,) in wire order; values out of range are read as the limit.
        seed: Chooses among wordings; every seed says the same things.

    Raises:
        FrameError: Not 61 finite numbers.
    """
    face = read_face(as_values(values))
    said = sayings(face)
    if not said:
        return _neutral(random.Random(seed))
    shown = ",".join(f"{saying.kind}{saying.degree}{saying.second}" for saying in said)
    return _Writer(random.Random(f"{seed} {shown}")).write(face, said)


def _neutral(rng: random.Random) -> str:
    parts = {name: rng.choice(wordings) for name, wordings in NEUTRAL_PARTS.items()}
    return rng.choice(NEUTRAL).format(**parts)


class _Writer:
    """Draws the wordings of one text, so that no degree word wears out within it."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._full_sentences = rng.random() < 0.5
        self._terse = False
        self._used: Counter[str] = Counter()

    def write(self, face: Face, said: Sequence[Saying]) -> str:
        """Return the text of a face with something to say."""
        order = self._rng.choice(_ORDERS).split()
        ordered = sorted(said, key=lambda saying: order.index(saying.region.value))
        parts = [(saying, self._part(saying)) for saying in ordered]
        if _words(part for _, part in parts) > LONGEST - _JOINTS:
            self._terse, self._full_sentences = True, False
            parts = [(saying, self._part(saying)) for saying in ordered]
        spoken = _fitting(parts, LONGEST)
        if len(spoken) == len(said):
            self._add_absences(face, spoken)
        room, text = LONGEST, self._joined(spoken)
        while len(text.split()) > LONGEST:
            room -= 1
            text = self._joined(_fitting(parts, room))
        return text

    def _add_absences(self, face: Face, spoken: list[Part]) -> None:
        resting = absences(face)
        self._rng.shuffle(resting)
        for wordings in resting:
            short = _words(spoken) < SHORTEST
            if not short and (_words(spoken) > LONGEST // 2 or self._rng.random() >= _REST_CHANCE):
                return
            spoken.append(self._form(self._rng.choice(wordings)))

    def _part(self, saying: Saying) -> Part:
        forms = [self._form(wording) for wording in SAYINGS[saying.kind]]
        if self._terse:
            fewest = min(_words([form]) for form in forms)
            forms = [form for form in forms if _words([form]) == fewest]
        form = self._rng.choice(forms)
        other = _OTHER[saying.side]
        slots = {"s": saying.side, "o": other} | self._degrees(saying, form.rest)
        rest = form.rest.format(**slots)
        if saying.other > (_FEEBLE if self._terse and saying.degree >= 2 * _FEEBLE else 0):
            tail = self._degree(saying.scale.words[saying.other].after, at_end=True)
            rest += f", the {other} {tail}"
        if saying.leans:
            rest += f", more on the {saying.side}"
        return Part(form.subject.format(**slots), rest)

    def _degrees(self, saying: Saying, rest: str) -> dict[str, str]:
        """Return the words for the degree slots that a wording has."""
        first = saying.scale.words
        second = PLAIN if saying.kind == "eyes squeezed shut" else first
        slots = {}
        for slot, place, table, degree in (
            ("d", "after", first, saying.degree),
            ("p", "before", first, saying.degree),
            ("e", "after", second, saying.second),
            ("q", "before", second, saying.second),
            ("m", "noun", second, saying.second),
        ):
            if f"{{{slot}}}" in rest:
                at_end = rest.endswith(f"{{{slot}}}") and not saying.other
                slots[slot] = self._degree(getattr(table[degree], place), at_end=at_end)
        return slots

    def _form(self, wording: str) -> Part:
        subject, verb, participle = wording.split("|")
        return Part(subject, verb if self._full_sentences else participle)

    def _degree(self, wordings: Sequence[str], *, at_end: bool) -> str:
        fitting = [
            wording
            for wording in wordings
            if (at_end and not self._terse) or not wording.startswith(_LATE)
        ]
        fewest = min(self._used[wording] for wording in fitting)
        fresh = [wording for wording in fitting if self._used[wording] == fewest]
        chosen = fresh[0] if self._rng.random() < 0.5 else self._rng.choice(fresh)
        self._used[chosen] += 1
        return chosen

    def _joined(self, parts: Sequence[Part]) -> str:
        """Return the parts in sentences of one to three."""
        sentences, start = [], 0
        while start < len(parts):
            left = len(parts) - start
            count = left if left <= 2 else self._rng.choice((2, 2, 3) if left > 3 else (2, 3))
            sentences.append(self._sentence(parts[start : start + count]))
            start += count
        return " ".join(sentences)

    def _sentence(self, parts: Sequence[Part]) -> str:
        article = "the " if self._full_sentences else ""
        clauses: list[str] = []
        for index, part in enumerate(parts):
            same = index and part.subject == parts[index - 1].subject
            if same and "," not in clauses[-1]:  # after 'the right a little' it would be unclear
                clauses[-1] += f" and {part.rest}"
            else:
                clauses.append(f"{article}{part.subject} {part.rest}")
        if any("," in clause for clause in clauses[:-1]):
            text = "; ".join(clauses)
        elif len(clauses) > 1 and (self._full_sentences or self._rng.random() < _AND_CHANCE):
            text = ", ".join(clauses[:-1]) + self._last_joint(clauses) + clauses[-1]
        else:
            text = ", ".join(clauses)
        return text[0].upper() + text[1:] + "."

    def _last_joint(self, clauses: Sequence[str]) -> str:
        if any(" and " in clause for clause in clauses):
            return ", and "
        contrasts = self._full_sentences and len(clauses) == 2
        return " while " if contrasts and self._rng.random() < _AND_CHANCE else " and "


def _fitting(parts: Sequence[tuple[Saying, Part]], room: int) -> list[Part]:
    """Return, in order, the parts that fit into `room` words, what matters most first."""
    kept: set[int] = set()
    for index in sorted(range(len(parts)), key=lambda index: -parts[index][0].weight):
        words = _words([parts[index][1]])
        if words <= room:
            room -= words
            kept.add(index)
    return [part for index, (_, part) in enumerate(parts) if index in kept]


def _words(parts: Iterable[Part]) -> int:
    return sum(len(f"{part.subject} {part.rest}".split()) for part in parts)
