"""Where settings live, and files there that survive crashes, other processes and damage.

A settings file is JSON with its schema and version. It is written whole (to a temporary file, then
renamed) while a lock file keeps other processes out, so a reader sees the old or the new one. A
damaged file is set aside under another name and started anew, never overwritten.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import NewerSettingsError, SettingsError
from livelink.channels import CsvConvention

_LOG = logging.getLogger(__name__)

CONFIG_VARIABLE = "FACEWRIGHT_CONFIG_DIR"
DATA_VARIABLE = "FACEWRIGHT_DATA_DIR"

MAX_FILE_BYTES = 16 * 2**20


def config_dir() -> Path:
    """Return the folder of settings: FACEWRIGHT_CONFIG_DIR, or where the platform keeps them."""
    return _folder(CONFIG_VARIABLE, "user_config_path")


def data_dir() -> Path:
    """Return the folder of takes, models and logs: FACEWRIGHT_DATA_DIR, or the platform's."""
    return _folder(DATA_VARIABLE, "user_data_path")


def _folder(variable: str, platform_folder: str) -> Path:
    named = os.environ.get(variable, "").strip()
    if named:
        return Path(named).expanduser()
    import platformdirs

    path: Path = getattr(platformdirs, platform_folder)("facewright", appauthor=False)
    return path


class JsonStore:
    """One JSON file of a known kind. Any thread, any number of processes."""

    def __init__(self, path: Path, kind: str, version: int = 1) -> None:
        """Name the file; nothing is read or made yet.

        Args:
            path: The file.
            kind: What it holds; `facewright.<kind>/<version>` is its schema.
            version: The version this Facewright writes and reads.
        """
        self.path = path
        self._kind = kind
        self._version = version

    def read(self) -> dict[str, Any]:
        """Return the content without its schema; {} when there is no file yet.

        Raises:
            NewerSettingsError: Written by a later Facewright.
            SettingsError: The file cannot be read or, being damaged, not be set aside.
        """
        with _sentences(self.path):
            if not self.path.exists():
                return {}
            content = self._parsed()
            if content is not None:
                return content
            with self._locked():  # another process may have repaired it meanwhile
                return self._sound_or_set_aside()

    def update(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Read, let `change` edit the content in place, write it and return it.

        No other process comes in between. Nothing is written when nothing changed.

        Raises:
            NewerSettingsError: Written by a later Facewright; it is left alone.
            SettingsError: The folder cannot be written to.
        """
        with _sentences(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._locked():
                content = self._sound_or_set_aside()
                before = json.dumps(content)
                change(content)
                if json.dumps(content) != before:
                    self._write(content)
                return content

    def _sound_or_set_aside(self) -> dict[str, Any]:
        content = self._parsed() if self.path.exists() else {}
        if content is not None:
            return content
        aside = self.path.with_name(f"{self.path.stem}.damaged-{secrets.token_hex(3)}.json")
        self.path.replace(aside)
        _LOG.warning("%s was damaged; it is kept as %s and started anew", self.path, aside.name)
        return {}

    def _parsed(self) -> dict[str, Any] | None:
        """Return the content, or None when it is damaged."""
        with self.path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
        if len(raw) > MAX_FILE_BYTES:
            return None
        try:
            content = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return None
        schema = content.pop("schema", None) if isinstance(content, dict) else None
        name, _, number = schema.partition("/") if isinstance(schema, str) else ("", "", "")
        if name != f"facewright.{self._kind}" or not number.isdecimal() or len(number) > 6:
            return None
        if int(number) > self._version:
            raise NewerSettingsError(
                f"{self.path} was written by a later Facewright.",
                f"Install the later one, or set {CONFIG_VARIABLE} to another folder.",
            )
        return dict(content)

    def _write(self, content: Mapping[str, Any]) -> None:
        schema = f"facewright.{self._kind}/{self._version}"
        text = json.dumps({"schema": schema, **content}, indent=2) + "\n"
        part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("x", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        finally:
            part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes and threads out; the system frees the lock when a holder dies."""
        with self.path.with_name(f".{self.path.name}.lock").open("a+b") as file:
            _lock(file.fileno())
            try:
                yield
            finally:
                _unlock(file.fileno())


@contextlib.contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Turn the system's errors into ones that say what to do."""
    try:
        yield
    except SettingsError:
        raise
    except OSError as exc:
        raise SettingsError(
            f"{path} cannot be read or written: {exc.strerror or exc}.",
            f"Make the folder writable, or set {CONFIG_VARIABLE} to another one.",
        ) from exc


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # tries for 10 s

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user set once for all.

    Attributes:
        targets: Where to send, "host:port" each.
        subject: The subject name performances are sent under.
        csv_convention: How jaw and mouth pairs of CSV takes are read (see livelink.channels).
    """

    targets: tuple[str, ...] = ("127.0.0.1:11111",)
    subject: str = "Facewright"
    csv_convention: CsvConvention = CsvConvention.MEASURED


def load_settings() -> Settings:
    """Return the settings; what is missing or out of form has its default, with a note in the log.

    Raises:
        SettingsError: As `JsonStore.read`.
    """
    content = _store().read()
    usual = Settings()
    targets, subject = content.get("targets"), content.get("subject")
    known = {convention.value: convention for convention in CsvConvention}
    convention = content.get("csv_convention", usual.csv_convention.value)
    if targets is not None and not _is_texts(targets):
        _LOG.warning("The settings' targets are no list of texts; the default is used")
        targets = None
    if subject is not None and not (isinstance(subject, str) and subject.strip()):
        _LOG.warning("The settings' subject is no name; the default is used")
        subject = None
    if not isinstance(convention, str) or convention not in known:
        _LOG.warning("The settings' csv_convention is unknown; the default is used")
        convention = usual.csv_convention.value
    return Settings(
        tuple(targets) if targets else usual.targets, subject or usual.subject, known[convention]
    )


def save_settings(settings: Settings) -> None:
    """Keep the settings; what this Facewright does not know in the file stays there.

    Raises:
        SettingsError: As `JsonStore.update`.
    """
    _store().update(
        lambda content: content.update(
            targets=list(settings.targets),
            subject=settings.subject,
            csv_convention=settings.csv_convention.value,
        )
    )


def _store() -> JsonStore:
    return JsonStore(config_dir() / "settings.json", "settings")


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
