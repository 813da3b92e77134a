"""What the worker does for each request: the models kept loaded, and the ops over them.

Runs on the worker's main thread, one op at a time. Knows nothing of processes and pipes: it says
what happens through a `Port`, which also tells it when to stop.
"""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from generator.errors import ModelError, PromptError, UnknownModelError
from generator.models.protocols import KeyframeModel, Standardiser, TextChoice, reading
from generator.protocol import (
    MAX_SEED,
    EventKind,
    Op,
    ProtocolError,
    Request,
    UnsupportedError,
    pack_values,
    unpack_values,
)
from generator.script import MAX_TEXT, Beat, Script
from livelink.errors import FrameError
from livelink.frame import Values, as_values

if TYPE_CHECKING:
    from generator.evaluation.texts import Text

_log = logging.getLogger(__name__)

TRAINABLE = ("lexical", "compact")
"""Models that `train` can make; each has a module of its name in `generator.training`."""

_WARM_UP = Script("", "", "", (Beat("A small smile.", "Both mouth corners lift slightly."),))


class Port(Protocol):
    """The way of one request back to its client."""

    def emit(self, kind: EventKind, **fields: Any) -> None:
        """Send an event of the request."""
        ...

    def check(self) -> None:
        """Return at once, or raise.

        Raises:
            CancelledError: The client has cancelled the request.
        """
        ...


class Registry(Protocol):
    """Where models come from by name; `generator.models.registry` is one."""

    def keyframe_model(self, name: str) -> KeyframeModel:
        """Return the model of a name, loading what it needs."""
        ...

    def standardiser(self, name: str) -> Standardiser:
        """Return the standardiser of a name, loading what it needs."""
        ...


class Tasks:
    """The ops, with the models that have been loaded so far.

    Args:
        registry: Where models come from; `generator.models.registry` unless a test brings its own.
    """

    def __init__(self, registry: Registry | None = None) -> None:
        self._registry = registry
        self._models: dict[str, KeyframeModel] = {}
        self._standardisers: dict[str, Standardiser] = {}
        self._ops = {
            Op.LOAD: self._load,
            Op.STANDARDISE: self._standardise,
            Op.KEYFRAMES: self._keyframes,
            Op.TRAIN: self._train,
            Op.EVALUATE: self._evaluate,
            Op.DESCRIBE: self._describe,
        }

    def run(self, request: Request, port: Port) -> Mapping[str, Any]:
        """Do what a request asks for and return the fields of its result.

        Raises:
            CancelledError: The client has cancelled it.
            GeneratorError: It cannot be done; the message says why.
        """
        if request.op not in self._ops:
            raise ProtocolError(f"{request.op} is not a task.")
        return self._ops[request.op](request.fields, port)

    def _source(self) -> Registry:
        if self._registry is None:
            from generator.models import registry

            self._registry = registry
        return self._registry

    def _model(self, name: str) -> KeyframeModel:
        if name not in self._models:
            self._models[name] = self._source().keyframe_model(name)
        return self._models[name]

    def _standardiser(self, name: str) -> Standardiser:
        if name not in self._standardisers:
            self._standardisers[name] = self._source().standardiser(name)
        return self._standardisers[name]

    def _load(self, fields: Mapping[str, Any], port: Port) -> Mapping[str, Any]:
        started = time.perf_counter()
        standardiser = self._standardiser(fields["standardiser"])
        port.check()
        model = self._model(fields["model"])
        port.check()
        Script.from_json(_WARM_UP.to_json())  # the first validation loads the validator
        model.keyframe(_WARM_UP, 0)
        return {
            "model": model.name,
            "adapter_hash": model.fingerprint,
            "standardiser": standardiser.name,
            "seconds": round(time.perf_counter() - started, 4),
            "note": _note(model),
        }

    def _standardise(self, fields: Mapping[str, Any], port: Port) -> Mapping[str, Any]:
        prompt = fields["prompt"]
        if len(prompt) > MAX_TEXT:
            raise PromptError(
                f"The prompt has {len(prompt)} characters; {MAX_TEXT} are the limit.",
                "Shorten it, or split it into several prompts.",
            )
        standardiser = self._standardiser(fields["model"])
        port.check()
        script = standardiser.standardise(prompt)
        port.check()
        note = _note(standardiser) or f"Script by the standardiser {standardiser.name!r}."
        port.emit(EventKind.SCRIPT, script=script.to_json(), note=note)
        return {"standardiser": standardiser.name, "beats": len(script.beats)}

    def _keyframes(self, fields: Mapping[str, Any], port: Port) -> Mapping[str, Any]:
        script = Script.from_json(fields["script"])
        indices = _indices(fields["indices"], len(script.beats))
        choice, seed = _choice(fields["text"]), _seed(fields["seed"])
        model = self._model(fields["model"])
        fell_back, started = 0, time.perf_counter()
        for done, index in enumerate(indices, 1):
            port.check()
            read = reading(script, index, choice)
            values = _pose(model, script, index, choice, seed)
            port.check()
            port.emit(
                EventKind.KEYFRAME,
                index=index,
                values=pack_values(values.tolist()),
                source={
                    "model": model.name,
                    "adapter_hash": model.fingerprint,
                    "prompt_version": str(getattr(model, "prompt_version", "")),
                    "seed": seed,
                    "text": read.choice.value,
                },
                fell_back=read.fell_back,
                note=_note(model),
            )
            _progress(port, done, len(indices), started)
            fell_back += read.fell_back
        return {
            "model": model.name,
            "count": len(indices),
            "fell_back": fell_back,
            "note": _note(model),
        }

    def _train(self, fields: Mapping[str, Any], port: Port) -> Mapping[str, Any]:
        name = fields["model"]
        if name not in TRAINABLE:
            raise UnknownModelError(
                f"There is no model {name[:60]!r} to train.", f"Known: {', '.join(TRAINABLE)}."
            )
        module = _optional(f"generator.training.{name}", f"Training the {name} model")
        out, options = Path(fields["out"]), dict(fields["options"] or {})

        def report(kind: str, **event: Any) -> None:
            port.check()
            port.emit(EventKind(kind), **event)

        result: Mapping[str, Any] = module.train(out, options, report)
        return {"model": name, "out": str(out), "card": dict(result)}

    def _evaluate(self, fields: Mapping[str, Any], port: Port) -> Mapping[str, Any]:
        from generator.corpus import SPLIT_SEED, VALIDATION_SHARE, load_corpus, split
        from generator.evaluation import tables

        texts = _texts(fields["text"])
        share = VALIDATION_SHARE if fields["share"] is None else float(fields["share"])
        seed = SPLIT_SEED if fields["seed"] is None else _seed(fields["seed"])
        if not 0.0 < share < 1.0:
            raise ProtocolError(f"evaluate: share must lie between 0 and 1, not {share:g}.")
        model = self._model(fields["model"])
        standardiser = self._standardiser(fields["standardiser"])
        known, held = split(load_corpus(), seed, share)
        if not held:
            raise ProtocolError(f"evaluate: a share of {share:g} holds out no script.")
        started = time.perf_counter()

        def predict(script: Script, choice: TextChoice) -> Any:
            poses = []
            for index in range(len(script.beats)):
                port.check()
                poses.append(_pose(model, script, index, choice, 0))
            return poses

        scored = tables.evaluate(
            tables.Model(model.name, predict, standardiser.standardise),
            known,
            held,
            texts,
            baselines=fields["baselines"],
            step=lambda done, total: _progress(port, done, total, started),
        )
        return {
            "model": model.name,
            "adapter_hash": model.fingerprint,
            "note": _note(model),
            "split": {"seed": seed, "share": share, "scripts": len(held)},
            **scored,
        }

    def _describe(self, fields: Mapping[str, Any], port: Port) -> Mapping[str, Any]:
        values = as_values(unpack_values(fields["values"], complete=False))
        module = _optional("generator.describe", "Describing a face in words")
        port.check()
        return {"text": str(module.describe(values, seed=_seed(fields["seed"])))}


