from __future__ import annotations

import logging
import threading

import pytest
from pytestqt.qtbot import QtBot

from ui.tasks import Tasks


def test_work_runs_elsewhere_and_its_result_comes_here(qtbot: QtBot, tasks: Tasks) -> None:
    came: list[tuple[str, str]] = []
    tasks.run(
        "pool",
        lambda: threading.current_thread().name,
        lambda name: came.append((name, threading.current_thread().name)),
    )
    qtbot.waitUntil(lambda: len(came) == 1)
    assert came == [("ui-pool", threading.main_thread().name)]


def test_an_error_comes_here_too(qtbot: QtBot, tasks: Tasks) -> None:
    came: list[Exception] = []
    tasks.run("pool", lambda: 1 // 0, None, came.append)
    qtbot.waitUntil(lambda: len(came) == 1)
    assert isinstance(came[0], ZeroDivisionError)


def test_an_error_that_nobody_wants_is_logged(
    qtbot: QtBot, tasks: Tasks, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        tasks.run("pool", lambda: 1 // 0)
        qtbot.waitUntil(lambda: "a task failed" in caplog.text)


def test_a_pool_works_in_order_and_pools_work_beside_each_other(qtbot: QtBot, tasks: Tasks) -> None:
    done: list[str] = []
    gate = threading.Event()
    tasks.run("slow", lambda: gate.wait(10.0), lambda _: done.append("slow"))
    tasks.run("slow", lambda: None, lambda _: done.append("after it"))
    tasks.run("fast", lambda: None, lambda _: done.append("fast"))
    qtbot.waitUntil(lambda: done == ["fast"])
    gate.set()
    qtbot.waitUntil(lambda: done == ["fast", "slow", "after it"])


def test_only_the_latest_of_those_that_wait_is_done(qtbot: QtBot, tasks: Tasks) -> None:
    done: list[int] = []
    gate, begun = threading.Event(), threading.Event()

    def first() -> int:
        begun.set()
        gate.wait(10.0)
        return 0

    tasks.run_latest("pool", first, done.append)
    assert begun.wait(10.0)
    for number in range(1, 20):
        tasks.run_latest("pool", lambda n=number: n, done.append)  # type: ignore[misc]
    gate.set()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [0, 19]


def test_after_closing_nothing_is_done_or_delivered(qtbot: QtBot) -> None:
    tasks = Tasks()
    done: list[str] = []
    gate = threading.Event()
    tasks.run("pool", lambda: gate.wait(10.0), lambda _: done.append("first"))
    tasks.run("pool", lambda: done.append("second"))
    gate.set()
    assert tasks.close() == ()
    tasks.run("pool", lambda: done.append("third"))
    tasks.call_soon(lambda: done.append("fourth"))
    qtbot.wait(20)
    assert [item for item in done if item != "second"] == []
    assert tasks.is_closed
