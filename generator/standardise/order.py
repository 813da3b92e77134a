"""Events in the order of performance: 'before X, Y' becomes 'Y, then X'. Pure."""

from __future__ import annotations

import re

from generator.standardise.boundaries import is_verb
from generator.standardise.durations import durations
from generator.standardise.masking import masked

_SENTENCE = re.compile(r"[^.!?;\n\u2026]+")
_LEADING = re.compile(r"\s*(?P<link>before|after|until)\s+(?P<x>[^,:]+),\s*(?P<y>.*\S)", re.DOTALL)
_TRAILING = re.compile(
    r"(?P<y>[^,:]*[\w'\u2019]),?\s+(?:right\s+|just\s+)?after\s+"
    r"(?P<x>(?:[a-z]{2,}ing\b|(?:she|he|they|it)\s)[^:]*)",
    re.DOTALL,
)
_NOMINATIVES = frozenset({"he", "she", "they"})


def performed_order(text: str) -> str:
    """Return the text with 'before X, Y', 'after X, Y' and 'Y after X-ing' put in order."""
    mask = masked(text)
    if "after" not in mask and "before" not in mask and "until" not in mask:
        return text
    pieces, reached = [], 0
    for match in _SENTENCE.finditer(mask):
        pieces.append(text[reached : match.start()])
        pieces.append(_reordered(text[match.start() : match.end()], match[0]))
        reached = match.end()
    pieces.append(text[reached:])
    return "".join(pieces)


def _reordered(sentence: str, mask: str) -> str:
    lead = mask[: len(mask) - len(mask.lstrip())]
    leading = _LEADING.fullmatch(mask)
    if leading is not None and _is_whole(leading["x"]):
        return sentence
    if leading is not None and not any(d.start < 4 for d in durations(leading["x"])):
        x, y = (_cut(sentence, leading, name) for name in ("x", "y"))
        if leading["link"] == "before":
            return f"{lead}{y}, then {x}"
        if leading["link"] == "until":
            return f"{lead}{y} until {x}"
        return f"{lead}{x}, then {y}"
    trailing = _TRAILING.fullmatch(mask)
    if trailing is not None:
        x, y = (_cut(sentence, trailing, name).strip() for name in ("x", "y"))
        return f"{lead}{x}, then {y[:1].lower()}{y[1:]}"
    return sentence


def _is_whole(x: str) -> bool:
    """Whether what follows 'after' already holds the main clause: 'after that he nods, slowly'."""
    first, *others = x.split() or [""]
    if first in {"each", "every"} or x in {"that", "this", "which", "all"}:
        return True
    if first in _NOMINATIVES or is_verb(first):
        return False
    for word in others:
        if word in _NOMINATIVES:
            return True
        if is_verb(word):
            break
    return False


def _cut(sentence: str, match: re.Match[str], name: str) -> str:
    return sentence[match.start(name) : match.end(name)]