def _pose(
    model: KeyframeModel, script: Script, index: int, choice: TextChoice, seed: int
) -> Values:
    try:
        return as_values(model.keyframe(script, index, text=choice, seed=seed))
    except FrameError as exc:
        raise ModelError(
            f"The model {model.name!r} gave no usable pose for beat {index + 1}: {exc}.",
            "Choose another model for this script.",
        ) from exc


def _progress(port: Port, done: int, total: int, started: float) -> None:
    eta_s = (time.perf_counter() - started) / max(done, 1) * (total - done)
    port.emit(EventKind.PROGRESS, done=done, total=total, eta_s=round(eta_s, 3))


def _note(model: object) -> str:
    """Return what the user should know of a model (a fallback, say), or ""."""
    return str(getattr(model, "note", "") or "")


def _indices(given: Sequence[object] | None, beats: int) -> list[int]:
    if given is None:
        return list(range(beats))
    if len(given) > beats:
        raise ProtocolError(f"keyframes: {len(given)} indices for {beats} beats.")
    indices = [index for index in given if isinstance(index, int) and not isinstance(index, bool)]
    if len(indices) != len(given) or not all(0 <= index < beats for index in indices):
        raise ProtocolError(f"keyframes: indices must be whole numbers from 0 to {beats - 1}.")
    return indices


def _choice(text: str) -> TextChoice:
    try:
        return TextChoice(text)
    except ValueError:
        known = ", ".join(choice.value for choice in TextChoice)
        raise ProtocolError(f"There is no text choice {text[:60]!r}.", f"Known: {known}.") from None


def _texts(named: str) -> tuple[Text, ...]:
    from generator.evaluation.texts import Text

    if named == "all":
        return tuple(Text)
    try:
        return (Text(named),)
    except ValueError:
        known = ", ".join(text.value for text in Text)
        raise ProtocolError(
            f"There is no text {named[:60]!r} to evaluate.", f"Known: {known}, all."
        ) from None


def _seed(seed: int) -> int:
    if not 0 <= seed <= MAX_SEED:
        raise ProtocolError(f"A seed is 0 to {MAX_SEED}.")
    return seed


def _optional(name: str, what: str) -> ModuleType:
    """Import a module that an installation may lack.

    Raises:
        UnsupportedError: The module itself is not there; what it needs in turn is another matter.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as exc:
        if exc.name is None or not f"{name}.".startswith(f"{exc.name}."):
            raise
        raise UnsupportedError(
            f"{what} is not part of this version: the module {name} is missing.",
            "Update Facewright: pip install -U facewright.",
        ) from exc
