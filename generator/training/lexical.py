"""Train the lexical model: half a minute on two cores, the same weights every time.

    facewright train lexical --out FOLDER
    python -m generator.training.lexical FOLDER

One ridge regression over anatomical texts, director's words with their situation, the prompts of
one-beat scripts, and short plain phrases as users type them; sides by construction (see
`generator.models.ngrams`). Solved twice: the first solution says which features matter, the second
uses only those.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.compact.phrases import phrase
from generator.compact.units import to_wire
from generator.corpus import (
    SPLIT_SEED,
    VALIDATION_SHARE,
    CorpusScript,
    data_hash,
    load_corpus,
    split,
    targets,
)
from generator.errors import ModelError
from generator.models.files import (
    SPLIT_RULE,
    WEIGHTS,
    ModelCard,
    Tensors,
    now_text,
    refuse_existing,
    write_model,
)
from generator.models.lexical import NAME, LexicalModel, fold, table_tensors
from generator.models.ngrams import context_features, features
from generator.models.protocols import TextChoice, reading
from generator.scoring import score
from generator.training import ridge
from generator.training.baselines import baseline_scores

Floats = NDArray[np.float64]
Report = Callable[..., None]
"""Called as report("progress", done=, total=, eta_s=); what it raises ends the training."""

PENALTY = 0.5
ANATOMICAL_TRUST = 2.0
"""How much more an anatomical row counts: its words determine its pose almost wholly."""

GAIN = 1.1
"""Ridge shrinks towards the mean; a little of that is undone (see LOG.md)."""

LEAST = {"text": 3, "side": 2, "context": 3}
"""In how many texts a feature occurs at least."""

KEPT = {"text": 48_000, "side": 12_000, "context": 12_000}
"""How many features of each table are kept: 6 MB altogether."""

PHRASES_PER_SCRIPT = 0.6
"""How many plain phrases are drawn from `generator.compact.phrases`."""

_STEPS = 6


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is learned from: one row a text.

    Attributes:
        even, odd, context: Feature counts; the context is empty but for director's words.
        poses: (n, 61) targets.
        original: (n,) whether it is not an anatomical text.
    """

    even: list[dict[str, int]]
    odd: list[dict[str, int]]
    context: list[dict[str, int]]
    poses: Floats
    original: NDArray[np.bool_]


