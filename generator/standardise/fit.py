"""Fit the two tables of assets/standardise on the corpus, and say how good the counting is.

    python -m generator.standardise.fit           # fit, write count.json and timing.json, report
    python -m generator.standardise.fit --check   # report only, with the shipped tables

A quarter of the scripts, chosen by a hash of their ids, is held out: nothing is fitted on it, the
shipped tables included. The report is on that quarter. Not imported by the standardiser.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assets import asset
from generator.standardise.boundaries import Candidate, candidates
from generator.standardise.clean import readable
from generator.standardise.counting import MAX_BEATS, MAX_CANDIDATES, features_of, kept
from generator.standardise.order import performed_order
from generator.standardise.rules import RuleStandardiser
from generator.standardise.situation import heading
from generator.standardise.timing import groups_of

log = logging.getLogger(__name__)

Numbers = NDArray[np.float64]

SALT = "standardise-1"
RIDGE = 8.0
MIN_SEEN = 8
PRIOR: Mapping[str, float] = {
    "link then": 2.5,
    "link finally": 2.0,
    "link next": 2.0,
    "link until": 1.0,
    "kind arrow": 4.0,
    "kind list": 4.0,
    "kind change": 2.5,
    "kind from_to": 4.0,
    "bias": -1.0,
}
"""What the weights are drawn to where the corpus says little: connectives mean what they say."""


def is_held_out(script_id: str) -> bool:
    """Whether a script belongs to the quarter that nothing is fitted on."""
    digest = hashlib.sha256(f"{SALT}:{script_id}".encode()).digest()
    return int.from_bytes(digest, "big") % 4 == 0


def corpus(*, held_out: bool) -> list[dict[str, Any]]:
    """Return the scripts of one part of assets/corpus, in file order."""
    rows: list[dict[str, Any]] = []
    for path in sorted(asset("corpus").glob("t*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        rows += [row for line in lines if is_held_out((row := json.loads(line))["id"]) == held_out]
    return rows


def _read(row: Mapping[str, Any]) -> tuple[str, list[Candidate]]:
    text = performed_order(readable(row["prompt"]))
    return text, candidates(text)


def fit_count(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the feature weights that make the rows' numbers of beats most likely."""
    texts = [_read(row) for row in rows]
    features = [features_of(text, found[:MAX_CANDIDATES]) for text, found in texts]
    seen: dict[str, int] = {}
    for one in (one for of_row in features for one in of_row):
        for name, value in one.items():
            seen[name] = seen.get(name, 0) + (value != 0.0)
    names = sorted(name for name, count in seen.items() if count >= MIN_SEEN or name in PRIOR)
    column = {name: i for i, name in enumerate(names)}
    inputs = np.zeros((len(rows), max(map(len, features)), len(names)))
    mask = np.zeros(inputs.shape[:2])
    for i, of_row in enumerate(features):
        for j, one in enumerate(of_row):
            mask[i, j] = 1.0
            for name in one.keys() & column.keys():
                inputs[i, j, column[name]] = one[name]
    counts = np.array([len(row["beats"]) for row in rows])
    prior = np.array([PRIOR.get(name, 0.0) for name in names])
    best = minimize(
        _loss,
        prior.copy(),
        args=(inputs, mask, counts, prior),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 200},
    )
    return {
        name: round(float(w), 3) for name, w in zip(names, best.x, strict=True) if abs(w) > 5e-4
    }


def _running(chances: Numbers) -> list[Numbers]:
    """Return P(number of passages) after 0, 1 ... candidates; (rows, MAX_BEATS) each."""
    shares = np.zeros((len(chances), MAX_BEATS))
    shares[:, 0] = 1.0
    steps = [shares]
    for chance in chances.T[:, :, None]:
        grown = shares * (1.0 - chance)
        grown[:, 1:] += shares[:, :-1] * chance
        grown[:, -1] += shares[:, -1] * chance[:, 0]
        shares = grown
        steps.append(shares)
    return steps


