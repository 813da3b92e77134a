"""How many candidates are beats, and which: a small probability model over hand-made features.

Each candidate is a passage between beats with a probability of its own (logistic, weights in
assets/standardise/count.json, made by `python -m generator.standardise.fit`). The number of beats
is the most probable value of 1 + the sum of these independent chances, at most five; the most
probable candidates are kept. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from generator.standardise.boundaries import HARD_KINDS, Candidate, is_verb
from generator.standardise.feeling import is_feeling
from generator.standardise.tables import table, words

MAX_BEATS = 5
MAX_CANDIDATES = 40
"""Longer texts are not weighed candidate by candidate but shared out evenly."""

SURE_LINKS = frozenset({"then", "finally", "next", "until", "later"})
"""Connectives after which a new beat begins. No script of the corpus says otherwise."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_BRIEF = frozenset({"flash", "flicker", "moment", "beat", "second", "brief", "half", "hint"})
_STATED = re.compile(
    r"\b(one|two|three|four|five|[1-5])[ -](?:beats|keys|panels|stages|steps|parts|phases)\b"
)
_STATED_NUMBERS = {w: n for n, w in enumerate(["one", "two", "three", "four", "five"], 1)}


def stated_count(text: str) -> int | None:
    """Return the number of beats the text itself states ("three panels"), or None."""
    match = _STATED.search(text.lower())
    if match is None:
        return None
    return _STATED_NUMBERS.get(match[1]) or int(match[1])


def probabilities(text: str, found: Sequence[Candidate]) -> list[float]:
    """Return each candidate's probability of being a passage between beats."""
    weights: Mapping[str, float] = table("count")["weights"]
    chances = []
    for features in features_of(text, found):
        score = sum(weights.get(name, 0.0) * value for name, value in features.items())
        chances.append(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score)))))
    return chances


def distribution(chances: Sequence[float]) -> list[float]:
    """Return P(1 beat) ... P(5 beats); what is beyond five counts as five."""
    shares = [1.0] + [0.0] * (MAX_BEATS - 1)
    for chance in chances:
        for k in range(MAX_BEATS - 1, -1, -1):
            below = shares[k - 1] * chance if k > 0 else 0.0
            stay = shares[k] if k == MAX_BEATS - 1 else shares[k] * (1.0 - chance)
            shares[k] = stay + below
    return shares


def kept(text: str, found: Sequence[Candidate], headed: Candidate | None = None) -> list[Candidate]:
    """Return the candidates that become passages between beats, in order, at most four.

    Args:
        text: The readable prompt.
        found: All candidates of the text.
        headed: The candidate that ends the heading; nothing up to it is a passage.
    """
    free = [c for c in found if headed is None or c.start > headed.start]
    hard = _sure(text, free)
    if len(hard) >= MAX_BEATS or len(found) > MAX_CANDIDATES:
        return evenly(hard if len(hard) >= MAX_BEATS else free, len(text))
    chance = dict(zip(found, probabilities(text, found), strict=True))
    shares = distribution(list(chance.values()))
    count = stated_count(text) or 1 + shares.index(max(shares))
    count = max(count, len(hard) + 1)
    order = sorted(free, key=lambda c: (c not in hard, -chance[c], c.start))
    return sorted(order[: count - 1], key=lambda c: c.start)


