"""How long a beat takes and stays: what the text says exactly, else medians of the corpus. Pure.

The defaults (assets/standardise/timing.json, made by `python -m generator.standardise.fit`) are
medians by place in the script, times a factor for words of speed and for stirred or calm feelings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.script import MAX_SECONDS, MIN_TRANSITION_S
from generator.standardise.durations import durations
from generator.standardise.feeling import feelings_in
from generator.standardise.tables import table, words

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
GRID_S = 0.05
"""Defaults are rounded to this; what the user states is kept as it is."""


def timings(pieces: Sequence[str], links: Sequence[str]) -> list[tuple[float, float]]:
    """Return (transition_s, hold_s) of each beat.

    Args:
        pieces: The beats' texts as the prompt has them, in order.
        links: The text between piece i and i + 1 ("a beat later"), one fewer than pieces.
    """
    result: list[list[float]] = []
    for index, piece in enumerate(pieces):
        transition, hold = default_timing(piece, index, len(pieces))
        told: set[str] = set()
        lead = links[index - 1] + " " if index else ""
        for duration in durations(lead + piece):
            if duration.role in told:
                continue
            if duration.role == "delay" and result:
                result[-1][1] = duration.seconds
            elif duration.role == "transition":
                transition = duration.seconds
            elif duration.role == "hold":
                hold = duration.seconds
            told.add(duration.role)
        result.append([transition, hold])
    return [
        (min(max(t, MIN_TRANSITION_S), MAX_SECONDS), min(max(h, 0.0), MAX_SECONDS))
        for t, h in result
    ]


def groups_of(piece: str, index: int, count: int) -> tuple[str, list[str]]:
    """Return the beat's place ("only", "first", "middle", "last") and the factors that apply."""
    place = "only" if count == 1 else "first" if index == 0 else "middle"
    if count > 1 and index == count - 1:
        place = "last"
    found = {word.lower() for word in _WORD.findall(piece)}
    factors = [name for name in ("fast", "slow", "held") if found & words(name)]
    stirred = [feeling.arousal for feeling in feelings_in(piece)]
    if stirred and max(stirred) > 0:
        factors.append("stirred")
    elif stirred and min(stirred) < 0:
        factors.append("calm")
    return place, factors


def default_timing(piece: str, index: int, count: int) -> tuple[float, float]:
    """Return (transition_s, hold_s) where the text states no seconds."""
    learned = table("timing")
    place, factors = groups_of(piece, index, count)
    transition, hold = learned["places"][place]
    for name in factors:
        transition *= learned["factors"][name][0]
        hold *= learned["factors"][name][1]
    return _rounded(transition, 2 * GRID_S), _rounded(hold, 4 * GRID_S)


def _rounded(seconds: float, least: float) -> float:
    return max(round(round(seconds / GRID_S) * GRID_S, 3), least)
