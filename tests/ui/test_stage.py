from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from generator.performance import Keyframe, Performance
from generator.script import Beat, Script
from tests.helpers.commands import listening
from tests.helpers.window import pose
from ui.draft import draft_of
from ui.reel import Reel
from ui.window import Window

_MS = 20_000
_SCRIPT = Script("p", "", "", (Beat("one", "", 0.3, 0.3), Beat("two", "", 0.3, 0.5)))
_PERFORMANCE = Performance.of(_SCRIPT, [pose(1), pose(4)], [None, None])


def show(qtbot: QtBot, window: Window, performance: Performance = _PERFORMANCE) -> Reel:
    window.document.start(draft_of(performance))
    qtbot.waitUntil(lambda: window.stage.reel is not None, timeout=_MS)
    reel = window.stage.reel
    assert reel is not None
    return reel


def test_the_document_is_rendered_and_again_after_a_change(qtbot: QtBot, window: Window) -> None:
    reel = show(qtbot, window)
    assert reel.duration_s == pytest.approx(1.4)
    key = window.document.draft.entries[0].key
    window.document.set_beat(key, Beat("one", "", 1.3, 0.3), "transition_s")
    qtbot.waitUntil(lambda: window.stage.reel is not reel, timeout=_MS)
    assert window.stage.reel is not None
    assert window.stage.reel.duration_s == pytest.approx(2.4)
    window.document.delete_beat(key)
    window.document.delete_beat(window.document.draft.entries[0].key)
    qtbot.waitUntil(lambda: window.stage.reel is None, timeout=_MS)
    assert not window.stage.play_button.isEnabled()


def test_scrubbing_shows_the_face_there(qtbot: QtBot, window: Window) -> None:
    show(qtbot, window)
    window.stage.timeline.setFocus()
    qtbot.keyClick(window.stage.timeline, Qt.Key.Key_PageDown)
    assert window.stage.timeline.time_s == pytest.approx(0.3)
    assert window.stage.clock.text() == "0.30 / 1.40 s"
    assert window.stage.bars.shown
    window.stage.scrub_to_beat(1)
    assert window.stage.timeline.time_s == pytest.approx(0.9)
    window.stage.scrub_to_beat(7)
    assert window.stage.timeline.time_s == pytest.approx(0.9)


def test_space_plays_and_stops(qtbot: QtBot, window: Window) -> None:
    show(qtbot, window)
    with listening() as listener:
        window.stage.sending.target.setText(listener.target)
        qtbot.keyClick(window.stage.timeline, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: window.stage.timeline.time_s > 0.2, timeout=_MS)
        qtbot.keyClick(window.stage.timeline, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not window.player.is_active, timeout=_MS)
    assert 0.2 < window.stage.timeline.time_s < 1.3, "it stays where it was stopped"


def test_another_take_while_one_plays_ends_the_first(qtbot: QtBot, window: Window) -> None:
    reel = show(qtbot, window)
    with listening() as listener:
        window.stage.sending.target.setText(listener.target)
        window.stage.loop_button.setChecked(True)
        window.stage.toggle_play()
        qtbot.waitUntil(lambda: window.stage.timeline.time_s > 0.2, timeout=_MS)
        window.stage.loop_button.setChecked(False)
        take = Reel("take", reel.duration_s, reel.rate, reel.clip)
        window.stage.show_reel(take, play=True)
        qtbot.waitUntil(lambda: not window.player.is_active, timeout=_MS)
        assert window.stage._what.text() == "take"
    window.stage.scrub_to_beat(1)
    qtbot.waitUntil(lambda: window.stage.timeline.time_s == pytest.approx(0.9), timeout=_MS)
    assert window.stage._what.text() == ""


def test_nothing_to_play_is_said(window: Window) -> None:
    window.stage.toggle_play()
    assert "nothing to play yet" in window.messages.text.text()


def test_keyframes_that_do_not_fit_are_said(qtbot: QtBot, window: Window) -> None:
    keyframes = (Keyframe("a", 0, 0.3, 0.3, pose(1)), Keyframe("f", None, 0.8, 0.1, pose(2)))
    show(qtbot, window, Performance(_SCRIPT, keyframes))
    key = window.document.draft.entries[0].key
    window.document.set_beat(key, Beat("one", "", 0.3, 3.0), "hold_s")
    qtbot.waitUntil(lambda: "begins before" in window.messages.text.text(), timeout=_MS)
    assert window.stage.reel is None
