"""Make a picture of the window, with a performance of the program's own.

    xvfb-run -a python -m ui.screenshot OUT.png [--size 1280x800] [--theme dark] [--model auto]

Without a display: QT_QPA_PLATFORM=offscreen. The settings of whoever runs it are not touched.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QCoreApplication

from livelink.packet import DEFAULT_PORT

if TYPE_CHECKING:
    from ui.window import Window

_PATIENCE_S = 240.0
_PROMPT = "She reads the letter, fights back tears, then forces a smile."


def main(arguments: list[str] | None = None) -> int:
    """Perform a prompt in a real window, wait for it, and save what it looks like."""
    options = _parser().parse_args(arguments)
    width, height = (int(part) for part in options.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FACEWRIGHT_CONFIG_DIR"] = folder
        from ui import theme
        from ui.application import application
        from ui.window import Window

        app = application()
        theme.apply(app, options.theme)
        window = Window(model=options.model)
        try:
            window.resize(width, height)
            window.show()
            if not options.empty:
                _perform(window, options.prompt)
            _wait(lambda: window.stage.head.is_sharp)
            if not window.grab().save(str(options.out)):
                sys.stderr.write(f"{options.out} cannot be written.\n")
                return 1
        finally:
            window.document.undo.setClean()
            window.close()
    return 0


def _perform(window: Window, prompt: str) -> None:
    """Type a prompt, perform it to a socket of ours, and show the third keyframe."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as somebody:
        with contextlib.suppress(OSError):  # Unreal, or a monitor, listens there: as well
            somebody.bind(("127.0.0.1", DEFAULT_PORT))
        _performed(window, prompt)


def _performed(window: Window, prompt: str) -> None:
    stage, player = window.stage, window.player
    window.prompt.box.setPlainText(prompt)
    window.prompt.perform_button.click()
    _wait(lambda: stage.reel is not None and player.is_active)
    reel = stage.reel
    assert reel is not None  # noqa: S101 - waited for
    _wait(lambda: stage.timeline.time_s > reel.marks[0].time_s)
    player.stop()
    _wait(lambda: not player.is_active)
    stage.scrub_to_beat(min(2, len(reel.marks) - 1))


def _wait(until: Callable[[], bool]) -> None:
    """Let the window live until something is so.

    Raises:
        TimeoutError: It does not come to be.
    """
    end_s = time.monotonic() + _PATIENCE_S
    rest_s = None
    while rest_s is None or time.monotonic() < rest_s:
        QCoreApplication.processEvents()
        time.sleep(0.005)
        if rest_s is None and until():
            rest_s = time.monotonic() + 0.7  # what follows from it is drawn too
        if time.monotonic() > end_s:
            raise TimeoutError("the window did not get there; see its log")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ui.screenshot")
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--model", default="auto")
    parser.add_argument("--prompt", default=_PROMPT)
    parser.add_argument("--empty", action="store_true", help="the window as it starts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
