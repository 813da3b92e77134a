from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.helpers.window import pose
from ui.portraits import Portrait, Portraits
from ui.tasks import Tasks

_MS = 20_000
_GROUND = (20, 30, 40)


@pytest.fixture
def portraits(tasks: Tasks) -> Iterator[Portraits]:
    made = Portraits(tasks)
    yield made
    made.close()


def test_a_live_picture_has_the_size_asked_for(qtbot: QtBot, portraits: Portraits) -> None:
    came: list[Portrait] = []
    portraits.live(pose(1), (90, 70), _GROUND, came.append, lambda error: pytest.fail(str(error)))
    qtbot.waitUntil(lambda: len(came) == 1, timeout=_MS)
    assert (came[0].image.width(), came[0].image.height()) == (90, 70)
    assert came[0].took_s > 0.0


def test_a_thumbnail_is_drawn_once(qtbot: QtBot, portraits: Portraits) -> None:
    came: list[QImage] = []
    portraits.thumbnail(pose(1), 32, _GROUND, came.append)
    qtbot.waitUntil(lambda: len(came) == 1, timeout=_MS)
    portraits.thumbnail(pose(1), 32, _GROUND, came.append)
    assert len(came) == 2
    assert came[0] is came[1]
    portraits.thumbnail(pose(2), 32, _GROUND, came.append)
    qtbot.waitUntil(lambda: len(came) == 3, timeout=_MS)
    assert came[2] != came[0]


def test_what_cannot_be_drawn_is_no_disaster(
    qtbot: QtBot, portraits: Portraits, caplog: pytest.LogCaptureFixture
) -> None:
    portraits.close()
    with caplog.at_level("INFO"):
        portraits.thumbnail(pose(1), 32, _GROUND, lambda _: pytest.fail("drawn"))
        qtbot.waitUntil(lambda: "cannot be drawn" in caplog.text, timeout=_MS)
