"""Our own program as a process under measurement."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

PROMPT = "She reads the letter, fights back tears, then forces a smile."
ROOT = Path(__file__).resolve().parents[2]


def command(*words: str) -> list[str]:
    """Return the command line of a verb under this interpreter."""
    return [sys.executable, "-m", "ui.launch", *words]


def environment() -> dict[str, str]:
    """Return an environment in which our packages are found and settings are nobody's."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    scratch = Path(tempfile.gettempdir()) / "facewright-bench-settings"
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "FACEWRIGHT_CONFIG_DIR": str(scratch),
        "FACEWRIGHT_DATA_DIR": str(scratch),
    }


@contextmanager
def performing(port: int, *, loop: bool) -> Iterator[subprocess.Popen[bytes]]:
    """Run `facewright perform` to a local port, and end it."""
    words = ["perform", "--yes", "--target", f"127.0.0.1:{port}", PROMPT]
    process = subprocess.Popen(
        command(*words, *(["--loop"] if loop else [])),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def tree_rss_mb(pid: int) -> float:
    """Return the memory of a process and all its children in MB.

    Unique memory plus each one's share of what is shared (PSS) where the system tells it, so that
    libraries loaded twice count once; resident memory elsewhere.
    """
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            info = process.memory_full_info()
            total += getattr(info, "pss", info.rss)
    except psutil.NoSuchProcess:
        pass
    return total / 1e6


def peak_tree_mb(process: subprocess.Popen[bytes], every_s: float = 0.05) -> float:
    """Return the largest memory of a process tree until it ends."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, tree_rss_mb(process.pid))
        time.sleep(every_s)
    return peak
