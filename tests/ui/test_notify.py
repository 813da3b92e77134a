from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from bridge.errors import LoadError
from generator.errors import PromptError
from ui.notify import Level, Message, Notifier, in_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (LoadError("a.json", "It is empty.", "Fill it."), "a.json: It is empty. Fill it."),
        (PromptError("Nothing to do.", "Say what."), "Nothing to do. Say what."),
        (PermissionError(13, "Permission denied", "/x"), "/x: Permission denied."),
        (ValueError("odd"), "Something went wrong inside: ValueError: odd"),
    ],
)
def test_an_error_is_one_sentence(error: Exception, words: str) -> None:
    assert in_words(error) == words


def test_messages_are_passed_on_with_their_level(qtbot: QtBot, notifier: Notifier) -> None:
    heard: list[Message] = []
    notifier.said.connect(heard.append)
    notifier.info("a")
    notifier.warning("b")
    notifier.error("c")
    notifier.error(PromptError("d."))
    assert [message.text for message in heard] == ["a", "b", "c", "d."]
    levels = [message.level for message in heard]
    assert levels == [Level.INFO, Level.WARNING, Level.ERROR, Level.ERROR]
