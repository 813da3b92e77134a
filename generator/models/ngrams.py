"""Words of a text as counted features, with the subject's left and right told apart. Pure.

A text gives two sets of features. The symmetric ones read every side word as the same mark, so a
text and its mirror image have the same. The signed ones count +1 for left and -1 for right, so a
mirror image has exactly the opposite. A model that predicts the mean of both sides from the first
and their difference from the second cannot confuse the sides by construction.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

MAX_CHARACTERS = 6_000
"""What is beyond this is not read; an authored beat has at most 430."""

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[.;!?:]|[,()\u2013\u2014]|--+")
_SENTENCE_ENDS = frozenset(".;!?:")

_SIDES = {
    "left": 1, "leftward": 1, "leftwards": 1, "leftmost": 1,
    "right": -1, "rightward": -1, "rightwards": -1, "rightmost": -1,
}  # fmt: skip
_OTHER = frozenset(("other", "opposite"))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# "all right", "right now", "nothing left": words that are no direction
_NO_SIDE_AFTER = _set("all that's quite has have had hasn't nothing what's who's i'm he's she's")
_NO_SIDE_BEFORE = _set("now away there here behind enough alone it him them me us")
_NEGATIONS = _set("no not never without nothing none neither nor cannot hardly minus")
_CONJUNCTIONS = _set(
    "and while but yet as with then beneath below above under over beside though although until "
    "against"
)
_FILLERS = _set(
    "the a an of and to is are it its his her their as at by for from in into on or that this with "
    "he she they them him be was were have has had"
)
_LEVELS = """
barely trace hint whisker faint faintly fraction touch hair shade hairline whisper ghost suspicion \
minimally minimal scarcely tiny slightest faintest
slightly slight little bit somewhat lightly mildly mild small gently gentle softly modest modestly \
subtle subtly
moderately moderate medium half halfway partly middling fairly noticeably noticeable clearly
strongly strong hard firmly firm far high well very markedly marked pronounced wide widely deeply \
deep sharply heavily tightly tight big large
fully full completely complete entirely totally maximum maximal utmost limit extreme extremely max \
huge enormous hugely
"""
_DEGREES = {
    word: f"#{level}"
    for level, line in enumerate(_LEVELS.strip().split("\n"))
    for word in line.split()
}
_ENDINGS = ("ing", "edly", "ed", "ly", "es", "s")
_STEM_LENGTH = 7
_WINDOW = 6  # content words that a pair may lie apart
_PIECES = (4, 5)  # characters of a piece of a word


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        text: As written, lower case; a side word is "§", or "¤" where it is no direction.
        key: Its stem, or its degree ("#0" a trace ... "#4" fully), or "§"; after a negation "!".
        side: 1 left, -1 right, 0 neither.
        clause, sentence: Running numbers of where it stands.
        denied: Whether a negation stands before it in its clause.
    """

    text: str
    key: str
    side: int
    clause: int
    sentence: int
    denied: bool

    @property
    def has_content(self) -> bool:
        """Whether it is neither a filler nor a side word."""
        return self.side == 0 and self.text not in _FILLERS


def read_words(text: str) -> list[Word]:
    """Return the words of a text in order; anything but Latin letters only separates."""
    folded = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).casefold().replace("\u2019", "'")
    tokens = _TOKEN.findall(folded[:MAX_CHARACTERS])
    words: list[Word] = []
    clause = sentence = last_side = 0
    denied_clause = -1
    for index, token in enumerate(tokens):
        if not token[0].isalpha():
            clause += 1
            sentence += token in _SENTENCE_ENDS
            continue
        clause += token in _CONJUNCTIONS
        side = _side(tokens, index)
        if side == 0 and token in _OTHER:
            side = -last_side
        elif side:
            last_side = side
        negation = token in _NEGATIONS or token.endswith("n't")
        denied = denied_clause == clause and not negation
        if negation:
            denied_clause = clause
        if side or token in _SIDES:
            shown = key = "§" if side else "¤"  # "¤": a side word that is no direction
        else:
            shown, key = token, _DEGREES.get(token) or _stem(token)
        if denied and not side:
            key = "!" + key
        words.append(Word(shown, key, side, clause, sentence, denied))
    return words


def _side(tokens: list[str], index: int) -> int:
    side = _SIDES.get(tokens[index], 0)
    if side == 0:
        return 0
    before = tokens[index - 1] if index else "."
    after = tokens[index + 1] if index + 1 < len(tokens) else "."
    return 0 if before in _NO_SIDE_AFTER or after in _NO_SIDE_BEFORE else side


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)][:_STEM_LENGTH]
    return word[:_STEM_LENGTH]


