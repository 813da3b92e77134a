"""The window as a whole: what a person does, and what comes of it."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QKeySequence
from PyQt6.QtWidgets import QAbstractButton, QDoubleSpinBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from bridge.converting import write_csv
from bridge.loading import load_performance
from generator.client import WorkerClient
from generator.errors import WorkerDiedError
from generator.performance import Performance
from generator.script import Beat, Script
from livelink.channels import CsvConvention
from livelink.packet import decode
from tests.helpers.commands import Listener, free_port, listening
from tests.helpers.window import PATIENCE_S, Answers, FakeClient, pose
from tests.helpers.worker import fake_command
from ui.generation import Busy
from ui.player import Playback
from ui.questions import Answer
from ui.window import Window

_MS = int(PATIENCE_S * 1000)
_PROMPT = "She smiles. She smiles more."


def send_to(window: Window, target: str) -> None:
    window.stage.sending.target.setText(target)


def make_performance(qtbot: QtBot, window: Window) -> None:
    """Write and make without playing."""
    window.prompt.box.setPlainText(_PROMPT)
    window.prompt.script_button.click()
    qtbot.waitUntil(lambda: len(window.document.draft.entries) == 2, timeout=_MS)
    window.script.make_button.click()
    qtbot.waitUntil(lambda: not window.document.draft.unmade(), timeout=_MS)
    qtbot.waitUntil(lambda: window.stage.reel is not None, timeout=_MS)


def read_with_pylivelinkface(packet: bytes) -> Any:
    import pylivelinkface

    success, face = pylivelinkface.PyLiveLinkFace.decode(packet)
    assert success
    return face


def assert_performed(listener: Listener, subject: str) -> None:
    import pylivelinkface

    packets = listener.packets()
    assert len(packets) > 20
    faces = [read_with_pylivelinkface(packet) for packet in packets]
    smile = pylivelinkface.FaceBlendShape.MouthSmileLeft
    smiles = [face.get_blendshape(smile) for face in faces]
    assert max(smiles) > 0.15
    assert abs(smiles[-1]) < 1e-3, "the face ends in neutral"
    assert {decode(packet).subject for packet in packets} == {subject}


def test_a_typed_prompt_ends_in_packets_another_decoder_reads(qtbot: QtBot, window: Window) -> None:
    with listening() as listener:
        send_to(window, listener.target)
        qtbot.keyClicks(window.prompt.box, _PROMPT)
        qtbot.keyClick(window.prompt.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: window.player.state is Playback.PLAYING, timeout=_MS)
        qtbot.waitUntil(lambda: "packets" in window.stage.sending.state.text(), timeout=_MS)
        qtbot.waitUntil(lambda: window.player.state is Playback.IDLE, timeout=_MS)
        assert_performed(listener, "Facewright")
    assert window.preferences.now.prompts == (_PROMPT,)
    assert window.stage.timeline.time_s == 0.0


def test_the_real_worker_performs_a_prompt(qtbot: QtBot, make_window: Any) -> None:
    window = make_window(WorkerClient(), model="lexical")
    with listening() as listener:
        send_to(window, listener.target)
        window.stage.sending.subject.setText("Zoë")
        window.prompt.box.setPlainText("She smiles broadly, then smiles even more.")
        window.prompt.perform_button.click()
        qtbot.waitUntil(lambda: window.player.is_active, timeout=60_000)
        qtbot.waitUntil(lambda: not window.player.is_active, timeout=60_000)
        assert_performed(listener, "Zoë")
    sources = {e.pose.source.model for e in window.document.draft.entries}
    assert sources == {"lexical"}


def test_stop_eases_to_neutral(qtbot: QtBot, window: Window) -> None:
    with listening() as listener:
        send_to(window, listener.target)
        make_performance(qtbot, window)
        window.stage.loop_button.setChecked(True)
        window.stage.play_button.click()
        qtbot.waitUntil(lambda: window.stage.timeline.time_s > 0.3, timeout=_MS)
        window.stage.play_button.click()
        assert window.player.state is Playback.STOPPING
        assert not window.stage.play_button.isEnabled()
        qtbot.waitUntil(lambda: window.player.state is Playback.IDLE, timeout=_MS)
        assert_performed(listener, "Facewright")


def test_panic_holds_neutral_until_stopped(qtbot: QtBot, window: Window) -> None:
    with listening() as listener:
        send_to(window, listener.target)
        make_performance(qtbot, window)
        window.stage.loop_button.setChecked(True)
        window.stage.play_button.click()
        qtbot.waitUntil(lambda: window.stage.timeline.time_s > 0.2, timeout=_MS)
        window.stage.panic_button.click()
        state = window.stage.sending.state
        qtbot.waitUntil(lambda: state.text().startswith("holding neutral"), timeout=_MS)
        window.stage.play_button.click()
        qtbot.waitUntil(lambda: window.player.state is Playback.IDLE, timeout=_MS)
        assert_performed(listener, "Facewright")


def test_a_target_where_nobody_listens_is_said(qtbot: QtBot, window: Window) -> None:
    send_to(window, f"127.0.0.1:{free_port()}")
    make_performance(qtbot, window)
    window.stage.play_button.click()
    said = window.messages.text
    qtbot.waitUntil(lambda: "nothing listens" in said.text(), timeout=_MS)
    window.stage.play_button.click()
    qtbot.waitUntil(lambda: window.player.state is Playback.IDLE, timeout=_MS)


@pytest.mark.parametrize("target", ["", "udp://x", "127.0.0.1:99999999"])
def test_a_target_that_is_none_is_refused_in_words(
    qtbot: QtBot, window: Window, target: str
) -> None:
    make_performance(qtbot, window)
    send_to(window, target)
    window.stage.play_button.click()
    assert not window.player.is_active
    assert window.messages.text.text() == window.stage.sending.problem


def test_edit_undo_save_reopen(
    qtbot: QtBot, window: Window, answers: Answers, tmp_path: Path
) -> None:
    make_performance(qtbot, window)
    before = window.document.draft
    card = window.script.card(before.entries[0].key)
    qtbot.keyClick(card.words, Qt.Key.Key_End)
    qtbot.keyClicks(card.words, " Twice.")
    assert window.document.draft.entries[0].beat.description.endswith(" Twice.")
    assert window.document.draft.stale() == {before.entries[0].key}
    qtbot.keyClick(card.words, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.draft.script == before.script
    assert card.words.toPlainText() == before.entries[0].beat.description
    window.menus.actions["redo"].trigger()
    qtbot.keyClicks(window.script.emotion, "!")
    card.hold.setValue(0.75)
    answers.to_save = tmp_path / "letter"
    window.menus.actions["save"].trigger()
    path = tmp_path / "letter.json"
    qtbot.waitUntil(path.exists, timeout=_MS)
    qtbot.waitUntil(lambda: not window.isWindowModified(), timeout=_MS)
    saved = window.document.draft.performance()
    assert saved is not None
    assert load_performance(path).dumps() == saved.dumps()
    window.menus.actions["new"].trigger()
    assert window.document.draft.is_empty
    window.menus.recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: not window.document.draft.is_empty, timeout=_MS)
    again = window.document.draft.performance()
    assert again is not None
    assert again.dumps() == saved.dumps()
    assert window.prompt.box.toPlainText() == _PROMPT
    assert window.windowTitle() == "letter.json[*] - Facewright"


def test_one_beat_is_made_again(qtbot: QtBot, window: Window, client: FakeClient) -> None:
    make_performance(qtbot, window)
    keys = [entry.key for entry in window.document.draft.entries]
    client.asked.clear()
    window.script.card(keys[1]).signs["again"].click()
    qtbot.waitUntil(lambda: window.generation.busy is Busy.NOTHING, timeout=_MS)
    assert client.asked == [("keyframes", [1])]


def test_only_what_is_stale_is_made_again(qtbot: QtBot, window: Window, client: FakeClient) -> None:
    make_performance(qtbot, window)
    key = window.document.draft.entries[1].key
    window.script.card(key).words.setPlainText("She frowns")
    client.asked.clear()
    window.script.make_button.click()
    qtbot.waitUntil(lambda: not window.document.draft.stale(), timeout=_MS)
    assert client.asked == [("keyframes", [1])]


def test_cancel_keeps_what_has_arrived(qtbot: QtBot, window: Window, client: FakeClient) -> None:
    client.gate.clear()
    window.prompt.box.setPlainText(_PROMPT)
    window.prompt.perform_button.click()
    qtbot.waitUntil(lambda: window.generation.busy is Busy.KEYFRAMES, timeout=_MS)
    assert not window.prompt.perform_button.isEnabled()
    assert window.script.cancel_button.isVisible()
    window.script.cancel_button.click()
    qtbot.waitUntil(lambda: window.generation.busy is Busy.NOTHING, timeout=_MS)
    assert "Cancelled" in window.messages.text.text()
    assert len(window.document.draft.entries) == 2
    assert not window.player.is_active


def test_a_worker_that_dies_is_said_and_works_again(
    qtbot: QtBot, window: Window, client: FakeClient
) -> None:
    client.failures.append(WorkerDiedError("The worker process ended (status 3).", "Try again."))
    window.prompt.box.setPlainText(_PROMPT)
    window.prompt.script_button.click()
    qtbot.waitUntil(lambda: "Try again" in window.messages.text.text(), timeout=_MS)
    window.prompt.script_button.click()
    qtbot.waitUntil(lambda: len(window.document.draft.entries) == 2, timeout=_MS)


def test_a_worker_process_that_crashes_is_started_again(
    qtbot: QtBot, make_window: Any, caplog: pytest.LogCaptureFixture
) -> None:
    window = make_window(WorkerClient(fake_command("--normal-priority")), model="crash")
    window.prompt.box.setPlainText("smiles\nfrowns")
    with caplog.at_level(logging.ERROR):  # the worker's last words
        window.prompt.perform_button.click()
        qtbot.waitUntil(lambda: len(window.document.draft.entries) == 2, timeout=_MS)
        qtbot.waitUntil(lambda: window.generation.busy is Busy.NOTHING, timeout=_MS)
    assert "during keyframes" in window.messages.text.text()
    window.generation._model = "fake"
    window.script.make_button.click()
    qtbot.waitUntil(lambda: not window.document.draft.unmade(), timeout=_MS)


def test_a_beat_without_words_is_not_sent(qtbot: QtBot, window: Window) -> None:
    window.menus.actions["add_beat"].trigger()
    assert not window.script.make_button.isHidden()
    window.script.make_button.click()
    assert "Beat 1 has no words yet" in window.messages.text.text()


def test_closing_asks_about_changes(
    qtbot: QtBot, window: Window, answers: Answers, tmp_path: Path
) -> None:
    make_performance(qtbot, window)
    answers.about_unsaved = Answer.CANCEL
    assert not window.close()
    assert window.isVisible()
    answers.about_unsaved, answers.to_save = Answer.SAVE, tmp_path / "kept.json"
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=_MS)
    assert load_performance(tmp_path / "kept.json").script.prompt == _PROMPT


def test_closing_may_discard(qtbot: QtBot, window: Window, answers: Answers) -> None:
    window.menus.actions["add_beat"].trigger()
    answers.about_unsaved = Answer.DISCARD
    window.close()
    assert not window.isVisible()
    assert answers.asked == ["changes of Untitled"]


def test_closing_while_playing_ends_in_neutral(
    qtbot: QtBot, window: Window, answers: Answers
) -> None:
    answers.about_unsaved = Answer.DISCARD
    with listening() as listener:
        send_to(window, listener.target)
        make_performance(qtbot, window)
        window.stage.loop_button.setChecked(True)
        window.stage.play_button.click()
        qtbot.waitUntil(lambda: window.stage.timeline.time_s > 0.3, timeout=_MS)
        window.close()
        assert_performed(listener, "Facewright")


def test_a_dropped_take_just_plays(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    script = Script("p", "", "", (Beat("smiles", "", 0.2, 0.3),))
    clip = Performance.of(script, [pose(3)], [None]).render()
    path = tmp_path / "MySlate_1_Ann.csv"
    write_csv(clip, path, convention=CsvConvention.MEASURED, overwrite=False)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    with listening() as listener:
        send_to(window, listener.target)
        window.dropEvent(
            QDropEvent(
                QPointF(5, 5),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )
        qtbot.waitUntil(lambda: window.player.is_active, timeout=_MS)
        qtbot.waitUntil(lambda: not window.player.is_active, timeout=_MS)
        assert len(listener.packets()) > 20
    assert window.document.draft.is_empty
    assert not window.document.is_modified


def test_a_broken_file_is_said(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    window.files.open(path)
    qtbot.waitUntil(lambda: "not valid JSON" in window.messages.text.text(), timeout=_MS)
    assert window.document.draft.is_empty


def test_looking_at_a_beat_shows_its_face(qtbot: QtBot, window: Window) -> None:
    make_performance(qtbot, window)
    entries = window.document.draft.entries
    window.script.card(entries[1].key).words.setFocus()
    script = window.document.draft.script
    assert script is not None
    assert window.stage.timeline.time_s == pytest.approx(script.times_s[1])
    assert window.script.card(entries[1].key).property("current") is True
    qtbot.waitUntil(lambda: window.stage.head.is_sharp, timeout=_MS)


def test_every_control_has_a_name_and_can_be_reached_by_keys(qtbot: QtBot, window: Window) -> None:
    make_performance(qtbot, window)
    controls: list[QWidget] = []
    for kind in (QAbstractButton, QLineEdit, QPlainTextEdit, QDoubleSpinBox):
        controls += window.findChildren(kind)
    inner = "qt_spinbox_lineedit"  # a spin box's own; the box has the name
    ours = [c for c in controls if c.objectName() != inner and "Qt" not in type(c).__module__]
    ours += [c for c in controls if isinstance(c, QAbstractButton) and c.objectName()[:3] != "qt_"]
    assert len(ours) > 20
    for control in ours:
        assert control.accessibleName() or control.text(), control  # type: ignore[attr-defined]
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, control.accessibleName()


def test_no_two_commands_share_a_key(window: Window) -> None:
    keys = [action.shortcut().toString() for action in window.menus.actions.values()]
    used = [key for key in keys if key]
    assert len(used) == len(set(used)) > 15
    assert window.menus.actions["shortcuts"].shortcut() == QKeySequence("F1")


def test_the_place_of_the_window_is_remembered(
    qtbot: QtBot, make_window: Any, client: FakeClient
) -> None:
    first = make_window(client)
    first.resize(1100, 720)
    first.close()
    second = make_window(FakeClient())
    assert second.height() == 720  # the width is more than the offscreen screen has


def test_themes_are_changed_while_it_runs(qtbot: QtBot, window: Window) -> None:
    make_performance(qtbot, window)
    for choice in ("light", "dark", "system"):
        window.menus.actions[f"theme_{choice}"].trigger()
        assert window.preferences.now.theme == choice


_LOADED = """
import json, os, sys
from ui.application import application
app = application()
from ui.window import Window
heavy = []
def begin(window, begin=Window._begin):
    known = ("torch", "transformers", "scipy", "generator.performance", "jsonschema")
    heavy.extend(name for name in known if name in sys.modules)
    begin(window)
Window._begin = begin
window = Window(model="lexical")
window.show()
while window.stage.head.image is None:
    app.processEvents()
torch = "torch" in sys.modules
window.close()
print(json.dumps([heavy, torch]))
"""


def test_the_first_paint_waits_for_nothing_heavy_and_torch_never_comes() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[[], false]"
