"""What is felt and shown in a text, and how it is named as a script's emotion. Pure.

The lexicon (assets/standardise/feelings.json) groups a few hundred adjectives, nouns and verbs
under the feelings they speak of; it was written for this project, guided by the words of the
corpus' emotion fields.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from generator.standardise.tables import table, words

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_HELD_BACK = re.compile(
    r"\b(?:fight(?:s|ing)?|hold(?:s|ing)?|chok(?:es?|ing)|blink(?:s|ing)?|push(?:es|ing)?|bit(?:es?"
    r"|ing)|forc(?:es?|ing)|swallow(?:s|ing)?|keep(?:s|ing)?) (?:\w+ ){0,3}?(?:back|down|in)\b"
    r"|\b(?:fight(?:s|ing)|swallow(?:s|ing)|stifl(?:es|ing)|suppress(?:es|ing)|mask(?:s|ing)?"
    r"|hid(?:es?|ing)|bottl(?:es|ing)) (?:the |a |her |his |their |back |down )?"
    r"|\b(?:tr(?:ies|ying) (?:so hard )?not to|mustn't|won't let)\b"
)
_FRONT = re.compile(
    r"\b(?P<how>forc(?:es|ing|ed)|fak(?:es|ing|e)|brave|polite|tight|thin|professional|frozen|weak"
    r"|fixed|gracious|painted|customer-service|service|practised|bright|small)"
    r"(?: (?:a|an|the|her|his|out))?(?: \w+)? (?P<what>smile|grin|laugh|face|calm|cheer)\b"
)
_FORCED = frozenset({"forces", "forcing", "forced", "fakes", "faking", "fake"})


@dataclass(frozen=True, slots=True)
class Feeling:
    """A feeling found in a text.

    Attributes:
        name: Its noun, e.g. "grief".
        arousal: -1 calm, 0 between, 1 stirred.
        word: The word that told of it.
        part: "adjective", "noun" or "verb".
    """

    name: str
    arousal: int
    word: str
    part: str


@functools.cache
def _lexicon() -> MappingProxyType[str, Feeling]:
    found: dict[str, Feeling] = {}
    for name, entry in table("feelings").items():
        for part in ("adjective", "noun", "verb"):
            for word in entry[part + "s"].split():
                found.setdefault(word, Feeling(name, entry["arousal"], word, part))
    return MappingProxyType(found)


def feeling_of(word: str) -> Feeling | None:
    """Return the feeling that a lower-case word speaks of, or None."""
    known = _lexicon()
    found = known.get(word)
    if found is None and word.endswith("ly"):  # "sadly", "happily"
        found = known.get(word[:-2]) or known.get(word[:-3] + "y")
    if found is None and word.endswith("ing"):  # "beaming", "smirking"
        found = known.get(word[:-3] + "s") or known.get(word[:-3] + "es")
    return found


def is_feeling(word: str) -> bool:
    """Whether a lower-case word speaks of something felt or shown."""
    return feeling_of(word) is not None


def feelings_in(text: str) -> list[Feeling]:
    """Return the feelings of a text in order, without repeats and without what is negated."""
    found: list[Feeling] = []
    for clause in re.split(r"[,.;:!?\n]", text.lower().replace("\u2019", "'")):
        negated_at, held = -9, _HELD_BACK.search(clause)
        for index, word in enumerate(_WORD.findall(clause)):
            if word in words("negations") and not held:
                negated_at = index
            feeling = feeling_of(word)
            if feeling is None or index - negated_at <= 3:
                continue
            if all(feeling.name != known.name for known in found):
                found.append(feeling)
    return found


def emotion_of(beats: Sequence[str], whole: str) -> str:
    """Return the emotion of a script, e.g. 'grief held back behind a forced smile', or "".

    Args:
        beats: The beats' texts, in the order of performance.
        whole: The whole readable prompt.
    """
    held = _HELD_BACK.search(whole.lower())
    front = _front(whole.lower())
    per_beat = [feelings_in(beat) for beat in beats]
    line = _line([feelings[0].name for feelings in per_beat if feelings])
    shown = feelings_in(front) if front else []
    worn = {"warmth", "amusement", "joy", *(feeling.name for feeling in shown)}
    inner = [name for name in line if not front or name not in worn]
    if front and inner:
        verb = " held back" if held else ""
        return f"{_then(inner)}{verb} behind {front}"
    if not line:
        return f"something hidden behind {front}" if front else ""
    if held and len(line) == 1:
        return f"{line[0]} held back"
    if len(line) == 1:
        others = [f.name for f in per_beat[0][1:2]] if len(beats) == 1 and per_beat[0] else []
        return " and ".join([line[0], *others])
    return _then(line)


def _front(whole: str) -> str:
    match = _FRONT.search(whole)
    if match is None:
        return ""
    how = "forced" if match["how"] in _FORCED else match["how"]
    article = "an" if how[0] in "aeiou" else "a"
    return f"{article} {how} {match['what']}"


def _line(names: Sequence[str]) -> list[str]:
    line: list[str] = []
    for name in names:
        if not line or line[-1] != name:
            line.append(name)
    return line[:4]


def _then(names: Sequence[str]) -> str:
    if len(names) <= 1:
        return "".join(names)
    if len(names) == 2:
        return f"{names[0]} turning to {names[1]}"
    return f"{', '.join(names[:-1])}, then {names[-1]}"
