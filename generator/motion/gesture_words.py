"""Gestures in a beat's words: which, how often, how large, on which side, what is denied. Pure."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from itertools import islice


class Gesture(enum.Enum):
    """A word that is a movement, not a pose."""

    WINK = "wink"
    BLINK = "blink"
    NOD = "nod"
    SHAKE = "shake"
    EYE_ROLL = "eye roll"
    CHATTER = "chatter"
    SNIFF = "sniff"


@dataclass(frozen=True, slots=True)
class Mention:
    """A gesture that a text asks for.

    Attributes:
        gesture: Which.
        count: How often, 1 ... 6.
        size: 0.5 small, 1, 1.5 large.
        pace: 0.65 quick, 1, 1.6 slow: a factor on how long it takes.
        side: "left", "right" (the subject's own) or "".
    """

    gesture: Gesture
    count: int = 1
    size: float = 1.0
    pace: float = 1.0
    side: str = ""


_TEETH = r"(?:teeth|tooth|jaws?|molars)"
_GAP = r"(?:[\s,]+[\w'-]+){0,3}[\s,]+"
_PATTERNS: dict[Gesture, re.Pattern[str]] = {
    gesture: re.compile(pattern, re.IGNORECASE)
    for gesture, pattern in {
        Gesture.WINK: r"(?<!than the )(?<!-)\bwink(?:s|ed|ing)?\b(?! of (?:sleep|light))",
        Gesture.BLINK: (
            r"\b(?<!in the )(?<!in a )(?<!for a )(?<!can )(?:blink)+(?:s|ed|ing)?\b"
            r"(?!-?less)(?! of an? )"
            r"|\bbat(?:s|ted|ting)?" + _GAP + r"(?:eye)?(?:lashes|lids)\b"
        ),
        Gesture.NOD: r"\bnod(?:s|ded|ding)?\b(?! off)(?!ing (?:off|acquaint))",
        Gesture.SHAKE: (
            r"\b(?:shakes?|shaking|shook)\b" + _GAP + r"heads?\b"
            r"|\bhead[- ]?shak(?:e|es|ing)\b"
            r"|\bhead" + _GAP + r"(?:shakes?|shaking|shook)\b"
            r"|\b(?:tiny|small|slight|little|single|short|firm|slow) shake\b(?!\s+of\b)"
            r"|\bshake of (?:disbelief|refusal|pity|wonder|denial)\b"
        ),
        Gesture.EYE_ROLL: (
            r"\beye[- ]?roll(?:s|ed|ing)?\b"
            r"|\broll(?:s|ed|ing)?\b" + _GAP + r"eyes\b"
            r"|\beyes" + _GAP + r"roll(?:s|ed|ing)?\b|\beyes roll(?:s|ed|ing)?\b"
        ),
        Gesture.CHATTER: (
            r"\b" + _TEETH + r"(?:[\s,]+[\w'-]+){0,4}[\s,]+(?:chatter|clatter|rattl)\w*"
            r"|\b(?:chatter|clatter|rattl)\w*(?:[\s,]+[\w'-]+){0,4}[\s,]+" + _TEETH + r"\b"
        ),
        Gesture.SNIFF: r"\bsniff(?:s|ed|ing|les?|led|ling)?\b",
    }.items()
}

_CLAUSE_END = re.compile(r"[.,;:!?()\[\]\u2014\u2013\u2026]|\bbut\b|\band then\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"(?:\b(?:no|not|never|nobody|no-?one|none|nor|neither|without|hardly|cannot|refus\w+|forgets?"
    r"|stop(?:s|ped)?|resists?|instead of|rather than|fails? to)\b|n['\u2019]t\b)"
    r"(?:[\s-]+[\w'\u2019-]+){0,5}[\s-]*$",
    re.IGNORECASE,
)
_STARES = re.compile(r"\bunblink\w*|\bblink-?less\b|\blidless\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:it|light|cursor|lamp|sign|they|everyone|people)\s+(?:\w+ly\s+)?$", re.IGNORECASE
)


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


_COUNTS = (
    (_any_of("once|single|one"), 1),
    (_any_of("twice|two|double|a couple of"), 2),
    (_any_of("thrice|three|several|a few"), 3),
    (_any_of("four|repeatedly|again and again|over and over|on and on|keeps?"), 4),
)
_SMALL = _any_of(
    r"small\w*|tin(?:y|iest)|slight\w*|little|half|barely|faint\w*|trace|discreet\w*|fraction"
    r"|tight|stiff|curt"
)
_LARGE = _any_of(
    r"big|deep\w*|huge|violent\w*|vigorous\w*|hard|furious\w*|firm\w*|emphatic\w*|massive"
    r"|enormous\w*|wild\w*|great|exaggerated"
)
_QUICK = _any_of(r"quick\w*|rapid\w*|fast|brisk\w*|sharp\w*|snappy|flutter\w*")
_SLOW = _any_of(r"slow\w*|grave\w*|solemn\w*|languid\w*|lazy|lazily|takes its time")
_SIDE = _any_of("left|right")

_SEVERAL_OF = {Gesture.NOD: 3, Gesture.SHAKE: 2, Gesture.BLINK: 3, Gesture.SNIFF: 2}
_MOST = 6
_MOST_SAID = 12  # mentions of one kind that are looked at
_REACH = 160  # characters to either side that belong to a mention


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the gestures that a text asks for, in its order, each kind once.

    Denied ones ('does not blink', 'no wink') and turns of phrase ('in the blink of an eye') are
    left out; several mentions of one kind ('sniff, sniff') add up.
    """
    found: list[tuple[int, Mention]] = []
    for gesture, pattern in _PATTERNS.items():
        said = islice(pattern.finditer(text), _MOST_SAID)
        matches = [m for m in said if not _denied(text, m.start())]
        if gesture is Gesture.BLINK:
            matches = [m for m in matches if not _OTHERS.search(_before(text, m.start()))]
        if matches:
            found.append((matches[0].start(), _mention(gesture, text, matches)))
    return tuple(mention for _, mention in sorted(found, key=lambda item: item[0]))


def denies_blinking(text: str) -> bool:
    """Return whether the words say that the eyes stay open ('unblinking', 'nobody blinks')."""
    if _STARES.search(text):
        return True
    said = islice(re.finditer(r"\bblink", text, re.IGNORECASE), _MOST_SAID)
    return any(_denied(text, m.start()) for m in said)


def _mention(gesture: Gesture, text: str, matches: list[re.Match[str]]) -> Mention:
    first = matches[0]
    clause = _clause(text, first.start(), first.end())
    count = sum(max(1, len(re.findall("blink|sniff", m[0], re.IGNORECASE))) for m in matches)
    stated = [number for words, number in _COUNTS if words.search(clause)]
    if stated:
        count = max(count, *stated)
    elif count == 1 and (first[0].lower().endswith("ing") or re.search(r"\balong\b", clause)):
        count = _SEVERAL_OF.get(gesture, 1)
    elif count == 1 and "lash" in first[0].lower():
        count = 3
    size = 0.5 if _SMALL.search(clause) else 1.5 if _LARGE.search(clause) else 1.0
    pace = 0.65 if _QUICK.search(clause) else 1.6 if _SLOW.search(clause) else 1.0
    side = _SIDE.search(clause) or _SIDE.search(text)
    return Mention(gesture, min(count, _MOST), size, pace, side[0].lower() if side else "")


def _before(text: str, start: int) -> str:
    """Return what stands before a place, as far back as its meaning can reach."""
    return text[max(0, start - _REACH) : start]


def _clause(text: str, start: int, end: int) -> str:
    after = text[end : end + _REACH]
    stop = _CLAUSE_END.search(after)
    return _clause_before(text, start) + text[start:end] + after[: stop.start() if stop else None]


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE_END.split(_before(text, start))[-1]


def _denied(text: str, start: int) -> bool:
    return _DENIAL.search(_clause_before(text, start)) is not None
