from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from generator.models.protocols import reading
from generator.script import Beat, Script
from tests.helpers.window import pose
from ui.document import Document
from ui.draft import Draft, Pose, draft_of

_SCRIPT = Script("p", "b", "e", (Beat("one"), Beat("two")))


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    made.start(draft_of(_SCRIPT))
    return made


def test_typing_is_undone_field_by_field(document: Document) -> None:
    key = document.draft.entries[0].key
    for words in ("o", "on", "one more"):
        document.set_beat(key, Beat(words), "description")
    document.set_text("emotion", "joy")
    document.set_text("emotion", "joyful")
    assert document.undo.count() == 2
    document.undo.undo()
    assert document.draft.emotion == "e"
    assert document.draft.entries[0].beat.description == "one more"
    document.undo.undo()
    assert document.draft.script == _SCRIPT
    assert not document.is_modified
    document.undo.redo()
    document.undo.redo()
    assert document.draft.emotion == "joyful"


def test_what_changes_nothing_is_no_change(document: Document) -> None:
    key = document.draft.entries[0].key
    document.set_beat(key, Beat("one"), "description")
    document.set_text("background", "b")
    document.move_beat(key, -1)
    document.set_beat(-1, Beat("nobody"), "description")
    assert document.undo.count() == 0


def test_beats_are_added_moved_copied_deleted_and_all_of_it_undone(document: Document) -> None:
    first = document.draft.entries[0].key
    added = document.add_beat(first)
    document.copy_beat(first)
    document.move_beat(added, 1)
    document.delete_beat(first)
    assert document.undo.count() == 4
    while document.undo.canUndo():
        document.undo.undo()
    assert document.draft.script == _SCRIPT


def test_the_keyframes_of_a_run_are_undone_together(document: Document) -> None:
    for index, entry in enumerate(document.draft.entries):
        document.set_pose(entry.key, Pose(pose(index), None, reading(_SCRIPT, index)), "run 1")
    document.set_pose(-1, Pose(pose(0), None, reading(_SCRIPT, 0)), "run 1")
    assert document.undo.count() == 1
    document.undo.undo()
    assert not document.draft.has_motion


def test_saving_is_noted_for_the_draft_that_was_saved(
    document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    assert document.title == "Untitled"
    document.set_text("emotion", "joy")
    saved = document.draft
    document.set_text("background", "a kitchen")
    document.saved(saved, tmp_path / "letter.json")
    assert document.is_modified
    with qtbot.waitSignal(document.modified) as heard:
        document.saved(document.draft, tmp_path / "letter.json")
    assert heard.args == [False]
    assert document.title == "letter.json"


def test_another_document_has_no_history(document: Document) -> None:
    document.set_text("emotion", "joy")
    document.start(Draft())
    assert not document.is_modified
    assert not document.undo.canUndo()
