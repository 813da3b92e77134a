from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.helpers.window import pose
from ui.head_view import HeadView
from ui.notify import Message, Notifier
from ui.portraits import Portraits
from ui.tasks import Tasks

_MS = 20_000


@pytest.fixture
def portraits(tasks: Tasks) -> Iterator[Portraits]:
    made = Portraits(tasks)
    yield made
    made.close()


@pytest.fixture
def head(qtbot: QtBot, portraits: Portraits, notifier: Notifier) -> HeadView:
    made = HeadView(portraits, notifier)
    made.resize(240, 240)
    qtbot.addWidget(made, before_close_func=HeadView.stop)
    made.show()
    return made


def test_the_first_face_comes_and_gets_sharp(qtbot: QtBot, head: HeadView) -> None:
    head.begin()
    qtbot.waitUntil(lambda: head.is_sharp, timeout=_MS)
    assert head.image is not None
    assert head.image.height() == 240
    head.grab()


def test_the_newest_face_wins(qtbot: QtBot, head: HeadView) -> None:
    head.begin()
    for index in range(5):
        head.show_values(pose(index))
    assert not head.is_sharp
    qtbot.waitUntil(lambda: head.is_sharp, timeout=_MS)
    newest = head.image
    head.show_values(pose(0))
    qtbot.waitUntil(lambda: head.is_sharp, timeout=_MS)
    assert head.image != newest
    head.show_values(pose(4))
    qtbot.waitUntil(lambda: head.is_sharp, timeout=_MS)
    assert head.image == newest


def test_its_rate_is_counted_from_pictures_shown(qtbot: QtBot, head: HeadView) -> None:
    head.set_live(True)
    assert head._rate_hz() is None
    now_s = time.monotonic()
    head._shown_s.extend(now_s - 0.1 * n for n in range(5, -1, -1))
    rate = head._rate_hz()
    assert rate == pytest.approx(10.0)
    head.grab()


def test_a_head_that_cannot_be_drawn_is_said_once(
    qtbot: QtBot, head: HeadView, notifier: Notifier, portraits: Portraits
) -> None:
    said: list[Message] = []
    notifier.said.connect(said.append)
    portraits.close()
    head.begin()
    qtbot.waitUntil(lambda: len(said) == 1, timeout=_MS)
    head.show_values(pose(1))
    qtbot.wait(30)
    assert len(said) == 1
    assert "cannot be drawn" in said[0].text
