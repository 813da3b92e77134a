"""What happened, told to whoever looks: logic says it here, a window shows it. GUI thread only.

Nothing here opens a dialog. Questions that need an answer are in `ui.questions`.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from PyQt6.QtCore import QObject, pyqtSignal

_LOG = logging.getLogger("facewright")


class Level(enum.Enum):
    """How much a message matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for the user.

    Attributes:
        level: How much it matters.
        text: What happened, where, and what to do.
    """

    level: Level
    text: str


class Notifier(QObject):
    """Passes messages on.

    Signals:
        said: A message is there to be shown.
    """

    said = pyqtSignal(object)

    def info(self, text: str) -> None:
        """Say that something was done."""
        self._say(Level.INFO, text)

    def warning(self, text: str) -> None:
        """Say that something is not as asked, while the work goes on."""
        self._say(Level.WARNING, text)

    def error(self, error: Exception | str) -> None:
        """Say that something failed, and what to do."""
        self._say(Level.ERROR, in_words(error) if isinstance(error, Exception) else error)

    def all(self, level: Level, texts: Iterable[str]) -> None:
        """Say several things."""
        for text in texts:
            self._say(level, text)

    def _say(self, level: Level, text: str) -> None:
        _LOG.info("%s: %s", level.value, text)
        self.said.emit(Message(level, text))


def in_words(error: Exception) -> str:
    """Return one sentence for an error; ours have one, others get their kind in front."""
    if type(error).__module__.split(".")[0] in ("bridge", "generator", "livelink"):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}."
    return f"Something went wrong inside: {type(error).__name__}: {error}"
