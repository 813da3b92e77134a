"""Candidates: every place at which a prompt may pass from one beat to the next. Pure.

Finding is generous; `counting` decides how many candidates are beats. Each rule runs on the mask
(see `masking`), in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.standardise.durations import is_pause
from generator.standardise.feeling import is_feeling
from generator.standardise.masking import masked, quotations
from generator.standardise.tables import compiled, words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible passage from one beat to the next.

    Attributes:
        start: Where the text before it ends.
        end: Where the text after it begins; what lies between is dropped.
        kind: What stands there: "comma", "sentence", "arrow" ...
        link: The connective that follows, e.g. "then", or "".
    """

    start: int
    end: int
    kind: str
    link: str = ""


HARD_KINDS = frozenset({"arrow", "list", "change", "from_to"})
"""Kinds that say 'next' as plainly as 'then' does."""

_GAPS = (
    r"(?P<arrow>[^\S\n]*(?:[-=]+>|[\u2192\u21d2\u279c\u27a1\u279e])\s*)"
    r"|(?P<line>\s*\n\s*)"
    r"|(?P<ellipsis>(?:\.{2,}|\u2026)[!?)\]]*\s*)"
    r"|(?P<exclaim>[.?]*![.!?]*[)\]]*\s+)"
    r"|(?P<question>\?[.?]*[)\]]*\s+)"
    r"|(?P<sentence>[.\u3002\uff01\uff1f][)\]]*(?:\s+|(?<=[\u3002\uff01\uff1f])))"
    r"|(?P<semicolon>\s*[;\uff1b]\s*)"
    r"|(?P<dash>\s*\u2014\s*|\s+[\u2013-]{1,2}\s+)"
    r"|(?P<slash>\s+[/|]\s+)"
    r"|(?P<colon>\s*:\s+)"
    r"|(?P<comma>\s*[,\u3001\uff0c]\s*)"
    r"|(?P<word>\s+(?=(?:and(?:\s+(?:then|finally|suddenly))?|but|then|until|till|before"
    r"|after\s+which|followed\s+by|finally|suddenly|when|as\s+soon\s+as|so)\s))"
)
_LINKS: tuple[tuple[str, str], ...] = tuple(
    (name, pattern + r"(?![\w'])[,:]?\s*")
    for name, pattern in (
        (
            "then",
            (
                r"(?:and |but |only )?(?:then|luego|despu\u00e9s|entonces|dann|danach|puis|ensuite"
                r"|depois|daarna)(?: (?:suddenly|finally|at last|after that))?"
            ),
        ),
        ("finally", r"(?:and |but )?(?:finally|at (?:the )?last|lastly|in the end|by the end)"),
        ("next", r"(?:and )?(?:next|after that|after which|afterwards|thereafter|followed by)"),
        (
            "suddenly",
            r"(?:and |but )?(?:suddenly|all at zz zzzz|instantly|out of nowhere|abruptly)",
        ),
        (
            "later",
            (
                r"(?:and )?(?:(?:a|an|one|half a|two|three|\d[\dx]*|a long|a few)[ -]?"
                r"(?:beats?|moments?|seconds?|heartbeats?|breaths?|instants?|secs?|s|ms)"
                r" (?:later|after)|after (?:a|one|half a|a long|a few|two|three|\d[\dx]*)[ -]?"
                r"(?:beats?|moments?|seconds?|heartbeats?|pause|while|secs?|s|ms)|later|eventually"
                r"|a beat|beat)"
            ),
        ),
        ("until", r"(?:and )?(?:until|till)"),
        ("before", r"(?:and )?(?:just )?before"),
        ("gradually", r"(?:and |but )?(?:gradually|slowly|little by little|bit by bit)"),
        ("when", r"(?:and |but )?(?:when|once|as soon as|the moment|by the time)"),
        ("now", r"(?:and |but )?now"),
        ("but", r"but|yet|only|except"),
        ("and", r"and|so|or"),
        ("first", r"first|at first|starts? (?:as|with)"),
    )
)
_DROPPED = frozenset({"then", "finally", "next", "until", "before", "and", "first", "now"})
_CHANGES = (
    r"\s+(?:(?:slowly|suddenly|quickly|gradually|gently|finally)\s+)?"
    r"(?:(?:gives?|giving|gave) way to|(?P<verb>melt|turn|break|harden|slide|fade|burst|soften"
    r"|dissolve|collapse|curdle|crumple|sour|shift|change|morph|tip|sink|crack|settle|drain"
    r"|explode|erupt|warm|cool|freeze|twist|fall|spread|grow|bloom|blossom|transform|deepen|relax"
    r"|ease|thaw|snap|flip|switch|shade|tumble|evolve|crumble|swell|drop|develop|decay)"
    r"(?:s|es|ed|d|ing|ping|ting|ning)?(?:\s+(?:slowly|suddenly|right|back|straight|quickly|out))?"
    r"\s+(?P<to>in)?to|becom(?:es?|ing))\s+"
)
_FROM = re.compile(r"\bfrom\s+")
_FROM_END = re.compile(
    r"[.;:!?\n\u2026\u2014]|\s[-\u2013/]\s|,? (?:and )?then\b|\s(?:as|while|when)\s"
)
_FROM_STEP = re.compile(r",?\s+(?:and\s+)?(?:finally\s+|then\s+)?(?:into|to|through|via)\s+")
_MARKER = re.compile(
    r"(?:(?<=^)|(?<=[\s:;,(]))(?:(?P<digit>\d{1,2})(?:[.):]|(?=\s[a-z]))"
    r"|(?:beat|key|panel|step)\s+(?P<beat>\d{1,2})\s*[.):,-]?"
    r"|(?P<word>one|two|three|four|five)[:)])\s+"
)
_BULLET = re.compile(r"(?:(?<=^)|(?<=\n))[-*\u2022\u00b7]\s+")
_NUMBERS = {word: n for n, word in enumerate(["one", "two", "three", "four", "five"], 1)}
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


