from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bridge.loading import load_performance, load_script
from generator.performance import Performance
from generator.script import Beat, Script
from tests.helpers.window import Answers, pose
from ui.document import Document
from ui.draft import Draft, draft_of
from ui.files import Files
from ui.notify import Message, Notifier
from ui.preferences import Preferences
from ui.questions import Answer
from ui.reel import Reel, reel_of
from ui.tasks import Tasks

_SCRIPT = Script("p", "b", "e", (Beat("one"), Beat("two")))
_PERFORMANCE = Performance.of(_SCRIPT, [pose(0), pose(1)], [None, None])


class Desk:
    """Files with everything they need, and what they said."""

    def __init__(self, tasks: Tasks, notifier: Notifier, answers: Answers, qtbot: QtBot) -> None:
        self.document = Document()
        self.answers = answers
        self.preferences = Preferences.load()
        self.files = Files(self.document, tasks, notifier, answers, self.preferences)
        self.said: list[str] = []
        self.reels: list[Reel] = []
        notifier.said.connect(self._hear)
        self.files.reel_opened.connect(self.reels.append)
        self._qtbot = qtbot

    def _hear(self, message: Message) -> None:
        self.said.append(message.text)

    def wait_for(self, words: str) -> None:
        self._qtbot.waitUntil(lambda: any(words in text for text in self.said), timeout=10_000)

    def change(self, draft: Draft | None = None) -> None:
        self.document.change("change", draft or draft_of(_PERFORMANCE))


@pytest.fixture
def desk(tasks: Tasks, notifier: Notifier, answers: Answers, qtbot: QtBot) -> Desk:
    return Desk(tasks, notifier, answers, qtbot)


def test_a_performance_is_saved_and_opened(desk: Desk, tmp_path: Path) -> None:
    desk.change()
    desk.answers.to_save = tmp_path / "a"
    desk.files.save()
    desk.wait_for("Saved to")
    path = tmp_path / "a.json"
    assert load_performance(path).dumps() == _PERFORMANCE.dumps()
    assert desk.document.path == path
    assert not desk.document.is_modified
    desk.files.new()
    desk.answers.to_open = path
    desk.files.open()
    desk.wait_for("Opened")
    assert desk.preferences.now.recent == (str(path),)
    again = desk.document.draft.performance()
    assert again is not None
    assert again.dumps() == _PERFORMANCE.dumps()


def test_a_script_is_saved_as_one(desk: Desk, tmp_path: Path) -> None:
    desk.change(draft_of(_SCRIPT))
    desk.answers.to_save = tmp_path / "s.json"
    desk.files.save_as()
    desk.wait_for("Saved to")
    assert load_script(tmp_path / "s.json") == _SCRIPT
    desk.files.new()
    desk.files.open(tmp_path / "s.json")
    desk.wait_for("Opened")
    assert desk.document.draft.script == _SCRIPT


def test_an_existing_file_is_replaced_only_when_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("mine", encoding="utf-8")
    desk.change()
    desk.answers.to_save = path
    desk.files.save()
    assert desk.answers.asked == [
        "save as performance.json",
        "replace a.json, which exists already.",
    ]
    assert path.read_text(encoding="utf-8") == "mine"
    desk.answers.replace = True
    desk.files.save()
    desk.wait_for("Saved to")
    assert load_performance(path).dumps() == _PERFORMANCE.dumps()


def test_a_file_that_somebody_else_changed_is_asked_about(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(_PERFORMANCE.dumps(), encoding="utf-8")
    desk.files.open(path)
    desk.wait_for("Opened")
    desk.document.set_text("emotion", "joy")
    path.write_text("theirs", encoding="utf-8")
    desk.files.save()
    assert "changed by another program" in desk.answers.asked[-1]
    assert path.read_text(encoding="utf-8") == "theirs"
    desk.answers.replace = True
    desk.files.save()
    desk.wait_for("Saved to")
    assert load_performance(path).script.emotion == "joy"
    desk.answers.asked.clear()
    desk.document.set_text("emotion", "grief")
    desk.said.clear()
    desk.files.save()
    desk.wait_for("Saved to")
    assert desk.answers.asked == []


@pytest.mark.parametrize("answer", list(Answer))
def test_unsaved_changes_are_asked_about(desk: Desk, tmp_path: Path, answer: Answer) -> None:
    desk.change()
    desk.answers.about_unsaved, desk.answers.to_save = answer, tmp_path / "a.json"
    desk.files.new()
    if answer is Answer.SAVE:
        desk.wait_for("Saved to")
    assert desk.document.draft.is_empty is (answer is not Answer.CANCEL)
    assert (tmp_path / "a.json").exists() is (answer is Answer.SAVE)


def test_saving_without_a_place_does_not_go_on(desk: Desk) -> None:
    desk.change()
    desk.answers.about_unsaved = Answer.SAVE
    desk.files.new()
    assert desk.document.is_modified


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(
    desk: Desk, tmp_path: Path
) -> None:
    desk.change()
    desk.answers.to_save = tmp_path / "no such folder" / "a.json"
    desk.files.save()
    desk.wait_for("There is no such folder")
    assert desk.document.is_modified


def test_nothing_is_not_saved_or_exported(desk: Desk) -> None:
    desk.files.save()
    desk.files.export_csv(None)
    assert len(desk.said) == 2
    assert desk.answers.asked == []


def test_a_take_is_exported_and_opened_as_one_that_just_plays(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "MySlate_1_Ann.csv"
    desk.answers.to_save = path
    desk.files.export_csv(reel_of(_PERFORMANCE, "x"))
    desk.wait_for("Exported to")
    desk.files.open(path)
    desk._qtbot.waitUntil(lambda: len(desk.reels) == 1, timeout=10_000)
    assert desk.reels[0].clip is not None
    assert desk.document.draft.is_empty


def test_a_recent_file_that_is_gone_is_forgotten(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "gone.json"
    desk.preferences.add_recent(path)
    desk.files.open(path)
    desk.wait_for("There is no such file")
    assert desk.preferences.now.recent == ()
