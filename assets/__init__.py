"""Data we ship, found by name. Imports nothing of ours."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def asset(*parts: str) -> Path:
    """Return the path of a shipped file or folder, e.g. `asset("schemas", "script-1.json")`.

    Raises:
        FileNotFoundError: Nothing of that name is shipped; the installation is damaged.
    """
    path = Path(str(files(__name__))).joinpath(*parts)
    if not path.exists():
        name = "/".join(parts)
        raise FileNotFoundError(
            f"asset {name} is missing from {path.parent}; install facewright again"
        )
    return path
