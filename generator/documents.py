"""Versioned JSON documents: parse, check against the shipped schema, upgrade or refuse. Pure.

A document names its kind and version as `facewright.<kind>/<version>` in `schema`. A later version
is refused with what to do; an earlier one is upgraded step by step through `_UPGRADES`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from assets import asset
from generator.errors import DocumentError, NewerDocumentError

_SCHEMA_NAME = re.compile(r"facewright\.([a-z]+)/(\d{1,4})")

_MAX_DIGITS = 20
"""Of a whole number: enough for any seed, and never beyond what a float can hold."""

_UPGRADES: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(kind, version) -> the function that makes a document of the next version. None needed yet."""


def text_of(text: str) -> dict[str, Any]:
    """Return the JSON object of a text.

    Raises:
        DocumentError: Not JSON, not an object, or numbers beyond the finite.
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant, parse_int=_whole)
    except RecursionError as exc:
        raise DocumentError("The file is nested too deeply to be one of ours.") from exc
    except ValueError as exc:
        raise DocumentError(f"The file is not valid JSON: {exc}.") from exc
    if not isinstance(document, dict):
        raise DocumentError("The file is JSON, but not an object.")
    return document


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a face can have")


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"{digits[:_MAX_DIGITS]}... is too long a number")
    return int(digits)


def checked(document: Mapping[str, Any], schema: str) -> dict[str, Any]:
    """Return the document in the current version, checked field by field.

    Args:
        document: A parsed JSON object.
        schema: The kind and version wanted, e.g. "facewright.script/1".

    Raises:
        NewerDocumentError: A version later than `schema`.
        DocumentError: Another kind of document, or a field out of form.
    """
    kind, current = _parse(schema)
    named = document.get("schema")
    match = _SCHEMA_NAME.fullmatch(named) if isinstance(named, str) else None
    if match is None or match[1] != kind:
        found = "no schema" if named is None else f"schema {named!r}"
        raise DocumentError(f"This is not a Facewright {kind}: it has {found}.")
    version, data = int(match[2]), dict(document)
    if version > current:
        raise NewerDocumentError(
            f"This {kind} has version {version}; this Facewright knows up to {current}.",
            "Update Facewright to open it: pip install -U facewright.",
        )
    while version < current:
        if (kind, version) not in _UPGRADES:
            raise DocumentError(f"Version {version} of a {kind} was never published.")
        data = _UPGRADES[kind, version](data)
        version += 1
    _validate(data, kind, current)
    return data


def _parse(schema: str) -> tuple[str, int]:
    match = _SCHEMA_NAME.fullmatch(schema)
    assert match is not None, f"{schema!r} is not a schema name"
    return match[1], int(match[2])


def _validate(data: dict[str, Any], kind: str, version: int) -> None:
    from jsonschema.exceptions import best_match  # late: 0.1 s that `monitor` need not pay

    error = best_match(_validator(kind, version).iter_errors(data))
    if error is not None:
        where = "/".join(str(part) for part in error.absolute_path) or "the document"
        raise DocumentError(f"{where}: {error.message[:300]}.")


@functools.cache
def _validator(kind: str, version: int) -> Any:
    from jsonschema import Draft202012Validator, validators

    # By the book 1.0 is an integer too; here it would be taken for an index.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole)
    strict = validators.extend(Draft202012Validator, type_checker=types)
    text = asset("schemas", f"{kind}-{version}.json").read_text(encoding="utf-8")
    return strict(json.loads(text))


def _is_whole(_checker: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
