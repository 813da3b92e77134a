"""What holds for every test: nobody's settings are touched, nothing leaks, warnings are expected.

A test that means to cause a warning wraps the cause in `caplog.at_level(logging.WARNING)` (or
ERROR): a record of exactly that level is then expected.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import threading
import time
from collections.abc import Iterator

import numpy as np
import psutil
import pytest
from hypothesis import settings as hypothesis_settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

hypothesis_settings.register_profile("facewright", deadline=None, max_examples=60)
hypothesis_settings.load_profile("facewright")

_LEAVE_S = 5.0  # how long what a test started may take to be gone
_SELF = psutil.Process()
_HOMES = itertools.count()


class _Unexpected(logging.Handler):
    """Collects records of WARNING and above that no `caplog.at_level` asked for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        asked = (logging.getLogger(record.name).level, logging.getLogger().level)
        if record.levelno not in asked:
            where = f"{record.pathname}:{record.lineno}"
            self.records.append(
                f"{record.levelname} {record.name} ({where}): {record.getMessage()}"
            )


@pytest.fixture(scope="session", autouse=True)
def _quiet_root() -> Iterator[None]:
    """Keep the root logger off WARNING, so that `at_level(WARNING)` is recognisable."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.INFO)
    yield
    root.setLevel(before)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point settings and data into a folder of this test alone; it is made when it is used."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_HOMES))
    monkeypatch.setenv("FACEWRIGHT_CONFIG_DIR", str(home / "config"))
    monkeypatch.setenv("FACEWRIGHT_DATA_DIR", str(home / "data"))


@pytest.fixture(autouse=True)
def _expected_warnings() -> Iterator[None]:
    handler = _Unexpected()
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if handler.records:
        pytest.fail("unexpected warnings were logged:\n" + "\n".join(handler.records))


@pytest.fixture(autouse=True)
def _no_leaks() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process behind.

    What fixtures of a wider scope started before it, a shared worker for instance, may stay.
    """
    threads, children = set(threading.enumerate()), _children()
    folder = os.getcwd()  # noqa: PTH109 - compared, not used
    yield
    left = _leavers(threads, children)
    if os.getcwd() != folder:  # noqa: PTH109
        os.chdir(folder)
        left.append("a changed working directory")
    if left:
        pytest.fail("the test left behind: " + ", ".join(left))


def _children() -> set[psutil.Process]:
    return set(_SELF.children(recursive=True))


def _leavers(threads: set[threading.Thread], children: set[psutil.Process]) -> list[str]:
    deadline = time.monotonic() + _LEAVE_S
    for thread in set(threading.enumerate()) - threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
    left = [f"thread {thread.name}" for thread in set(threading.enumerate()) - threads]
    fresh = _children() - children
    _, alive = (
        psutil.wait_procs(fresh, max(deadline - time.monotonic(), 0.0)) if fresh else ((), ())
    )
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.append(f"process {process.pid} {' '.join(process.cmdline()[:6])}")
            process.kill()
    return left


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers that are the same in every run."""
    return np.random.default_rng(20251121)
