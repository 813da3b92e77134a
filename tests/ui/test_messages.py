from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.messages import MessageBar
from ui.notify import Level, Message


def test_the_newest_is_shown_and_all_are_kept(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show()
    bar.show_message(Message(Level.INFO, "first"))
    bar.show_message(Message(Level.ERROR, "second\nline"))
    assert bar.text.text() == "second line"
    assert "info: first" in bar.log.toPlainText()
    assert not bar.log.isVisible()
    bar.toggle.click()
    assert bar.log.isVisible()
    bar.toggle_log()
    assert not bar.log.isVisible()
