"""Errors: a sentence for people, fields for code, and they survive a pickle."""

from __future__ import annotations

import pickle

import pytest

from livelink.errors import (
    FileFormatError,
    LiveLinkError,
    PacketError,
    PacketFault,
    PortBusyError,
    TargetError,
)

ERRORS = [
    (PacketError("too odd", 7, PacketFault.TIME), "too odd (at byte 7)"),
    (PacketError("the packet is empty"), "the packet is empty"),
    (FileFormatError("a.csv", "cut off", 3), "a.csv:3: cut off"),
    (FileFormatError("a.csv", "empty"), "a.csv: empty"),
    (TargetError("host:0", "no port"), "target host:0: no port"),
    (PortBusyError(11111, "UnrealEditor, process 4242"), "in use by UnrealEditor, process 4242"),
    (PortBusyError(11111), "another program"),
]


@pytest.mark.parametrize(("error", "words"), ERRORS)
def test_an_error_is_a_sentence_and_pickles(error: LiveLinkError, words: str) -> None:
    assert words in str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
