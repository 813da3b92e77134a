from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PyQt6.QtGui import QImage


def test_a_picture_of_the_window_is_made(tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    root = Path(__file__).resolve().parents[2]
    words = ("--empty", "--size", "1100x720", "--theme", "light", "--model", "lexical")
    ended = subprocess.run(
        [sys.executable, "-m", "ui.screenshot", str(out), *words],
        cwd=root,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stderr == ""
    assert ended.returncode == 0
    image = QImage(str(out))
    assert (image.width(), image.height()) == (1100, 720)
    assert image.pixelColor(5, 400).lightness() > 200
