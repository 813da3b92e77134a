from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ui.prompt_panel import EXAMPLES, PromptPanel

_UP, _DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down


@pytest.fixture
def panel(qtbot: QtBot) -> PromptPanel:
    made = PromptPanel(("newest", "older", "oldest"))
    qtbot.addWidget(made)
    made.show()
    return made


def test_up_and_down_walk_the_history_and_come_back(qtbot: QtBot, panel: PromptPanel) -> None:
    qtbot.keyClicks(panel.box, "typed")
    seen = []
    for key in (_UP, _UP, _UP, _UP, _DOWN, _DOWN, _DOWN, _DOWN):
        qtbot.keyClick(panel.box, key)
        seen.append(panel.prompt)
    assert seen == ["newest", "older", "oldest", "oldest", "older", "newest", "typed", "typed"]


def test_up_moves_within_several_lines_first(qtbot: QtBot, panel: PromptPanel) -> None:
    panel.box.setPlainText("one\ntwo")
    panel.box.moveCursor(panel.box.textCursor().MoveOperation.End)
    qtbot.keyClick(panel.box, _UP)
    assert panel.prompt == "one\ntwo"
    qtbot.keyClick(panel.box, _UP)
    assert panel.prompt == "newest"


def test_examples_are_offered_while_it_is_empty(qtbot: QtBot, panel: PromptPanel) -> None:
    chips = [b for b in panel.findChildren(QPushButton) if b.property("role") == "chip"]
    assert len(chips) == len(EXAMPLES)
    assert all(chip.isVisible() for chip in chips)
    qtbot.mouseClick(chips[1], Qt.MouseButton.LeftButton)
    assert panel.prompt == EXAMPLES[1][1]
    assert not chips[0].isVisible()
    panel.box.clear()
    assert chips[0].isVisible()


def test_control_enter_performs_what_is_typed(qtbot: QtBot, panel: PromptPanel) -> None:
    with qtbot.assertNotEmitted(panel.perform_wanted):
        qtbot.keyClick(panel.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(panel.box, " She smiles. ")
    with qtbot.waitSignal(panel.perform_wanted) as heard:
        qtbot.keyClick(panel.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard.args == ["She smiles."]
    panel.set_busy(True)
    with qtbot.assertNotEmitted(panel.perform_wanted):
        qtbot.keyClick(panel.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_buttons_wait_for_words(qtbot: QtBot, panel: PromptPanel) -> None:
    assert not panel.perform_button.isEnabled()
    panel.show_prompt("She smiles.")
    assert panel.perform_button.isEnabled()
    with qtbot.waitSignal(panel.script_wanted):
        panel.script_button.click()
    panel.box.remember(("She smiles.", "newest"))
    qtbot.keyClick(panel.box, _UP)
    assert panel.prompt == "She smiles."