def train(out: Path, options: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Train, score on the held-out scripts, and write a model folder.

    Args:
        out: The folder to make; it must not exist.
        options: `seed` (of the phrases), `split_seed`, `share` (held out), `corpus` (a list of
            files instead of the shipped ones).
        report: Told progress.

    Returns:
        The card as JSON.

    Raises:
        ModelError: `out` exists, or the corpus is too small.
        DocumentError: A corpus file cannot be used.
    """
    refuse_existing(out)
    progress = _Progress(report)
    split_seed = int(options.get("split_seed", SPLIT_SEED))
    share = float(options.get("share", VALIDATION_SHARE))
    paths = [Path(path) for path in options["corpus"]] if options.get("corpus") else None
    scripts = load_corpus(paths)
    known, held = split(scripts, split_seed, share)
    if len(known) < 10:
        raise ModelError(f"{len(known)} scripts are too few to train from.", "Give 10 or more.")
    progress.step()
    seed = int(options.get("seed", 0))
    tensors = fit(known, seed, progress.step)
    card = ModelCard(
        name=NAME,
        kind="word and character n-grams with ridge regression",
        created=now_text(),
        command=f"facewright train {NAME} --out FOLDER",
        commit=_commit(),
        data_hash=data_hash(scripts),
        split={"rule": SPLIT_RULE, "seed": split_seed, "share": share},
        seed=seed,
        settings={
            "penalty": PENALTY,
            "anatomical_trust": ANATOMICAL_TRUST,
            "gain": GAIN,
            "phrases_per_script": PHRASES_PER_SCRIPT,
            "least": LEAST,
            "kept": KEPT,
        },
        scores=_scores(tensors, known, held) if held else {},
    )
    progress.step()
    return write_model(out, card, {WEIGHTS: tensors}).to_json()


def fit(
    scripts: Sequence[CorpusScript], seed: int = 0, step: Callable[[], None] = lambda: None
) -> Tensors:
    """Return the tensors of a model of the given scripts; calls `step` four times on the way."""
    rows = _rows(scripts, seed)
    step()
    vocabularies = {
        name: ridge.vocabulary(_counts(rows, name), least) for name, least in LEAST.items()
    }
    for solution in range(2):
        matrices = {
            name: ridge.matrix(_counts(rows, name), *vocabularies[name]) for name in vocabularies
        }
        weights, means = _solve(rows, matrices)
        step()
        if solution == 0:
            vocabularies = {
                name: _most_important(vocabularies[name], matrices[name], weights[name], KEPT[name])
                for name in vocabularies
            }
    tensors: Tensors = {"means": (GAIN * means).astype(np.float32)}
    for name, (index, rarity) in vocabularies.items():
        tensors |= table_tensors(name, index, rarity.astype(np.float64), GAIN * weights[name])
    step()
    return tensors


def _rows(scripts: Sequence[CorpusScript], seed: int) -> _Rows:
    rng = np.random.default_rng(seed)
    phrases = [phrase(rng) for _ in range(round(PHRASES_PER_SCRIPT * len(scripts)))]
    beats = [(script, beat) for script in scripts for beat in script.beats]
    prompts = [(script.prompt, script.beats[0]) for script in scripts if len(script.beats) == 1]
    texts = [beat.anatomical for _, beat in beats]
    texts += [beat.original for _, beat in beats]
    texts += [prompt for prompt, _ in prompts]
    texts += [text for text, _ in phrases]
    read = [features(text) for text in texts]
    situations = {
        script.id: context_features(f"{script.prompt} {script.background} {script.emotion}")
        for script in scripts
    }
    context: list[dict[str, int]] = [{}] * len(beats)
    context += [situations[script.id] for script, _ in beats]
    context += [{}] * (len(prompts) + len(phrases))
    poses = [beat.target for _, beat in beats] * 2 + [beat.target for _, beat in prompts]
    poses += list(to_wire(np.stack([values for _, values in phrases])))
    return _Rows(
        [even for even, _ in read],
        [odd for _, odd in read],
        context,
        np.stack(poses),
        np.arange(len(texts)) >= len(beats),
    )


def _counts(rows: _Rows, name: str) -> list[dict[str, int]]:
    return {"text": rows.even, "side": rows.odd, "context": rows.context}[name]


def _solve(rows: _Rows, matrices: Mapping[str, ridge.Sparse]) -> tuple[dict[str, Floats], Floats]:
    """Return the ridge weights of each table and the (2, even columns) means."""
    even, odd = fold(rows.poses)
    means = np.stack([even[~rows.original].mean(axis=0), even[rows.original].mean(axis=0)])
    penalty = np.where(rows.original, PENALTY, PENALTY / ANATOMICAL_TRUST)
    text, side, context = matrices["text"], matrices["side"], matrices["context"]
    products = ridge.add_gram(context, ridge.gram(text))
    solved = ridge.duals(products, even - means[rows.original.astype(int)], penalty)
    del products  # half a gigabyte
    sided = ridge.duals(ridge.gram(side), odd, penalty)
    return {"text": text.T @ solved, "side": side.T @ sided, "context": context.T @ solved}, means


def _most_important(
    vocabulary: tuple[dict[str, int], NDArray[np.float32]],
    matrix: ridge.Sparse,
    weights: Floats,
    kept: int,
) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return the vocabulary cut to the features that move the predictions most."""
    rows, rarity = vocabulary
    moved = (weights**2).sum(axis=1) * np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel()
    chosen = np.sort(np.argsort(-moved, kind="stable")[:kept])
    names = list(rows)
    return {names[old]: new for new, old in enumerate(chosen)}, rarity[chosen]


def _scores(
    tensors: Tensors, known: Sequence[CorpusScript], held: Sequence[CorpusScript]
) -> dict[str, Any]:
    """Return this model's and the baselines' scores, by the text that is read."""
    model = LexicalModel(ModelCard(NAME, "", "", "", "", "", {}, 0), tensors)
    truth, scores = targets(held), {}
    for choice in (TextChoice.ANATOMICAL, TextChoice.ORIGINAL):
        read = _readings(held, choice)
        texts = [item.text for item in read]
        poses = [model.pose(item) for item in read]
        scores[choice.value] = {NAME: score(poses, truth, texts).to_json()} | baseline_scores(
            [item.text for item in _readings(known, choice)], targets(known), texts, truth
        )
    return scores


def _readings(scripts: Sequence[CorpusScript], choice: TextChoice) -> list[Any]:
    return [
        reading(item.script, index, choice) for item in scripts for index in range(len(item.beats))
    ]


def _commit() -> str:
    """Return the commit of the source tree this runs from, or "" outside of one."""
    here = Path(__file__).resolve().parent
    try:
        told = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "HEAD"],  # noqa: S607  # git wherever it is
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""


class _Progress:
    """Reports each of the training's steps with an estimate of the rest."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._started = time.perf_counter()
        self._done = 0

    def step(self) -> None:
        self._done += 1
        each_s = (time.perf_counter() - self._started) / self._done
        eta_s = round(each_s * (_STEPS - self._done), 1)
        self._report("progress", done=self._done, total=_STEPS, eta_s=max(eta_s, 0.0))


def _say(kind: str, **event: object) -> None:
    sys.stderr.write(f"{kind} {event}\n")


if __name__ == "__main__":
    train(Path(sys.argv[1]), {}, _say)