def _sure(text: str, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that are passages whatever the model says."""
    if not re.search("[A-Za-z]", text):  # another script: only its full stops are understood
        return [c for c in found if c.kind in {"sentence", "line"} | HARD_KINDS]
    edges = [0, *(edge for c in found for edge in (c.start, c.end)), len(text)]
    pieces = [
        [word.lower() for word in _WORD.findall(text[a : min(b, a + 200)])]
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    sure = [_says_next(c, *pieces[i : i + 2]) for i, c in enumerate(found)]
    # "she reads, fights back tears, then smiles": one verb after the other up to a 'then'.
    serial = any(sure) and all(
        s or (c.kind == "comma" and not c.link) for s, c in zip(sure, found, strict=True)
    )
    if serial and all(_acts(piece) for piece in pieces):
        return list(found)
    return [c for c, is_sure in zip(found, sure, strict=True) if is_sure]


def _says_next(candidate: Candidate, left: Sequence[str], right: Sequence[str]) -> bool:
    if candidate.kind in HARD_KINDS or candidate.link in SURE_LINKS:
        return True
    if candidate.link != "before" or candidate.kind != "word":
        return False
    brief = any(word in _BRIEF or is_feeling(word) for word in left)
    return brief and any(is_feeling(word) for word in right[:5])


def _acts(piece: Sequence[str]) -> bool:
    """Whether a piece begins with its verb, or with a pronoun and a verb."""
    start = 1 if piece and piece[0] in words("pronouns") else 0
    return len(piece) > start and is_verb(piece[start])


def evenly(found: Sequence[Candidate], length: int) -> list[Candidate]:
    """Return at most four candidates that share the text out evenly; nothing is dropped."""
    strong = [c for c in found if c.kind not in {"comma", "word", "slash", "dash", "colon"}]
    pool = strong if len(strong) >= MAX_BEATS - 1 else list(found)
    chosen: list[Candidate] = []
    for part in range(1, MAX_BEATS):
        wanted = length * part / MAX_BEATS
        best = min(pool, key=lambda c: (abs(c.start - wanted), c.start))
        if best not in chosen:
            chosen.append(best)
    return sorted(chosen, key=lambda c: c.start)


def features_of(text: str, found: Sequence[Candidate]) -> list[dict[str, float]]:
    """Return the named features of each candidate, most of them 0 or 1."""
    edges = [0, *(edge for c in found for edge in (c.start, c.end)), len(text)]
    pieces = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    sides = [_of_piece(piece) for piece in pieces]
    everywhere = _of_text(text, found)
    return [
        _of_candidate(c, sides[i], sides[i + 1], index=i, total=len(found)) | everywhere
        for i, c in enumerate(found)
    ]


def _of_text(text: str, found: Sequence[Candidate]) -> dict[str, float]:
    count = len(_WORD.findall(text))
    stops = sum(c.kind in {"sentence", "exclaim", "question", "ellipsis"} for c in found)
    sure = sum(c.link in SURE_LINKS or c.kind in HARD_KINDS for c in found)
    return {
        "bias": 1.0,
        "text log words": math.log(1 + count) / 3,
        "text log candidates": math.log(1 + len(found)),
        "text log stops": math.log(1 + stops),
        "text has sure": float(sure > 0),
        "text sure count": float(min(sure, 4)),
        "text lower start": float(text[:1].islower()),
        "text one candidate": float(len(found) == 1),
    }


def _of_candidate(
    candidate: Candidate, left: dict[str, float], right: dict[str, float], *, index: int, total: int
) -> dict[str, float]:
    features = {f"kind {candidate.kind}": 1.0, f"link {candidate.link or 'none'}": 1.0}
    features[f"kind {candidate.kind} link {candidate.link or 'none'}"] = 1.0
    features["first"] = float(index == 0)
    features["last"] = float(index == total - 1)
    for name, value in left.items():
        features[f"left {name}"] = value
    for name, value in right.items():
        features[f"right {name}"] = value
        if candidate.kind == "comma" and value:
            features[f"comma right {name}"] = value
    if index == 0:
        features["first left no verb"] = 1.0 - left["verb"]
        features[f"first {candidate.kind}"] = 1.0
    return features


def _of_piece(piece: str) -> dict[str, float]:
    found = [word.lower().replace("\u2019", "'") for word in _WORD.findall(piece)]
    first = found[0] if found else ""
    length = len(found)
    return {
        "verb": float(any(is_verb(w) for w in found)),
        "starts verb": float(is_verb(first)),
        "starts pronoun": float(first in words("pronouns")),
        "starts definite": float(first in words("definite")),
        "starts article": float(first in words("articles")),
        "starts direction": float(first in words("directions")),
        "starts imperative": float(first in words("imperatives")),
        "starts body": float(first in words("body")),
        "starts ing": float(first.endswith("ing") and len(first) > 4),
        "starts feeling": float(is_feeling(first)),
        "starts preposition": float(first in words("prepositions")),
        "direction": float(any(w in words("directions") for w in found)),
        "body": float(any(w in words("body") for w in found)),
        "feeling": float(any(is_feeling(w) for w in found)),
        "pronoun": float(any(w in words("pronouns") for w in found)),
        "fast": float(any(w in words("fast") for w in found)),
        "slow": float(any(w in words("slow") for w in found)),
        "held": float(any(w in words("held") for w in found)),
        "quote": float(
            any(q in piece for q in "\"'\u201c\u2018")
            and piece.strip()[-1:] in "'\"\u201d\u2019.!?"
        ),
        "shout": float(any(w.isupper() and len(w) > 2 for w in _WORD.findall(piece))),
        "time": float(any(w.startswith("second") for w in found)),
        "1 word": float(length == 1),
        "2 words": float(length == 2),
        "3-4 words": float(3 <= length <= 4),
        "9+ words": float(length >= 9),
        "log length": math.log(1 + length) / 2,
    }
