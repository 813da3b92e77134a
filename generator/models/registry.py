"""Models and standardisers by name; what a name needs is imported when it is asked for.

Only the worker process calls this: making a model may load torch.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TypeVar

from assets import asset
from generator.errors import MissingModelError, UnknownModelError
from generator.models.protocols import KeyframeModel, Standardiser

AUTO = "auto"
"""The compact model where all it needs is there, else the lexical one with a note."""

_Made = TypeVar("_Made")

_INSTALL = "Install Facewright again: pip install --force-reinstall facewright."


def keyframe_model(name: str) -> KeyframeModel:
    """Return the keyframe model of a name, loaded.

    Its `note` says what the user should know of the choice ("" for nothing).

    Raises:
        UnknownModelError: No model has that name.
        ModelError: It cannot be loaded.
    """
    return _named(name, _MODELS, "model")()


def standardiser(name: str) -> Standardiser:
    """Return the standardiser of a name, loaded; errors as `keyframe_model`."""
    return _named(name, _STANDARDISERS, "standardiser")()


def known_models() -> tuple[str, ...]:
    """Return the names that `keyframe_model` knows, the default first."""
    return tuple(_MODELS)


def known_standardisers() -> tuple[str, ...]:
    """Return the names that `standardiser` knows, the default first."""
    return tuple(_STANDARDISERS)


def _named(name: str, table: Mapping[str, Callable[[], _Made]], what: str) -> Callable[[], _Made]:
    if name not in table:
        raise UnknownModelError(f"There is no {what} {name[:60]!r}.", f"Known: {', '.join(table)}.")
    return table[name]


def _lexical(note: str = "") -> KeyframeModel:
    from generator.models.lexical import LexicalModel

    return LexicalModel.load(note=note)


def _compact() -> KeyframeModel:
    try:
        asset("models", "compact", "card.json")
        asset("models", "compact", "weights.safetensors")
    except FileNotFoundError as exc:
        raise MissingModelError("The compact model's weights are missing.", _INSTALL) from exc
    try:
        module = importlib.import_module("generator.compact.model")
        model: KeyframeModel = module.CompactModel.load()
    except ImportError as exc:
        raise MissingModelError(f"The compact model cannot run: {exc}.", _INSTALL) from exc
    return model


def _auto() -> KeyframeModel:
    """Fall back where something is missing; what is damaged is an error, not a reason to guess."""
    try:
        return _compact()
    except MissingModelError as exc:
        note = f"{exc.message} The lexical model performs instead; it understands less."
        return _lexical(note)


def _rules() -> Standardiser:
    made: Standardiser = importlib.import_module("generator.standardise").RuleStandardiser()
    return made


_MODELS: Mapping[str, Callable[[], KeyframeModel]] = {
    AUTO: _auto,
    "compact": _compact,
    "lexical": _lexical,
}
_STANDARDISERS: Mapping[str, Callable[[], Standardiser]] = {"rules": _rules}
