"""What the window remembers between two starts: recent files, prompts, geometry. No widgets.

Kept in window.json beside the other settings. Where nothing can be kept, the window works all the
same and starts fresh the next time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bridge.errors import SettingsError
from bridge.settings import JsonStore, config_dir

_LOG = logging.getLogger(__name__)

MAX_RECENT = 10
MAX_PROMPTS = 100

_LONGEST_PROMPT = 4000


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept.

    Attributes:
        recent: Paths of documents, the latest first.
        prompts: What was typed, the latest first.
        geometry: Qt's own form of the window's place, in base64, or "".
        layout: Likewise of the splitter.
        theme: "system", "dark" or "light".
    """

    recent: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    geometry: str = ""
    layout: str = ""
    theme: str = "system"


@dataclass(slots=True)
class Preferences:
    """Reads once, writes what changed. Any failure is logged once and never raised.

    Attributes:
        now: What is remembered.
    """

    now: Remembered = field(default_factory=Remembered)
    _usable: bool = True

    @classmethod
    def load(cls) -> Preferences:
        """Return what was kept; what is out of form is dropped."""
        try:
            content = _store().read()
        except SettingsError as exc:
            _LOG.info("the window's settings are not used: %s", exc)
            return cls(Remembered(), _usable=False)
        return cls(_sound(content))

    def add_recent(self, path: Path) -> None:
        """Put a document in front."""
        name = str(path.absolute())
        rest = tuple(item for item in self.now.recent if item != name)
        self.keep(recent=(name, *rest)[:MAX_RECENT])

    def drop_recent(self, path: Path) -> None:
        """Forget a document that is gone."""
        name = str(path.absolute())
        self.keep(recent=tuple(item for item in self.now.recent if item != name))

    def add_prompt(self, prompt: str) -> None:
        """Put a prompt in front."""
        prompt = prompt.strip()[:_LONGEST_PROMPT]
        if prompt:
            rest = tuple(item for item in self.now.prompts if item != prompt)
            self.keep(prompts=(prompt, *rest)[:MAX_PROMPTS])

    def keep(self, **changes: Any) -> None:
        """Change fields of `now` and write them."""
        self.now = replace(self.now, **changes)
        if not self._usable:
            return
        kept = {name: _plain(value) for name, value in changes.items()}
        try:
            _store().update(lambda content: content.update(kept))
        except SettingsError as exc:
            self._usable = False
            _LOG.info("the window's settings are not kept: %s", exc)


def _store() -> JsonStore:
    return JsonStore(config_dir() / "window.json", "window")


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _sound(content: dict[str, Any]) -> Remembered:
    usual = Remembered()
    theme = content.get("theme")
    return Remembered(
        recent=_texts(content.get("recent"))[:MAX_RECENT],
        prompts=_texts(content.get("prompts"))[:MAX_PROMPTS],
        geometry=_text(content.get("geometry")),
        layout=_text(content.get("layout")),
        theme=theme if theme in ("system", "dark", "light") else usual.theme,
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str) and v) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
