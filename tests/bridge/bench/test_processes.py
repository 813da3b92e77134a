from __future__ import annotations

import os
import subprocess
import sys

from bridge.bench.processes import command as words_of
from bridge.bench.processes import environment, peak_tree_mb, tree_rss_mb


def test_the_program_runs_from_anywhere(tmp_path) -> None:  # type: ignore[no-untyped-def]
    ended = subprocess.run(
        words_of("--version"),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.startswith("facewright ")


def test_memory_counts_the_whole_tree() -> None:
    code = "import subprocess, sys; b = bytes(range(256)) * 80_000\n"
    child = f"{code}sys.stdin.read()"
    parent = f"{code}subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE) as process:
        peak = 0.0
        while peak < 40.0:  # two processes of 20 MB and more; the timeout of the suite ends it
            peak = max(peak, tree_rss_mb(process.pid))
        assert process.stdin is not None
        process.stdin.close()
    assert peak_tree_mb(process) == 0.0


def test_memory_of_nobody_is_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    assert tree_rss_mb(process.pid) == 0.0
    assert tree_rss_mb(os.getpid()) > 5.0
