"""Files that appear under their name only when they are complete, and replace nothing unasked.

Any thread. What is written lies beside its final place until then, so that a full disk or a crash
leaves the old file as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bridge.errors import OutputError, WouldOverwriteError

_LONGEST_NAME = 100  # of the part of a name that its temporary file keeps

_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NAMELESS = _FULL | {errno.EIO}  # what writing to an open file raises, without saying to which


def refuse_overwrite(path: Path, *, overwrite: bool) -> None:
    """Raise before any work is done when `path` could not be written in the end.

    Raises:
        WouldOverwriteError: `path` exists and `overwrite` is false.
        OutputError: It is a device or a folder, or its folder is missing or not writable.
    """
    if path.exists() and not overwrite:
        raise WouldOverwriteError(path)
    if path.exists() and not path.is_file():
        raise OutputError(path, "It is a folder or a device, not a file.")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise OutputError(path, "There is no such folder.", "Make it first, or name another.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        raise _unwritable(path, exc) from exc


@contextmanager
def part_of(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield the path of a temporary file beside `path`, and put it in place when all went well.

    A link is followed: what it points to is written.

    Raises:
        WouldOverwriteError: `path` exists, or appears meanwhile, and `overwrite` is false.
        OutputError: It cannot be written, or the disk is full.
    """
    refuse_overwrite(path, overwrite=overwrite)
    final = path.resolve() if path.is_symlink() else path
    part = final.with_name(f".{final.name[:_LONGEST_NAME]}.{secrets.token_hex(4)}.part")
    try:
        yield part
        if overwrite:
            part.replace(final)
        else:
            _publish(part, final)
    except OSError as exc:
        if exc.filename == str(part) or (exc.filename is None and exc.errno in _NAMELESS):
            raise _unwritable(path, exc) from exc
        raise
    finally:
        with contextlib.suppress(OSError):  # the first error counts
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


def _unwritable(path: Path, exc: OSError) -> OutputError:
    full = exc.errno in _FULL
    hint = "Free some space there" if full else "Make it writable"
    return OutputError(path, f"{exc.strerror or exc}.", f"{hint}, or choose another folder.")
