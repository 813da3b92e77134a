"""`facewright` without a verb, and `facewright app [FILE]`: the window and its event loop."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from ui import theme
from ui.preferences import Preferences

_SWITCH_S = 0.0005
"""How long a Python thread may keep the others waiting: the sender's is due every 16.7 ms."""

_LOOK_MS = 200  # how often Python gets a chance to see Ctrl-C


def run(arguments: list[str]) -> int:
    """Open the window and return the exit status when it is closed.

    Args:
        arguments: The words behind `app`: at most a file to open.
    """
    options = _parser().parse_args(arguments)
    sys.setswitchinterval(_SWITCH_S)
    app = application()
    from ui.window import Window

    window = Window(model=options.model)
    if options.file is not None:
        window.open_at_start(options.file)
    window.show()
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    look = QTimer()
    look.setObjectName("look-for-signals")
    look.timeout.connect(lambda: None)
    look.start(_LOOK_MS)
    app.aboutToQuit.connect(window.close_down)
    try:
        return app.exec()
    finally:
        look.stop()
        window.close_down()


def application() -> QApplication:
    """Return the application, dressed as the user likes it."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["facewright"])
    app.setApplicationName("Facewright")
    app.setDesktopFileName("facewright")
    theme.apply(app, Preferences.load().now.theme)
    return app


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="facewright app",
        description="Open the window.",
        epilog="Example: facewright app letter.json",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, help="a performance, a script or a take to open"
    )
    parser.add_argument(
        "--model", default="auto", help="keyframe model: auto, compact or lexical (default auto)"
    )
    return parser
