"""Where a text may be cut: a copy of it in which nothing protected looks like a boundary. Pure.

The mask has the text's length. Quoted speech and bracketed asides become letters; the dots of
abbreviations, decimals and initials become letters too. Rules match on the mask and cut the text.
"""

from __future__ import annotations

import functools
import re

MAX_QUOTE = 400
"""Characters. A quotation mark whose partner is farther away is taken for an apostrophe."""

_PAIRS = {"\u201c": "\u201d", "\u00ab": "\u00bb", "\u201e": "\u201c", '"': '"', "(": ")", "[": "]"}
_SINGLE = {"'": "'", "\u2018": "\u2019"}
_NOT_OPENING = re.compile(r"'(?:em|til|cause|tis|twas|n)\b", re.IGNORECASE)
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|sgt|capt|lt|gen|rev|hon|jr|sr|vs|etc|e\.g|i\.e|a\.m|p\.m|approx"
    r"|int|ext|no(?=\.\s*\d)|fig|min|sec|secs|[a-z](?=\.[a-z]\.)|(?<=\.)[a-z])\.",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"(?<=\d)[.,:](?=\d)|(?<![\w.])\.(?=\d)")
_FIXED = re.compile(
    r"\b(?:(?:every )?now and then|even then|back then|by then|until then|since then|just then"
    r"|and then some|then and there|there and then|what then|only then|till then|since before"
    r"|than before|as before|like before|the night before|the day before|the morning after"
    r"|before long|until now|happily ever after|day after day|look after|looks after"
    r"|looking after|named after|after all|once more|at once|more and more|on and on"
    r"|over and over|again and again|through and through|up and down|back and forth|side to side"
    r"|first (?:time|date|day|look|light|name|class|prize|place)|the first|his first|her first"
    r"|in slow motion)\b",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Return the lower-case mask of a text, character for character."""
    # lower() may lengthen a text (e.g. capital I with dot), so it is applied per character.
    characters = [low if len(low := c.lower()) == 1 else c for c in text]
    for start, end in quotations(text):
        spoken = any(character.isalnum() for character in text[start:end])
        characters[start:end] = ("q" if spoken else "_") * (end - start)  # "()" is no word
    folded = "".join(characters)
    for pattern, filler in ((_ABBREVIATION, "x"), (_DECIMAL, "x"), (_FIXED, "z")):
        folded = pattern.sub(functools.partial(_filled, filler), folded)
    return folded


def _filled(filler: str, match: re.Match[str]) -> str:
    found = match[0]
    if filler == "z":  # a fixed phrase keeps its blanks so that words can still be counted
        return "".join(" " if c == " " else filler for c in found)
    return re.sub("[.,:]", filler, found)


def quotations(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of every quotation and bracketed aside, marks included."""
    found, index = [], 0
    while index < len(text):
        end = _closing(text, index)
        if end is None:
            index += 1
            continue
        found.append((index, end))
        index = end
    return found


def _closing(text: str, start: int) -> int | None:
    mark = text[start]
    if mark in _PAIRS:
        end = text.find(_PAIRS[mark], start + 1, start + MAX_QUOTE)
        return None if end < 0 else end + 1
    if mark not in _SINGLE or (
        start > 0 and (text[start - 1].isalnum() or text[start - 1] == mark)
    ):
        return None
    if start + 1 >= len(text) or text[start + 1].isspace() or _NOT_OPENING.match(text, start):
        return None
    closer, end = _SINGLE[mark], start + 1
    for _ in range(40):  # apostrophes within the speech
        end = text.find(closer, end + 1, start + MAX_QUOTE)
        if end < 0:
            return None
        after = text[end + 1] if end + 1 < len(text) else " "
        if not after.isalnum() and not text[end - 1].isspace():
            return end + 1
    return None
