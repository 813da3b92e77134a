"""Seconds in words and digits: "half a second", "1.5s", "two and a half seconds". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from generator.standardise.tables import compiled

Role = Literal["hold", "transition", "delay"]

_NUMBERS = {
    word: float(n)
    for n, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
        ],
        1,
    )
} | {
    "fifteen": 15.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "sixty": 60.0,
    "a": 1.0,
    "an": 1.0,
    "half a": 0.5,
    "half of a": 0.5,
    "half": 0.5,
    "a half": 0.5,
    "a quarter of a": 0.25,
    "quarter of a": 0.25,
    "a quarter": 0.25,
    "three quarters of a": 0.75,
    "a third of a": 1 / 3,
    "a fifth of a": 0.2,
    "a tenth of a": 0.1,
    "a couple of": 2.0,
    "a few": 3.0,
    "several": 4.0,
    "a split": 0.3,
    "split": 0.3,
}
_FRACTIONS = {"a quarter": 0.25, "three quarters": 0.75, "a half": 0.5, "half": 0.5}
_WORDS = "|".join(sorted(_NUMBERS, key=len, reverse=True)).replace(" ", r"[\s-]")
_DIGITS = r"\d{1,7}(?:\.\d{1,6})?|\.\d{1,6}"
_UNIT = r"(?P<unit>milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?)"
_DURATION = (
    rf"(?<![\w.-])(?:(?P<from>{_DIGITS})\s?(?:-|\u2013|to)\s?)?"
    rf"(?:(?P<digits>{_DIGITS})|(?P<word>{_WORDS}))"
    r"(?:\sand\s(?P<fraction>a quarter|three quarters|a half))?"
    r"(?:\s(?:full|whole|long|more|good|solid|slow|lazy|entire|clear|tiny|short|further|very|odd))*"
    rf"(?:\s|-)?{_UNIT}\b"
    r"(?:\sand\s(?P<tail>a quarter|three quarters|a half))?(?:\smore)?"
)
_LOOSE = (
    (re.compile(r"\b(?:an? )?(?:very )?long(?:,? long)? (?:beat|moment|pause)\b"), 2.0),
    (re.compile(r"\bhalf a (?:beat|breath|moment)\b"), 0.4),
    (
        re.compile(
            r"\b(?:for |takes |waits |holds |then )?a (?:short |brief )(?:beat|moment|pause)\b"
        ),
        0.5,
    ),
    (re.compile(r"\b(?:an instant|a blink|a flash)\b"), 0.3),
    (re.compile(r"\b(?:(?:a|one) )?(?:beat|heartbeat)\b(?! (?:of|early|late|him|her|me)\b)"), 0.8),
    (re.compile(r"\b(?:for |after |takes |waits )?a (?:moment|breath|pause)\b(?! of)"), 1.0),
    (re.compile(r"\b(?:for ages|forever|an eternity|for a long time|for a while)\b"), 3.0),
)
_BEFORE_TRANSITION = re.compile(
    r"\b(?:over|across|in|within|taking|takes|through|during|lasting)\s(?:about\s|just\s|under\s"
    r"|the (?:next|first|last|space of)\s|roughly\s|a good\s|less than\s)?$",
    re.IGNORECASE,
)
_AFTER_TRANSITION = re.compile(
    r"\s(?:transition|ease|ramp|fade|dissolve|blend|to arrive|to get there|from\b)", re.IGNORECASE
)
_NO_DURATION = re.compile(
    r"\s(?:ago|to live|late|early|in a row|after everyone|old|left on|hand|rule)\b|\s?'s?\b",
    re.IGNORECASE,
)
_BARE_BEFORE = re.compile(
    r"\b(?:for|over|in|within|takes?|taking|after|about|just|almost|holds?|waits?|lasts|across)\s$",
    re.IGNORECASE,
)
_BARE_AFTER = re.compile(r"\s*(?:$|[.,;:!?)\u2026-]|later\b|after\b|then\b|before\b|to\b|long\b)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time that a text names.

    Attributes:
        seconds: How long, > 0.
        role: "hold" (it stays), "transition" (it takes) or "delay" (after what came before).
        start, end: Where it stands in the text.
        exact: Whether it was said in units of time ("a beat" is not).
    """

    seconds: float
    role: Role
    start: int
    end: int
    exact: bool = True


