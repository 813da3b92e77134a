from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from pytestqt.qtbot import QtBot

from generator.script import MAX_TEXT, Beat
from ui.beat_card import BeatCard
from ui.draft import Entry
from ui.fields import WindowUndo

_ENTRY = Entry(7, Beat("smiles", "corners up", 0.5, 1.0))


@pytest.fixture
def card(qtbot: QtBot) -> BeatCard:
    made = BeatCard(_ENTRY, WindowUndo())
    qtbot.addWidget(made)
    made.show_entry(_ENTRY, 1, 3, stale=False)
    made.show()
    return made


def test_typed_words_drop_the_anatomy_of_the_old_ones(qtbot: QtBot, card: BeatCard) -> None:
    with qtbot.waitSignal(card.edited) as heard:
        qtbot.keyClicks(card.words, "x")
    assert heard.args == [7, Beat("xsmiles", "", 0.5, 1.0), "description"]


def test_seconds_are_told(qtbot: QtBot, card: BeatCard) -> None:
    with qtbot.waitSignal(card.edited) as heard:
        card.transition.setValue(0.25)
    assert heard.args == [7, Beat("smiles", "corners up", 0.25, 1.0), "transition_s"]


def test_showing_is_not_typing(qtbot: QtBot, card: BeatCard) -> None:
    with qtbot.assertNotEmitted(card.edited):
        card.show_entry(Entry(7, Beat("frowns", "", 2.0, 3.0)), 2, 3, stale=True)
    assert card.words.toPlainText() == "frowns"
    assert card.hold.value() == 3.0


def test_a_text_beyond_all_limits_is_cut(qtbot: QtBot, card: BeatCard) -> None:
    with qtbot.waitSignal(card.edited) as heard:
        card.words.setPlainText("a" * (MAX_TEXT + 5))
    assert len(heard.args[1].description) == MAX_TEXT
    assert len(card.words.toPlainText()) == MAX_TEXT


@pytest.mark.parametrize("name", ["again", "up", "down", "copy", "delete"])
def test_each_sign_asks_for_its_action(qtbot: QtBot, card: BeatCard, name: str) -> None:
    card.show_entry(_ENTRY, 2, 3, stale=False)
    with qtbot.waitSignal(card.action_wanted) as heard:
        card.signs[name].click()
    assert heard.args == [7, name]


def test_the_first_and_the_last_cannot_move_further(card: BeatCard) -> None:
    assert not card.signs["up"].isEnabled()
    card.show_entry(_ENTRY, 3, 3, stale=False)
    assert card.signs["up"].isEnabled()
    assert not card.signs["down"].isEnabled()


def test_a_face_is_drawn_faded_when_stale(card: BeatCard) -> None:
    face = QImage(8, 8, QImage.Format.Format_RGB888)
    face.fill(0xFFFFFF)
    card.face.show_face(face)
    bright = card.face.grab().toImage().pixelColor(42, 42).lightness()
    card.face.set_state(stale=True, working=False)
    assert card.face.grab().toImage().pixelColor(42, 42).lightness() < bright
    card.face.show_face(None)
    card.face.grab()


def test_pressing_the_face_chooses_the_beat(qtbot: QtBot, card: BeatCard) -> None:
    with qtbot.waitSignal(card.chosen) as heard:
        qtbot.mousePress(card.face, Qt.MouseButton.LeftButton)
    assert heard.args == [7]
