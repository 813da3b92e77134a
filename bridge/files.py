"""Files that appear under their name only when they are complete, and replace nothing unasked.

Any thread. What is written lies beside its final place until then, so that a full disk or a crash
leaves the old file as it was.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bridge.errors import WouldOverwriteError

_LONGEST_NAME = 100  # of the part of a name that its temporary file keeps


def refuse_overwrite(path: Path, *, overwrite: bool) -> None:
    """Raise before any work is done when `path` exists and may not be replaced.

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
    """
    if path.exists() and not overwrite:
        raise WouldOverwriteError(path)


@contextmanager
def part_of(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield the path of a temporary file beside `path`, and put it in place when all went well.

    Raises:
        WouldOverwriteError: `path` exists, or appears meanwhile, and `overwrite` is false.
    """
    refuse_overwrite(path, overwrite=overwrite)
    part = path.with_name(f".{path.name[:_LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    try:
        yield part
        if overwrite:
            part.replace(path)
        else:
            _publish(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def written(path: Path, *, overwrite: bool) -> Iterator[IO[str]]:
    """Open a UTF-8 text file that appears under its name only when it is complete.

    Raises:
        WouldOverwriteError: `path` exists, or appears meanwhile, and `overwrite` is false.
    """
    with (
        part_of(path, overwrite=overwrite) as part,
        part.open("x", encoding="utf-8", newline="\n") as stream,
    ):
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def _publish(part: Path, path: Path) -> None:
    """Move into place without ever replacing a file that appeared in the meantime."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise WouldOverwriteError(path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise WouldOverwriteError(path) from None
        part.replace(path)
