"""Windows for tests: shown offscreen, closed and joined afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from generator.client import WorkerClient
from tests.helpers.window import Answers, FakeClient
from ui.notify import Notifier
from ui.tasks import Tasks
from ui.window import Window

MakeWindow = Callable[..., Window]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bear with the offscreen platform, which has no window manager to tell sizes to."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def make_window(qtbot: QtBot, answers: Answers) -> Iterator[MakeWindow]:
    made: list[Window] = []

    def make(client: WorkerClient, model: str = "auto") -> Window:
        window = Window(client, answers, model=model)
        qtbot.addWidget(window, before_close_func=lambda _: None)
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in made:
        window.close_down()


@pytest.fixture
def window(make_window: MakeWindow, client: FakeClient) -> Window:
    return make_window(client)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close() == ()


@pytest.fixture
def notifier(qtbot: QtBot) -> Notifier:
    return Notifier()
