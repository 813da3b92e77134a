from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from generator.errors import PromptError, UnknownModelError
from generator.script import Beat, Script
from tests.helpers.window import FakeClient, pose
from ui.draft import draft_of
from ui.generation import Busy, Generation
from ui.notify import Message, Notifier
from ui.tasks import Tasks

_DRAFT = draft_of(Script("p", "", "", (Beat("one"), Beat("two"), Beat("three"))))


@pytest.fixture
def said(notifier: Notifier) -> list[str]:
    heard: list[str] = []

    def hear(message: Message) -> None:
        heard.append(message.text)

    notifier.said.connect(hear)
    return heard


@pytest.fixture
def generation(client: FakeClient, tasks: Tasks, notifier: Notifier) -> Generation:
    return Generation(client, tasks, notifier, model="fake")


def test_the_worker_is_warmed_up(qtbot: QtBot, generation: Generation, client: FakeClient) -> None:
    with qtbot.waitSignal(generation.ready) as heard:
        generation.warm_up()
    assert heard.args == ["fake"]
    assert client.asked == [("load", "fake")]


def test_a_script_is_made(qtbot: QtBot, generation: Generation, said: list[str]) -> None:
    with qtbot.waitSignal(generation.script_made) as heard:
        generation.write_script("One. Two.")
    assert [beat.description for beat in heard.args[0].beats] == ["One", "Two"]
    with qtbot.waitSignal(generation.script_made):
        generation.write_script("Three.")
    assert said == ["made by a fake"], "a note is said once"


def test_poses_come_one_by_one_with_what_they_read(qtbot: QtBot, generation: Generation) -> None:
    poses: list[tuple[int, object]] = []
    steps: list[tuple[int, int]] = []
    generation.pose_made.connect(lambda key, made, _run: poses.append((key, made)))
    generation.progressed.connect(lambda done, total: steps.append((done, total)))
    keys = [_DRAFT.entries[2].key, _DRAFT.entries[0].key]
    with qtbot.waitSignal(generation.made):
        generation.make_poses(_DRAFT, keys)
    assert [key for key, _ in poses] == keys[::-1]
    assert steps == [(0, 2), (1, 2), (2, 2)]
    made = poses[0][1]
    assert made.values.tolist() == pose(0).tolist()  # type: ignore[attr-defined]
    assert made.read.text == "one"  # type: ignore[attr-defined]


def test_one_thing_at_a_time(qtbot: QtBot, generation: Generation, client: FakeClient) -> None:
    client.gate.clear()
    generation.make_poses(_DRAFT, [_DRAFT.entries[0].key])
    assert generation.busy is Busy.KEYFRAMES
    generation.write_script("One.")
    assert generation.busy is Busy.KEYFRAMES
    with qtbot.waitSignal(generation.made):
        client.gate.set()
    assert [what for what, _ in client.asked] == ["keyframes"]
    assert generation.busy is Busy.NOTHING


def test_nothing_is_asked_for_nothing(generation: Generation) -> None:
    generation.make_poses(_DRAFT, [])
    generation.cancel()
    assert generation.busy is Busy.NOTHING


@pytest.mark.parametrize(
    "error", [PromptError("Empty.", "Say something."), UnknownModelError("No model.", "Known: x.")]
)
def test_an_error_is_said_and_the_next_request_works(
    qtbot: QtBot, generation: Generation, client: FakeClient, said: list[str], error: Exception
) -> None:
    client.failures.append(error)
    generation.write_script("One.")
    qtbot.waitUntil(lambda: said == [str(error)])
    assert generation.busy is Busy.NOTHING
    with qtbot.waitSignal(generation.script_made):
        generation.write_script("One.")


def test_cancelling(
    qtbot: QtBot, generation: Generation, client: FakeClient, said: list[str]
) -> None:
    client.gate.clear()
    generation.make_poses(_DRAFT, [entry.key for entry in _DRAFT.entries])
    qtbot.waitUntil(lambda: len(client.asked) == 1)
    generation.cancel()
    qtbot.waitUntil(lambda: generation.busy is Busy.NOTHING)
    assert said == ["Cancelled. What had arrived is kept."]
