from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.application import application, run
from ui.theme import DARK, colors_of

_SIGINT = """
import os, signal, sys
from PyQt6.QtCore import QTimer
import ui.window
begin = ui.window.Window._begin
def interrupted(window):
    begin(window)
    QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGINT))
ui.window.Window._begin = interrupted
from ui.launch import main
sys.exit(main(sys.argv[1:]))
"""


def test_the_application_is_dressed(qtbot: QtBot) -> None:
    app = application()
    assert app is QApplication.instance()
    assert colors_of(app.palette()) is DARK
    assert "$" not in app.styleSheet()


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--help"])
    assert ended.value.code == 0
    assert "facewright app letter.json" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process")
@pytest.mark.parametrize("words", [[], ["app", "--model", "lexical", "nothing.json"]])
def test_control_c_closes_the_window_and_leaves_nothing(words: list[str], tmp_path: Path) -> None:
    assert signal.SIGINT
    ended = subprocess.run(
        [sys.executable, "-c", _SIGINT, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stderr == ""
