"""The word tables and fitted numbers of assets/standardise, read once."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

from assets import asset


@functools.cache
def table(name: str) -> dict[str, Any]:
    """Return the object of `assets/standardise/<name>.json`.

    Raises:
        FileNotFoundError: The installation is damaged.
    """
    text = asset("standardise", f"{name}.json").read_text(encoding="utf-8")
    loaded = json.loads(text)
    assert isinstance(loaded, dict), f"assets/standardise/{name}.json is not an object"
    return loaded


@functools.cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a compiled pattern: the large ones are compiled at their first use, not on import."""
    return re.compile(pattern, flags)


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return one word set of `words.json`, e.g. `words("verbs")`."""
    return frozenset(table("words")[name].split())
