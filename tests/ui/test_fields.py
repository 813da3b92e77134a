from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from pytestqt.qtbot import QtBot

from ui.fields import GrowingText, Line, Seconds


def test_a_text_grows_with_its_lines_up_to_a_limit(qtbot: QtBot) -> None:
    text = GrowingText(1, 4)
    qtbot.addWidget(text)
    text.resize(200, 40)
    text.show()
    heights = []
    for lines in (1, 2, 4, 9):
        text.setPlainText("\n".join("x" * lines))
        heights.append(text.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_narrower_text_is_higher(qtbot: QtBot) -> None:
    text = GrowingText(1, 8)
    qtbot.addWidget(text)
    text.resize(600, 40)
    text.show()
    text.setPlainText("many words that need a line or more " * 3)
    wide = text.height()
    text.resize(180, text.height())
    qtbot.waitUntil(lambda: text.height() > wide)


def test_only_what_is_typed_is_told(qtbot: QtBot) -> None:
    text, line, seconds = GrowingText(1, 4), Line("Name"), Seconds("Seconds", 0.0)
    for field in (text, line, seconds):
        qtbot.addWidget(field)
    with qtbot.assertNotEmitted(text.typed), qtbot.assertNotEmitted(line.typed):
        text.show_text("shown")
        line.show_text("shown")
    with qtbot.assertNotEmitted(seconds.typed):
        seconds.show_value(2.5)
    with qtbot.waitSignal(text.typed):
        qtbot.keyClicks(text, "a")
    with qtbot.waitSignal(line.typed):
        qtbot.keyClicks(line, "a")
    with qtbot.waitSignal(seconds.typed) as heard:
        seconds.setValue(0.1 + 0.2)
    assert heard.args == [pytest.approx(0.3)]


def test_a_model_finer_than_the_field_is_not_rounded(qtbot: QtBot) -> None:
    seconds = Seconds("Seconds", 0.0)
    qtbot.addWidget(seconds)
    with qtbot.assertNotEmitted(seconds.typed):
        seconds.show_value(1.23456)
        seconds.show_value(1.23456)


def test_the_cursor_stays_where_it_was(qtbot: QtBot) -> None:
    line = Line("Name")
    qtbot.addWidget(line)
    line.show_text("abcdef")
    line.setCursorPosition(2)
    line.show_text("abXdef")
    assert line.cursorPosition() == 2


def test_a_wrong_line_says_why(qtbot: QtBot) -> None:
    line = Line("Name")
    qtbot.addWidget(line)
    line.set_wrong("no host")
    assert line.property("wrong") is True
    assert line.toolTip() == "no host"
    line.set_wrong("")
    assert line.property("wrong") is False


def test_the_wheel_changes_seconds_only_with_the_focus(qtbot: QtBot) -> None:
    seconds = Seconds("Seconds", 0.0)
    qtbot.addWidget(seconds)
    seconds.show_value(1.0)
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    seconds.wheelEvent(turn)
    assert seconds.value() == 1.0
