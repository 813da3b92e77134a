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
    try:
        status = subprocess.run([*command, name], check=False).returncode
        result = Path(name).read_text(encoding="utf-8-sig")  # some editors mark UTF-8
    except (OSError, UnicodeDecodeError) as exc:
        raise BridgeError(
            f"Editing with {command[0]} failed: {exc}.",
            f"Set EDITOR to an editor of UTF-8 text; yours is kept in {name}.",
        ) from exc
    if status != 0:
        raise BridgeError(
            f"The editor {command[0]} ended with status {status}.", f"Your text is kept in {name}."
        )
    Path(name).unlink()
    return result


def _editor() -> list[str]:
    for variable in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(variable, ""), posix=sys.platform != "win32")
        except ValueError as exc:
            raise BridgeError(
                f"{variable} is no command: {exc}.", "Set it to your editor."
            ) from exc
        if sys.platform == "win32":
            words = [word.strip('"') for word in words]  # shlex leaves them on there
        if words:
            return words
    for name in _FALLBACKS:
        if found := shutil.which(name):
            return [found]
    raise BridgeError("No editor was found.", "Set the environment variable EDITOR to yours.")
