"""What an uncased sentence encoder hardly sees: sides, degrees and negation, word by word.

Pure and torch-free. Every word of a text gets six small integers that the network adds to its
token states: its own side, the side last named before it, the side named next in its clause, its
own degree, the nearest degree in its clause, and whether a negation governs it. Left and right
are the subject's own. `mirror_text` exchanges them and is its own inverse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

SIDE_NONE, SIDE_LEFT, SIDE_RIGHT, SIDE_BOTH, SIDE_ONE = range(5)
SIZES: tuple[int, ...] = (5, 3, 3, 8, 8, 2)
"""How many values each of the six features can take, in the order of `WordFeatures.codes`."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?|[^\w\s]|_")
_SIDE = re.compile(
    r"(?<![^\W_])(left|right)(wards|ward|most|hand|s)?(?![^\W_])(?!['\u2019](?:re|s)\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"([^\W_]+(?:['\u2019][^\W_]+)?)\s+\Z")
_AFTER = re.compile(r"\A\s+([^\W_]+)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REACH = 6  # words on each side in which a degree is looked for
_LOOK_BACK = 24  # characters read before a side word

# 'nothing left', 'all right', 'has left': no side, whichever of the two words stands there.
_NO_SIDE_AFTER = _words(
    "nothing anything something nobody everything all that's what's has have had hasn't "
    "hadn't quite who who's i'm you're it's alright"
)
# 'right now', 'right away', unless a word that wants a direction comes before it.
_NO_SIDE_BEFORE = _words("now away here there then where when before after")
_DIRECTIONAL = _words(
    "the his her their its my your our to slightly moderately strongly bit little and or up "
    "down sharply hard far toward towards fully well trace somewhat touch faintly barely "
    "mildly"
)
_DEGREE_WORDS = {
    1: "trace hint whisker hair hairline fraction ghost flicker barely hardly scarcely tad smidge "
    "smidgen breath merest faintest millimetre millimeter minutely residue vestige whisper iota "
    "scrap",
    2: "slightly slight little bit faint faintly touch shade lightly light mild mildly gently "
    "gentle small tiny softly subtle subtly minor token notch",
    3: "somewhat modest modestly partly partially part rather loosely quarter third",
    4: "moderately moderate half halfway medium middling mid middle fair fairly",
    5: "well clearly clear firmly firm markedly distinctly plainly definite good decidedly "
    "noticeably properly high low substantially considerably",
    6: "strongly strong hard tightly tight far wide widely broadly broad deeply deep sharply "
    "heavily heavy very much big large greatly steeply forcefully forcibly powerfully vigorously "
    "great most huge mostly nearly almost",
    7: "fully full completely complete utterly extreme extremely maximum maximal maximally max "
    "entirely totally all wholly absolutely limit limits utmost furthest highest hardest tightest "
    "whole",
}
DEGREES: dict[str, int] = {
    word: level for level, words in _DEGREE_WORDS.items() for word in words.split()
}
"""Degree words and their rank, 1 (a trace) to 7 (fully); what a rank means is learned."""

_BOTH = _words("both together either pair evenly symmetrical symmetrically symmetric equally")
_ONE = _words("one single lopsided lopsidedly crooked asymmetrical uneven unevenly askew")
_OTHER = _words("other opposite")
_NEGATIONS = _words(
    "no not never without nothing neither nor none nobody can't cannot uninvolved refuses"
)
_SENTENCE_ENDS = frozenset(".;!?")
_BREAKS = _words(", ; . : ! ? \u2014 \u2013 ( ) while but whereas though although as yet then")


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """One word and its features.

    Attributes:
        start, end: Character span in the text.
        codes: (own side, last side, next side in the clause, own degree, clause degree, negated),
            each below its entry of `SIZES`.
    """

    start: int
    end: int
    codes: tuple[int, int, int, int, int, int]


def mirror_text(text: str) -> str:
    """Return the text with left and right exchanged; idioms such as 'right now' stay."""
    return _SIDE.sub(_exchanged, text)


def names_side(text: str) -> bool:
    """Whether the text names a side of the face."""
    return any(not _is_idiom(match) for match in _SIDE.finditer(text))


@lru_cache(maxsize=20_000)
def word_features(text: str) -> tuple[WordFeatures, ...]:
    """Return the features of every word and mark of the text, in order."""
    matches = list(_WORD.finditer(text))
    words = [match.group().lower().replace("\u2019", "'") for match in matches]
    sides = {m.start(): _side_code(m) for m in _SIDE.finditer(text) if not _is_idiom(m)}
    named = [sides.get(match.start(), SIDE_NONE) for match in matches]
    clauses = _clause_numbers(words)
    own, last = _sides(words, named)
    following = _next_sides(own, clauses)
    degrees = [DEGREES.get(word, 0) for word in words]
    nearest = _nearest_degrees(degrees, clauses)
    negated = _negations(words, clauses)
    columns = zip(own, last, following, degrees, nearest, negated, strict=True)
    return tuple(
        WordFeatures(match.start(), match.end(), codes)
        for match, codes in zip(matches, columns, strict=True)
    )


def _side_code(match: re.Match[str]) -> int:
    return SIDE_LEFT if match.group(1).lower() == "left" else SIDE_RIGHT


def _exchanged(match: re.Match[str]) -> str:
    if _is_idiom(match):
        return match.group()
    word = match.group(1)
    other = "right" if word.lower() == "left" else "left"
    if word.isupper():
        other = other.upper()
    elif word[0].isupper():
        other = other.capitalize()
    return other + (match.group(2) or "")


def _is_idiom(match: re.Match[str]) -> bool:
    """Decide alike for left and right, so that mirroring stays its own inverse."""
    text = match.string
    head = _BEFORE.search(text[max(0, match.start() - _LOOK_BACK) : match.start()])
    before = head.group(1).lower().replace("\u2019", "'") if head else ""
    if before in _NO_SIDE_AFTER:
        return True
    tail = _AFTER.match(text[match.end() : match.end() + _LOOK_BACK])
    after = tail.group(1).lower() if tail else ""
    return after in _NO_SIDE_BEFORE and before not in _DIRECTIONAL


def _clause_numbers(words: list[str]) -> list[int]:
    numbers, clause = [], 0
    for word in words:
        clause += word in _BREAKS
        numbers.append(clause)
    return numbers


def _sides(words: list[str], named: list[int]) -> tuple[list[int], list[int]]:
    """Return own and last-named side of each word; 'the other' is resolved by what came before."""
    own, last = list(named), []
    current = remembered = SIDE_NONE
    for index, word in enumerate(words):
        if word in _SENTENCE_ENDS:
            current = SIDE_NONE
        if named[index] != SIDE_NONE:
            current = remembered = named[index]
        elif word in _OTHER and remembered != SIDE_NONE:
            own[index] = current = remembered = SIDE_LEFT + SIDE_RIGHT - remembered
        elif word in _BOTH:
            own[index] = SIDE_BOTH
        elif word in _ONE:
            own[index] = SIDE_ONE
        last.append(current)
    return own, last


def _next_sides(own: list[int], clauses: list[int]) -> list[int]:
    following = [SIDE_NONE] * len(own)
    coming = SIDE_NONE
    for index in range(len(own) - 1, -1, -1):
        if index + 1 < len(own) and clauses[index] != clauses[index + 1]:
            coming = SIDE_NONE
        if own[index] in (SIDE_LEFT, SIDE_RIGHT):
            coming = own[index]
        following[index] = coming
    return following


def _nearest_degrees(degrees: list[int], clauses: list[int]) -> list[int]:
    """Return the degree nearest to each word within its clause, at most six words away."""
    nearest = [0] * len(degrees)
    distance = [_REACH + 1] * len(degrees)
    for index, degree in enumerate(degrees):
        if not degree:
            continue
        for other in range(max(0, index - _REACH), min(len(degrees), index + _REACH + 1)):
            if clauses[other] == clauses[index] and abs(other - index) < distance[other]:
                distance[other], nearest[other] = abs(other - index), degree
    return nearest


def _negations(words: list[str], clauses: list[int]) -> list[int]:
    """Return 1 from a negation to the end of its clause, else 0."""
    negated, active = [], 0
    for index, word in enumerate(words):
        if index and clauses[index] != clauses[index - 1]:
            active = 0
        if word in _NEGATIONS or word.endswith("n't"):
            active = 1
        negated.append(active)
    return negated