def candidates(text: str) -> list[Candidate]:
    """Return the candidates of a readable text in order; none overlap and none are at its ends."""
    mask = masked(text)
    taken = bytearray(len(mask) + 1)
    found: list[Candidate] = []
    spans = [(match.start(), end) for match, end, _ in _from_spans(mask)]
    for rule in (_listed(mask), _from_to(mask), _changes(mask), _after_quotes(text, mask)):
        _take(rule, taken, found)
    for start, end in spans:  # within 'from X to Y' nothing else cuts
        taken[start:end] = b"\x01" * (end - start)
    _take(_gaps(text, mask), taken, found)
    merged = _merged(sorted(found, key=lambda c: (c.start, c.end)), mask)
    return _without_pauses(merged, text)


def _take(rule: Iterator[Candidate], taken: bytearray, found: list[Candidate]) -> None:
    for candidate in rule:
        start, end = candidate.start, max(candidate.end, candidate.start + 1)
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(candidate)


def _gaps(text: str, mask: str) -> Iterator[Candidate]:
    for match in compiled(_GAPS).finditer(mask):
        kind = match.lastgroup or ""
        if kind == "sentence" and not mask[match.end() : match.end() + 1]:
            continue
        name, end = _link(mask, match.end())
        if kind == "word" and not _is_passage(mask, match.end(), name):
            continue
        if kind == "comma" and _is_number_list(text, match.start(), match.end()):
            continue
        spoken = kind in {"exclaim", "question", "ellipsis"}  # the mark stays with what it ends
        start = match.start() + (len(match[0].rstrip()) if spoken else 0)
        yield Candidate(start, end, kind, name)


