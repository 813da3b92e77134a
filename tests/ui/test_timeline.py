from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from generator.performance import Performance
from generator.script import Beat, Script
from tests.helpers.window import pose
from ui.reel import reel_of
from ui.timeline import Timeline

_SCRIPT = Script("p", "", "", (Beat("one", "", 1.0, 1.0), Beat("two", "", 1.0, 2.0)))
_REEL = reel_of(Performance.of(_SCRIPT, [pose(1), pose(4)], [None, None]), "x")


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    made = Timeline()
    made.resize(532, 86)  # 500 pixels for 5 seconds
    qtbot.addWidget(made)
    made.show_reel(_REEL)
    made.show()
    return made


@pytest.mark.parametrize(
    ("key", "to_s"),
    [
        (Qt.Key.Key_Right, 2.0 + 1 / 60),
        (Qt.Key.Key_Left, 2.0 - 1 / 60),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 5.0),
        (Qt.Key.Key_PageUp, 1.0),
        (Qt.Key.Key_PageDown, 3.0),
    ],
)
def test_keys_move_the_playhead(qtbot: QtBot, timeline: Timeline, key: Qt.Key, to_s: float) -> None:
    timeline.show_time(2.0)
    with qtbot.waitSignal(timeline.scrubbed) as heard:
        qtbot.keyClick(timeline, key)
    assert heard.args == [pytest.approx(to_s)]


def test_shift_moves_by_ten_frames_and_never_beyond(qtbot: QtBot, timeline: Timeline) -> None:
    qtbot.keyClick(timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert timeline.time_s == pytest.approx(10 / 60)
    timeline.show_time(99.0)
    assert timeline.time_s == 5.0
    timeline.show_time(-1.0)
    assert timeline.time_s == 0.0


def test_the_mouse_scrubs_and_drags(qtbot: QtBot, timeline: Timeline) -> None:
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(266, 10))
    assert timeline.time_s == pytest.approx(2.5)
    qtbot.mouseMove(timeline, QPoint(316, 10))
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(316, 10))


def test_pressing_a_keyframe_goes_there_exactly(qtbot: QtBot, timeline: Timeline) -> None:
    with qtbot.waitSignal(timeline.mark_chosen) as heard:
        qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(319, 66))
    assert heard.args == [1]
    assert timeline.time_s == 3.0


def test_without_a_reel_nothing_happens(qtbot: QtBot, timeline: Timeline) -> None:
    timeline.show_reel(None)
    with qtbot.assertNotEmitted(timeline.scrubbed):
        qtbot.keyClick(timeline, Qt.Key.Key_End)
        qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(266, 50))
    timeline.grab()


def test_it_is_drawn_at_any_size(timeline: Timeline) -> None:
    for width in (60, 300, 2000):
        timeline.resize(width, 86)
        assert not timeline.grab().isNull()
