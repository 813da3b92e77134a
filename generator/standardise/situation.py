"""The situation in a prompt: a heading before the action, or clauses of place and occasion."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.standardise.boundaries import Candidate, is_verb
from generator.standardise.feeling import is_feeling
from generator.standardise.masking import masked, quotations
from generator.standardise.tables import words

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_MARKED = re.compile(r"(?:\d|one\b|beat\b|key\b|panel\b|[-*\u2022\u00b7]\s)", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:halfway through|in the middle of|in front of|at|during|outside|inside|backstage at"
    r"|on the phone|phone call|on|in|after|across|behind|under|near|beside|aboard)"
    r"(?:\s+(?:the|a|an|her|his|their|my|our|your|its|from|with|to|of|[A-Z][\w'\u2019]*))"
    r"(?:\s+[\w'\u2019-]+){1,6}|\bmid-[a-z]+\b",
)
_PREPOSITIONS = frozenset({"of", "to", "from"})  # a clause that ends with one has lost its noun
_HEADING_KINDS = frozenset({"sentence", "colon", "line", "list", "dash", "semicolon"})


def heading(text: str, found: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that ends a heading: "Cheese counter." or "INT. KITCHEN - NIGHT.".

    A heading says nothing that a face can do: no verb we know, no feeling, no part of the face.
    """
    headed = None
    for candidate in found[:3]:
        if candidate.kind == "comma" and not candidate.link:
            continue
        start = headed.end if headed is not None else 0
        if not _ends_heading(text[start : candidate.start], candidate, opens=headed is None):
            break
        headed = candidate
        if candidate.kind != "dash":
            break
    return headed


def _ends_heading(piece: str, candidate: Candidate, *, opens: bool) -> bool:
    if candidate.kind not in _HEADING_KINDS or candidate.link in {"then", "finally", "next"}:
        return False
    count = len(_WORD.findall(piece))
    if candidate.kind == "list" and count <= 25:  # what stands before the first number
        return _MARKED.match(piece) is None
    if opens and count == 1 and candidate.kind != "colon":
        return False
    return _is_heading(piece) and (candidate.kind != "dash" or piece.isupper())


def _is_heading(piece: str) -> bool:
    if quotations(piece) or not 1 <= len(_WORD.findall(piece)) <= 12:
        return False
    for word in (w.lower() for w in _WORD.findall(piece)):
        if is_verb(word) or is_feeling(word) or (word.endswith("ing") and len(word) > 5):
            return False
        if word in words("body") or word in words("pronouns") or word in words("imperatives"):
            return False
        if word in words("directions") or word in words("fast") or word in words("slow"):
            return False
    return True


def background_of(text: str, headed: Candidate | None) -> str:
    """Return the background: the heading, then the situational clauses, or ""."""
    parts = [text[: headed.start].strip(" ,;:-\u2013\u2014.")] if headed is not None else []
    start = headed.end if headed is not None else 0
    mask = masked(text)
    for match in _CLAUSE.finditer(text, start):
        if "qq" in mask[match.start() : match.end()]:
            continue
        before = _WORD.findall(text[max(0, match.start() - 20) : match.start()].lower())
        aimed = bool(before) and (is_verb(before[-1]) or before[-1] in words("aiming"))
        if aimed and not words("occasions") & set(match[0].lower().split()):
            continue  # "looks at the needle" names an aim, not a place
        clause = _trimmed(match[0])
        if clause and all(clause not in part for part in parts):
            parts.append(clause)
        if len(parts) == 3:
            break
    return _sentence(", ".join(part for part in parts if part))


def _trimmed(clause: str) -> str:
    """Cut a clause at the first word that begins another one; "" where it is no situation."""
    kept: list[str] = []
    determiners = words("definite") | words("articles")
    for word in clause.split():
        low = word.lower()
        adverb = bool(kept) and low.endswith("ly") and kept[-1].lower() not in determiners
        if (
            low in words("nominatives")
            or not _WORD.search(word)
            or (low.endswith("ing") and low[:-3] in words("imperatives"))
        ):
            break
        if len(kept) > 1 and (low in words("clause_stops") or is_verb(low) or adverb):
            break
        kept.append(word)
    low_words = {word.lower().removesuffix("'s") for word in kept}
    if (
        low_words & words("no_place")
        or low_words & words("body")
        or any(map(is_feeling, low_words))
    ):
        return ""
    if len(kept) < 2 and not clause.lower().startswith("mid-"):
        return ""
    while len(kept) > 1 and kept[-1].lower() in determiners | _PREPOSITIONS:
        kept.pop()
    return " ".join(kept) if len(kept) > 2 or "-" in clause else ""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""
