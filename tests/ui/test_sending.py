from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from bridge.settings import Settings, load_settings, save_settings
from ui.player import Levels, Outlet, Playback
from ui.sending import SendingPanel

_LEVELS = Levels(1.0, None, 1234, 0, 0.0004, "", False)


@pytest.fixture
def panel(qtbot: QtBot) -> SendingPanel:
    made = SendingPanel()
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_begins_with_the_settings_and_keeps_changes(qtbot: QtBot) -> None:
    save_settings(Settings(("10.0.0.1:11111",), "Ann"))
    panel = SendingPanel()
    qtbot.addWidget(panel)
    assert panel.outlet == Outlet(("10.0.0.1:11111",), "Ann")
    panel.target.setText("10.0.0.2, 10.0.0.3:5")
    panel.target.editingFinished.emit()
    assert load_settings().targets == ("10.0.0.2", "10.0.0.3:5")


@pytest.mark.parametrize("wrong", ["", " , ", "host:0", "a/b", "x:99999"])
def test_a_wrong_target_is_marked_and_not_kept(
    qtbot: QtBot, panel: SendingPanel, wrong: str
) -> None:
    panel.target.selectAll()
    panel.target.insert(wrong)
    panel.target.textEdited.emit(wrong)
    panel.target.editingFinished.emit()
    assert panel.problem
    assert panel.target.property("wrong") is True
    assert load_settings().targets == Settings().targets


def test_a_subject_needs_a_name(panel: SendingPanel) -> None:
    panel.subject.setText("  ")
    assert panel.problem == "The subject needs a name."
    panel.show_subject("Bob")
    panel.show_subject("")
    assert panel.outlet.subject == "Bob"


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (_LEVELS, "sending: 1\u202f234 packets, late p99 0.4 ms"),
        (replace(_LEVELS, skipped=3), "3 skipped"),
        (replace(_LEVELS, resting=True), "holding neutral"),
        (replace(_LEVELS, trouble="x:1: nothing listens"), "Start Unreal there"),
        (replace(_LEVELS, late_p99_s=None), "sending: 1\u202f234 packets"),
    ],
)
def test_it_says_how_sending_goes(panel: SendingPanel, levels: Levels, words: str) -> None:
    panel.show_levels(levels, Playback.PLAYING)
    assert words in panel.state.text()


def test_the_fields_are_locked_while_something_is_sent(panel: SendingPanel) -> None:
    panel.show_state(Playback.STARTING)
    assert panel.target.isReadOnly()
    panel.show_state(Playback.STOPPING)
    panel.show_levels(_LEVELS, Playback.STOPPING)
    assert panel.state.text() == "easing to neutral ..."
    panel.show_state(Playback.IDLE)
    assert not panel.subject.isReadOnly()
