"""Let the user edit a text in their own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bridge.errors import BridgeError

_FALLBACKS = ("notepad",) if sys.platform == "win32" else ("nano", "vi")


def edited(text: str, *, suffix: str) -> str:
    """Open the text in the editor of VISUAL or EDITOR and return it as it was saved.

    Args:
        text: What to edit.
        suffix: Ending of the temporary file's name, e.g. ".json".

    Raises:
        BridgeError: No editor was found, or it failed; the edit is kept and the message says where.
    """
    command = _editor()
    handle, name = tempfile.mkstemp(prefix="facewright-", suffix=suffix)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    status = subprocess.run([*command, name], check=False).returncode
    if status != 0:
        raise BridgeError(
            f"The editor {command[0]} ended with status {status}.", f"Your text is kept in {name}."
        )
    result = Path(name).read_text(encoding="utf-8")
    Path(name).unlink()
    return result


def _editor() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        if words := shlex.split(os.environ.get(variable, ""), posix=sys.platform != "win32"):
            return words
    for name in _FALLBACKS:
        if found := shutil.which(name):
            return [found]
    raise BridgeError("No editor was found.", "Set the environment variable EDITOR to yours.")