def features(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the (symmetric, signed) feature counts of a text; signed ones may be negative."""
    words = read_words(text)
    symmetric: Counter[str] = Counter()
    _count_grams(words, symmetric)
    _count_pieces(words, symmetric)
    signed: Counter[str] = Counter()
    sides = _SideMap(words)
    _count_pairs(words, sides, symmetric, signed)
    if any(word.side for word in words):
        _count_near(words, sides, symmetric, signed)
        _count_sided_grams(words, signed)
    return dict(symmetric), {name: count for name, count in signed.items() if count}


def context_features(text: str) -> dict[str, int]:
    """Return feature counts of a situation: words, stems and pairs of neighbours, no sides."""
    words = read_words(text)
    counts: Counter[str] = Counter()
    for word in words:
        if word.text not in _FILLERS:
            counts[word.text] += 1
            counts["~" + word.key] += 1
    for first, second in pairwise(words):
        counts[f"{first.text} {second.text}"] += 1
    return dict(counts)


class _SideMap:
    """Which single side a clause, a sentence or the text speaks of; 0 for none or both."""

    def __init__(self, words: list[Word]) -> None:
        self.clauses: dict[int, int] = {}
        self.sentences: dict[int, int] = {}
        clauses: dict[int, set[int]] = {}
        sentences: dict[int, set[int]] = {}
        for word in words:
            if word.side:
                clauses.setdefault(word.clause, set()).add(word.side)
                sentences.setdefault(word.sentence, set()).add(word.side)
        self.clauses = {key: sum(sides) for key, sides in clauses.items()}
        self.sentences = {key: sum(sides) for key, sides in sentences.items()}
        self.text = sum({word.side for word in words if word.side})
        self._named = clauses

    def of_clauses(self, first: int, second: int) -> int:
        """Return the one side that either clause names."""
        return sum(self._named.get(first, set()) | self._named.get(second, set()))


def _count_grams(words: list[Word], symmetric: Counter[str]) -> None:
    for word in words:
        symmetric[word.key if word.denied else word.text] += 1
    for length in (2, 3):
        for start in range(len(words) - length + 1):
            span = words[start : start + length]
            if span[0].sentence != span[-1].sentence:
                continue
            text = " ".join(word.text for word in span)
            stems = " ".join(word.key for word in span)
            symmetric[text] += 1
            if stems != text:
                symmetric["~" + stems] += 1


def _count_pieces(words: list[Word], symmetric: Counter[str]) -> None:
    for word in words:
        if word.side or word.denied:
            continue
        framed = f"<{word.text}>"
        for length in _PIECES:
            for start in range(len(framed) - length + 1):
                symmetric["%" + framed[start : start + length]] += 1


def _count_pairs(
    words: list[Word], sides: _SideMap, symmetric: Counter[str], signed: Counter[str]
) -> None:
    """Count pairs of content words that stand near each other in a sentence."""
    content = [word for word in words if word.has_content]
    for index, first in enumerate(content):
        for second in content[index + 1 : index + 1 + _WINDOW]:
            if first.sentence != second.sentence:
                break
            pair = "&".join(sorted((first.key, second.key)))
            symmetric[pair] += 1
            if first.clause == second.clause:
                symmetric["&" + pair] += 1
            side = sides.of_clauses(first.clause, second.clause)
            if side:
                symmetric["§" + pair] += 1
                signed[pair] += side


def _count_near(
    words: list[Word], sides: _SideMap, symmetric: Counter[str], signed: Counter[str]
) -> None:
    """Count each word with the side of its clause, sentence, text and nearest side words."""
    before, after = _nearest(words), _nearest(words[::-1])[::-1]
    for index, word in enumerate(words):
        if word.side:
            continue
        key = word.key
        for mark, near in (("<", before[index]), (">", after[index])):
            if near is None:
                continue
            distance, other = near
            signed[mark + key] += other.side
            if distance <= 3:
                signed[f"{mark}{distance}{key}"] += other.side
            if other.clause == word.clause:
                signed[mark * 2 + key] += other.side
                symmetric[mark * 2 + key] += 1
        signed["@" + key] += sides.text
        signed["s" + key] += sides.sentences.get(word.sentence, 0)
        if own := sides.clauses.get(word.clause, 0):
            signed["=" + key] += own
            symmetric["=" + key] += 1


def _nearest(words: list[Word]) -> list[tuple[int, Word] | None]:
    """Return for each word the last side word before it in its sentence, and how far away."""
    found: list[tuple[int, Word] | None] = []
    last: tuple[int, Word] | None = None
    for index, word in enumerate(words):
        if last is not None and last[1].sentence != word.sentence:
            last = None
        found.append(None if last is None else (index - last[0], last[1]))
        if word.side:
            last = (index, word)
    return found


def _count_sided_grams(words: list[Word], signed: Counter[str]) -> None:
    """Count n-grams that hold a side word: its own side "S", the opposite one "O"."""
    for length in (1, 2, 3, 4):
        for start in range(len(words) - length + 1):
            span = words[start : start + length]
            side = next((word.side for word in span if word.side), 0)
            if side == 0 or span[0].sentence != span[-1].sentence:
                continue
            names = (("O", word.key, "S")[1 + word.side * side] for word in span)
            signed["g" + " ".join(names)] += side
