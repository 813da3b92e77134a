from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from generator.models.protocols import reading
from generator.script import Beat, Script
from tests.helpers.window import pose
from ui.document import Document
from ui.draft import Pose, draft_of
from ui.portraits import Portraits
from ui.script_panel import ScriptPanel
from ui.tasks import Tasks

_SCRIPT = Script("p", "a room", "joy", (Beat("one"), Beat("two"), Beat("three")))


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document()


@pytest.fixture
def panel(qtbot: QtBot, document: Document, tasks: Tasks) -> Iterator[ScriptPanel]:
    portraits = Portraits(tasks)
    made = ScriptPanel(document, portraits)
    qtbot.addWidget(made)
    made.resize(460, 600)
    made.show()
    document.start(draft_of(_SCRIPT))
    yield made
    portraits.close()


def keys(document: Document) -> list[int]:
    return [entry.key for entry in document.draft.entries]


def words(panel: ScriptPanel, document: Document) -> list[str]:
    return [panel.card(key).words.toPlainText() for key in keys(document)]


def test_the_form_shows_the_document(panel: ScriptPanel, document: Document) -> None:
    assert words(panel, document) == ["one", "two", "three"]
    assert panel.background.text() == "a room"
    assert panel.make_button.text() == "Make keyframes"
    document.start()
    assert panel.make_button.isHidden() or not panel.make_button.isVisible()


def test_signs_change_the_document_and_the_cards_follow(
    panel: ScriptPanel, document: Document
) -> None:
    first, second, third = keys(document)
    panel.card(third).signs["up"].click()
    panel.card(first).signs["down"].click()
    assert keys(document) == [third, first, second]
    panel.card(first).signs["copy"].click()
    panel.card(second).signs["delete"].click()
    assert words(panel, document) == ["three", "one", "one"]
    document.undo.undo()
    document.undo.undo()
    document.undo.undo()
    document.undo.undo()
    assert words(panel, document) == ["one", "two", "three"]


def test_a_new_beat_gets_the_cursor(qtbot: QtBot, panel: ScriptPanel, document: Document) -> None:
    panel.activateWindow()
    panel.add_button.click()
    card = panel.card(keys(document)[-1])
    qtbot.waitUntil(card.words.hasFocus)
    qtbot.keyClicks(card.words, "four")
    assert document.draft.entries[-1].beat.description == "four"


def test_what_is_missing_is_asked_for_and_then_all(
    qtbot: QtBot, panel: ScriptPanel, document: Document
) -> None:
    document.set_pose(keys(document)[0], Pose(pose(0), None, reading(_SCRIPT, 0)), "run")
    with qtbot.waitSignal(panel.keyframes_wanted) as heard:
        panel.make_button.click()
    assert heard.args == [tuple(keys(document)[1:])]
    for index in (1, 2):
        made = Pose(pose(index), None, reading(_SCRIPT, index), locked=index == 2)
        document.set_pose(keys(document)[index], made, "run")
    assert panel.make_button.text() == "Make all again"
    with qtbot.waitSignal(panel.keyframes_wanted) as heard:
        panel.make_button.click()
    assert heard.args == [tuple(keys(document)[:2])]


def test_progress_and_cancel_are_shown_while_something_is_made(
    qtbot: QtBot, panel: ScriptPanel, document: Document
) -> None:
    panel.set_busy(frozenset(keys(document)), busy=True, what="waiting for the model ...")
    panel.set_progress(1, 3)
    assert panel._said.text() == "keyframe 2 of 3"
    assert panel.cancel_button.isVisible()
    assert not panel.make_button.isEnabled()
    with qtbot.waitSignal(panel.cancel_wanted):
        qtbot.mouseClick(panel.cancel_button, Qt.MouseButton.LeftButton)
    panel.set_made(keys(document)[0])
    panel.set_busy(frozenset(), busy=False)
    assert not panel.cancel_button.isVisible()


def test_a_stale_face_is_said(qtbot: QtBot, panel: ScriptPanel, document: Document) -> None:
    key = keys(document)[0]
    document.set_pose(key, Pose(pose(0), None, reading(_SCRIPT, 0)), "run")
    card = panel.card(key)
    qtbot.waitUntil(lambda: card.face._image is not None, timeout=20_000)
    assert not card._stale.isVisible()
    qtbot.keyClicks(panel.emotion, "!")
    assert card._stale.isVisible()
    document.undo.undo()
    assert not card._stale.isVisible()


def test_a_long_script_arrives_in_portions(
    qtbot: QtBot, panel: ScriptPanel, document: Document
) -> None:
    beats = tuple(Beat(f"beat {number}") for number in range(60))
    document.start(draft_of(Script("p", "", "", beats)))
    assert len(panel._cards) == 12
    qtbot.waitUntil(lambda: len(panel._cards) == 60, timeout=20_000)
    assert words(panel, document) == [beat.description for beat in beats]
    document.start(draft_of(Script("p", "", "", beats)))
    panel.focus_beat(keys(document)[59])
    assert panel.card(keys(document)[59]).words.toPlainText() == "beat 59"


def test_the_current_beat_is_marked(panel: ScriptPanel, document: Document) -> None:
    panel.set_current(keys(document)[1])
    assert [panel.card(key).property("current") for key in keys(document)] == [False, True, False]