def _loss(
    weights: Numbers, inputs: Numbers, mask: Numbers, counts: NDArray[np.int_], prior: Numbers
) -> tuple[float, Numbers]:
    """Return the negative log likelihood of the counts with its ridge, and its gradient."""
    chances = mask / (1.0 + np.exp(-np.clip(inputs @ weights, -30.0, 30.0)))
    before, after = _running(chances), _running(chances[:, ::-1])[::-1]
    rows = np.arange(len(counts))
    passages = np.minimum(np.minimum(counts - 1, MAX_BEATS - 1), mask.sum(1).astype(int))
    likelihood = np.maximum(before[-1][rows, passages], 1e-12)
    slope = np.zeros_like(chances)
    for j in range(chances.shape[1]):
        others = np.zeros((len(counts), MAX_BEATS))
        for a in range(MAX_BEATS):
            for b in range(MAX_BEATS):
                others[:, min(a + b, MAX_BEATS - 1)] += before[j][:, a] * after[j + 1][:, b]
        fewer = np.where(passages > 0, others[rows, np.maximum(passages - 1, 0)], 0.0)
        slope[:, j] = (fewer - others[rows, passages]) / likelihood
    slope *= chances * (1.0 - chances)
    away = weights - prior
    loss = -np.log(likelihood).sum() + 0.5 * RIDGE * float(away @ away)
    return float(loss), RIDGE * away - np.einsum("nm,nmf->f", slope, inputs)


def fit_timing(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return median seconds by place, and the factors of speed words and arousal.

    A beat's words are its piece of the prompt where rules and corpus agree on the number of beats,
    else its description.
    """
    beats: list[tuple[str, list[str], Numbers]] = []
    for row in rows:
        pieces = _pieces(row)
        for index, beat in enumerate(row["beats"]):
            piece = pieces[index] if len(pieces) == len(row["beats"]) else beat["original"]
            seconds = np.array([beat["transition_s"], max(beat["hold_s"], 0.05)])
            beats.append((*groups_of(piece, index, len(row["beats"])), seconds))
    places = {
        place: np.median([s for p, _, s in beats if p == place], axis=0)
        for place in ("only", "first", "middle", "last")
    }
    factors: dict[str, Numbers] = {}
    for name in ("fast", "slow", "held", "stirred", "calm"):
        ratios = [s / places[p] for p, found, s in beats if found == [name]]
        factors[name] = np.median(ratios, axis=0) if len(ratios) >= 20 else np.ones(2)
    return {
        "places": {name: [round(float(v), 3) for v in s] for name, s in places.items()},
        "factors": {name: [round(float(v), 3) for v in s] for name, s in factors.items()},
    }


def _pieces(row: Mapping[str, Any]) -> list[str]:
    text, found = _read(row)
    headed = heading(text, found)
    passages = kept(text, found, headed)
    edges = [
        headed.end if headed else 0,
        *(e for c in passages for e in (c.start, c.end)),
        len(text),
    ]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def report(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return how well the shipped tables count and time the beats of the given scripts."""
    standardiser = RuleStandardiser()
    scripts = [standardiser.standardise(row["prompt"]) for row in rows]
    counted = np.array([len(script.beats) for script in scripts])
    true = np.array([len(row["beats"]) for row in rows])
    same = [(s, r) for s, r in zip(scripts, rows, strict=True) if len(s.beats) == len(r["beats"])]
    pairs = [(b, t) for s, r in same for b, t in zip(s.beats, r["beats"], strict=True)]
    moves = np.array([(b.transition_s, t["transition_s"]) for b, t in pairs])
    holds = np.array([(b.hold_s, t["hold_s"]) for b, t in pairs])
    return {
        "scripts": float(len(rows)),
        "count exact": float(np.mean(counted == true)),
        "count exact, always two": float(np.mean(true == 2)),
        "count within one": float(np.mean(abs(counted - true) <= 1)),
        "count within one, always two": float(np.mean(abs(true - 2) <= 1)),
        "transition error, log": _error(moves),
        "transition error, log, one median": _error(moves, constant=True),
        "hold error, log": _error(holds),
        "hold error, log, one median": _error(holds, constant=True),
        "has emotion": float(np.mean([bool(s.emotion) for s in scripts])),
        "has background": float(np.mean([bool(s.background) for s in scripts])),
    }


def _error(pairs: Numbers, *, constant: bool = False) -> float:
    """Return the mean absolute log ratio of guessed to true seconds."""
    true = np.maximum(pairs[:, 1], 0.05)
    guess = np.full_like(true, np.median(true)) if constant else np.maximum(pairs[:, 0], 0.05)
    return float(np.mean(abs(np.log(guess / true))))


def _write(name: str, content: Mapping[str, Any]) -> None:
    path = Path(asset("standardise")) / f"{name}.json"
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Fit and write unless `--check` is given; log the report of the held-out quarter."""
    from generator.standardise.tables import table

    if "--check" not in arguments:
        rows = corpus(held_out=False)
        _write("count", {"weights": fit_count(rows), "made_by": "generator.standardise.fit"})
        table.cache_clear()
        _write("timing", fit_timing(rows) | {"made_by": "generator.standardise.fit"})
        table.cache_clear()
    for name, value in report(corpus(held_out=True)).items():
        log.info("%-36s %8.3f", name, value)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    main(sys.argv[1:])
