from __future__ import annotations

import json
import signal
import sys
import threading

import numpy as np
import pytest

from bridge.errors import EngineError
from bridge.performing import Playing
from bridge.sources import Source
from bridge.verbs.watching import watch
from livelink.frame import Values
from livelink.packet import decode
from livelink.timecode import FrameRate
from tests.helpers.commands import Listener

posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals to a thread there")


class Broken:
    """A source that fails after a few frames."""

    def sample(self, t_s: float) -> Values | None:
        if t_s > 0.05:
            raise ValueError("no more")
        return np.full(61, 0.5, np.float32)


class Brief:
    def sample(self, t_s: float) -> Values | None:
        return None if t_s > 0.05 else np.full(61, 0.5, np.float32)


def _watch(source: Source, target: str, *, as_json: bool) -> None:
    with Playing(source, "Bob", FrameRate(60), (target,)) as playing:
        watch(playing, 0.05, as_json=as_json)


def test_the_end_is_summed_up(listener: Listener, capsys: pytest.CaptureFixture[str]) -> None:
    _watch(Brief(), listener.target, as_json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "ended"
    _watch(Brief(), listener.target, as_json=False)
    assert "Bob:" in capsys.readouterr().err


def test_a_failing_source_is_an_error_after_the_fade(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("ERROR"), pytest.raises(EngineError, match="no more"):
        _watch(Broken(), listener.target, as_json=True)


def test_nobody_listening_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    _watch(Brief(), "127.0.0.1:9", as_json=False)
    assert "nothing listens" in " ".join(capsys.readouterr().err.split())


class Interrupted:
    """A face whose user presses Ctrl-C at its tenth frame, and maybe again."""

    def __init__(self, *at_frames: int) -> None:
        self._frames = 0
        self._at_frames = at_frames or (10,)

    def sample(self, t_s: float) -> Values | None:  # noqa: ARG002 - counts instead
        self._frames += 1
        if self._frames in self._at_frames:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return np.full(61, 0.5, np.float32)


def _last_values(listener: Listener) -> Values:
    values = decode(listener.packets()[-1]).values
    assert values is not None
    return values


@posix
def test_ctrl_c_eases_to_neutral_and_is_told(
    listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        Playing(Interrupted(), "Bob", FrameRate(60), (listener.target,)) as playing,
    ):
        watch(playing, 60.0, as_json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "stopped"
    assert not _last_values(listener).any()


@posix
def test_a_second_ctrl_c_leaves_no_grimace(listener: Listener) -> None:
    source = Interrupted(10, 20)
    with (
        pytest.raises(KeyboardInterrupt),
        Playing(source, "Bob", FrameRate(60), (listener.target,)) as playing,
    ):
        watch(playing, 60.0, as_json=True)
    assert not _last_values(listener).any()


@posix
def test_ctrl_c_is_how_an_endless_performance_ends(
    listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    with Playing(Interrupted(), "Bob", FrameRate(60), (listener.target,)) as playing:
        watch(playing, None, as_json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "stopped"