def durations(text: str) -> Iterator[Duration]:
    """Yield the durations of a text: those in units in order, then the loose ones ("a beat")."""
    taken: list[tuple[int, int]] = []
    for match in compiled(_DURATION, re.IGNORECASE).finditer(text):
        seconds = _seconds(match)
        if seconds <= 0 or _NO_DURATION.match(text, match.end()):
            continue
        if not _is_time(text, match):
            continue
        taken.append(match.span())
        yield Duration(seconds, _role(text, match.start(), match.end()), *match.span())
    folded = text.lower()
    if len(folded) != len(text):
        return
    for pattern, seconds in _LOOSE:
        for match in pattern.finditer(folded):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                role = _role(text, match.start(), match.end())
                loose: Role = "delay" if role == "delay" else "hold"
                yield Duration(seconds, loose, *match.span(), exact=False)


def _is_time(text: str, match: re.Match[str]) -> bool:
    """Whether it is a time: 'a second' may be the one after the first, 'a minute' background."""
    word = (match["word"] or "").lower()
    before = text[max(0, match.start() - 12) : match.start()]
    if re.search(r"\b(?:at|every|each)\s$", before, re.IGNORECASE):
        return False
    if match["unit"].lower().startswith("min"):
        return bool(re.search(r"\b(?:for|over|holds?)\s$", before, re.IGNORECASE))
    if word in {"a", "one", "an"} and match["unit"].lower() == "second":
        return bool(
            match["tail"]
            or _BARE_AFTER.match(text, match.end())
            or (word == "one" or _BARE_BEFORE.search(before))
        )
    # "a s", "a sec": letters that are no unit
    return match["digits"] is not None or len(match["unit"]) > 2


def _seconds(match: re.Match[str]) -> float:
    word = (match["word"] or "").lower().replace("-", " ")
    value = float(match["digits"]) if match["digits"] else _NUMBERS[re.sub(r"\s+", " ", word)]
    if match["from"]:
        value = (float(match["from"]) + value) / 2
    for name in ("fraction", "tail"):
        value += _FRACTIONS[match[name].lower()] if match[name] else 0.0
    unit = match["unit"].lower()
    scale = 0.001 if unit.startswith(("ms", "mil")) else 60.0 if unit.startswith("min") else 1.0
    return value * scale


def _role(text: str, start: int, end: int) -> Role:
    before = text[max(0, start - 28) : start]
    if re.match(r"\s?(?:later|after\b|afterwards|pass\b)", text[end : end + 12], re.IGNORECASE):
        return "delay"
    if re.search(r"\bafter\s(?:about\s|just\s)?$", before, re.IGNORECASE):
        return "delay"
    if _BEFORE_TRANSITION.search(before) or _AFTER_TRANSITION.match(text, end):
        return "transition"
    return "hold"


_PAUSE_WORDS = re.compile(
    r"(?:(?:and|then|now|she|he|they|it|please|just|stays?|holds?|hold|keeps?|keep|pauses?|pause"
    r"|waits?|wait|lingers?|for|after|later|afterwards|that|this|there|still|on|about|the|pose|everything"
    r"|(?:the|that|this|her|his)\s(?:smile|grin|look|face|expression|gaze)|freeze|count|to|of|up|take|takes|give|more|a|least|at|exactly|no|sit"
    r"|in)(?:\s+|$|(?=[,.;:!?])))*[\s,.;:!?\u2026-]*"
)
_SAYS_PAUSE = re.compile(r"\b(?:holds?|stays?|pauses?|lingers?|keeps? (?:it|that)|beat)\b")


def is_pause(piece: str) -> bool:
    """Whether a piece of text only says how long what came before lasts ("two seconds", "beat")."""
    folded = piece.lower()
    spans = sorted((d.start, d.end) for d in durations(folded))
    for start, end in reversed(spans):
        folded = folded[:start] + " " + folded[end:]
    if not spans and not _SAYS_PAUSE.search(folded):
        return False
    return len(folded) < 80 and bool(_PAUSE_WORDS.fullmatch(folded.strip()))