def _is_number_list(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()


def _link(mask: str, at: int) -> tuple[str, int]:
    """Return the connective that begins at a place and where what follows it begins."""
    for name, pattern in _LINKS:
        match = compiled(pattern).match(mask, at)
        if match is not None:
            return name, match.end() if name in _DROPPED else at
    return "", at


def _is_passage(mask: str, at: int, link: str) -> bool:
    """Whether a bare connective inside a clause may begin a beat: 'and' needs a verb after it."""
    if link == "finally":  # "the crystal that finally grew" is one event
        return not re.search(
            r"\b(?:that|who|which|has|have|had|is|was|it|she|he)\s$", mask[:at][-8:]
        )
    if link not in {"and", "but", "before"}:
        return link != "when"
    following = _WORD.findall(mask[at : at + 80])[1:5]
    if not following:
        return False
    if link == "before":
        return following[0] not in {"the", "he", "she", "they", "it", "his", "her"} or any(
            word in words("verbs") for word in following
        )
    return is_verb(following[0]) or (
        following[0] in words("pronouns") and len(following) > 1 and is_verb(following[1])
    )


def is_verb(word: str) -> bool:
    """Whether a lower-case word is a known present-tense verb of the third person."""
    return word in words("verbs")


def _after_quotes(text: str, mask: str) -> Iterator[Candidate]:
    for start, end in quotations(text):
        if end - start > 2 and text[end - 2] in ".!?\u2026" and text[end : end + 1].isspace():
            name, after = _link(mask, end + 1)
            if name or text[end + 1 : end + 2].isupper():
                yield Candidate(end, after, "quoted", name)


def _changes(mask: str) -> Iterator[Candidate]:
    """Yield 'X melts into Y': the beats are X and Y."""
    for match in compiled(_CHANGES).finditer(mask):
        before = mask[max(0, match.start() - 60) : match.start()]
        left = _WORD.findall(re.split(r"[.;:!?,\n]|\b(?:then|and|but)\b", before)[-1])
        right = _WORD.findall(mask[match.end() : match.end() + 40])[:3]
        shown = any(is_feeling(word) or word in words("body") for word in left)
        loose = match["verb"] is not None and match["to"] is None
        if not (shown and right):
            continue
        if (loose or match["verb"] is None or right[0] in words("definite")) and not any(
            is_feeling(word) for word in right
        ):
            continue
        yield Candidate(match.start(), match.end(), "change")


def _from_spans(mask: str) -> Iterator[tuple[re.Match[str], int, list[re.Match[str]]]]:
    """Yield (match of 'from', end, steps) for each 'from X through Y to Z' of feelings."""
    reached = 0
    for match in _FROM.finditer(mask):
        if match.start() < reached:
            continue
        stop = _FROM_END.search(mask, match.end(), match.end() + 200)
        end = stop.start() if stop else min(len(mask), match.end() + 200)
        steps = list(_FROM_STEP.finditer(mask, match.end(), end))
        if not 1 <= len(steps) <= 4:
            continue
        edges = [match.end(), *(edge for step in steps for edge in step.span()), end]
        parts = [mask[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
        felt = [any(is_feeling(word) for word in _WORD.findall(part)) for part in parts]
        if sum(felt) * 2 > len(parts) - 1 and all(0 < len(part.split()) <= 9 for part in parts):
            reached = end
            yield match, steps[-1].end(), steps


def _from_to(mask: str) -> Iterator[Candidate]:
    """Yield the steps of 'from X through Y to Z' where X, Y or Z is something felt or shown."""
    for _, _, steps in _from_spans(mask):
        yield from (Candidate(*step.span(), "from_to") for step in steps)


def _listed(mask: str) -> Iterator[Candidate]:
    """Yield the markers of a numbered or bulleted list; the first one opens its first beat."""
    expected, found = 1, []
    for match in _MARKER.finditer(mask):
        number = match["digit"] or match["beat"]
        if (int(number) if number else _NUMBERS[match["word"]]) == expected:
            found.append(match.span())
            expected += 1
    if len(found) < 2:
        found = [match.span() for match in _BULLET.finditer(mask)]
    if len(found) >= 2:
        yield from (Candidate(start, end, "list") for start, end in found)


def _merged(found: list[Candidate], mask: str) -> list[Candidate]:
    """Join candidates with no word between them and drop those at the text's ends."""
    spans = [match.span() for match in _WORD.finditer(mask)]
    first, last_word = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    merged: list[Candidate] = []
    for candidate in found:
        if candidate.start <= first or candidate.end >= last_word:
            continue
        last = merged[-1] if merged else None
        if last is not None and not _WORD.search(mask, last.end, candidate.start):
            kind = candidate.kind if candidate.kind in HARD_KINDS else last.kind
            link = candidate.link or last.link
            merged[-1] = replace(last, end=candidate.end, kind=kind, link=link)
        else:
            merged.append(candidate)
    return merged


def _without_pauses(found: list[Candidate], text: str) -> list[Candidate]:
    """Leave a piece that only states a duration ("two seconds", "beat") to what came before."""
    kept: list[Candidate] = []
    for index, candidate in enumerate(found):
        end = found[index + 1].start if index + 1 < len(found) else len(text)
        pause = end - candidate.end < 80 and is_pause(text[candidate.end : end])
        if not pause or candidate.kind in HARD_KINDS:
            kept.append(candidate)
    opening = text[: kept[0].start] if kept and kept[0].start < 80 else ""
    if is_pause(opening) and re.match(r"(?:an?|one|half|after|beat)\b", opening.lower()):
        kept.pop(0)
    return kept
