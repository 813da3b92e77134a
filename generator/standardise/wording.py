"""From a piece of a prompt to a sentence that stands alone: subject, capital, full stop. Pure."""

from __future__ import annotations

import re

from generator.script import MAX_TEXT
from generator.standardise.boundaries import is_verb
from generator.standardise.feeling import feeling_of
from generator.standardise.masking import masked
from generator.standardise.tables import words

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_LEADING = re.compile(
    r"^(?:[\s,;:.\u2026\u2013\u2014>|/-]+|(?:\d{1,2}|one|two|three|four|five)[.):]\s+"
    r"|(?:and then|and finally|then|and|but|finally|lastly|next|after that|afterwards|until"
    r"|followed by)\b[,:]?\s+(?=\S))+",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^(?:(?P<subject>[^,.;:]{0,40}?)\s+)?(?:(?:goes|going|go|went|moves|shifts|slides|swings|passes"
    r"|changes|turns|fades|runs|travels|is going)\s+)?from\s+",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"^(?:(?:an?|one|half an?|two|three|four|five|\d[\d.]*|a long|a few)[ -]?(?:beats?|moments?"
    r"|seconds?|heartbeats?|breaths?|instants?|secs?|s|ms) (?:later|after)"
    r"|after (?:an?|one|half an?|a long|a few|two|three|four|five|\d[\d.]*)[ -]?"
    r"(?:beats?|moments?|seconds?|heartbeats?"
    r"|pause|while|secs?|s|ms)|beat)\b[,:]?\s*(?=\S)",
    re.IGNORECASE,
)


def subject_of(text: str) -> str:
    """Return who acts: "She", "He", "They", the prompt's own noun ("The pilot"), or ""."""
    found = [str(word) for word in _WORD.findall(masked(text)) if set(word) != {"q"}]
    for pronoun in found:
        base = pronoun.split("'")[0]
        if base in {"she", "he", "they"}:
            return base.capitalize()
    for word in found:
        base = word.removesuffix("'s")
        if base in words("female"):
            return "She"
        if base in words("male"):
            return "He"
    return _noun_before_verb(masked(text[:80]))


def _noun_before_verb(mask: str) -> str:
    """Return "The pilot" of "pilot squints, then grins"; "" where nobody is named."""
    found = list(_WORD.finditer(mask))[:5]
    for index, match in enumerate(found):
        if is_verb(match[0]):
            noun = mask[found[0].start() : match.start()].strip()
            named = re.sub(r"^(?:the|an?) ", "", noun)
            last = found[index - 1][0]
            known = last in words("body") or is_verb(last) or feeling_of(last) is not None
            plain = re.fullmatch(r"[a-z' -]+", named) and index > 0 and not known
            free = not words("directions") & set(named.split())
            return f"The {named}" if plain and free and match[0] != noun else ""
    return ""


def sentence(piece: str, subject: str, *, stepped: bool = False) -> str:
    """Return the piece as a sentence.

    Args:
        piece: Text between two passages.
        subject: As from `subject_of`; put before a piece that begins with its verb.
        stepped: Whether the piece is a step of 'from X to Y' and may be a bare adjective.
    """
    text = _DELAY.sub("", _LEADING.sub("", piece.strip()))
    text = _LEADING.sub("", text).strip(" ,;:-\u2013\u2014\n>|/")
    if stepped:
        match = _FROM.match(text)
        text = text[match.end() :] if match else text
        first = _WORD.search(text.lower())
        feeling = feeling_of(first[0]) if first else None
        if feeling is not None and feeling.part == "adjective":
            return _ended(
                f"{subject or 'The face'} is {text}" if subject != "They" else f"They are {text}"
            )
    found = [word.lower() for word in _WORD.findall(text[:200])[:3]]
    acts = bool(found) and (
        is_verb(found[0]) or (found[0] in words("adverbs") and len(found) > 1 and is_verb(found[1]))
    )
    if subject and acts and subject != "They":
        text = f"{subject} {text[:1].lower()}{text[1:]}"
    return _ended(text or piece)[:MAX_TEXT]  # a piece that is only "then" stays as it is


def _ended(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    start = text[0].upper() if len(text[0].upper()) == 1 else text[0]
    closed = text[-1] in ".!?\u2026\u3002\uff01\uff1f" or (
        text[-1] in "'\"\u201d\u2019)" and text[-2:-1] in {".", "!", "?", "\u2026"}
    )
    return f"{start}{text[1:]}" if closed else f"{start}{text[1:]}."
