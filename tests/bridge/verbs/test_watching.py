from __future__ import annotations

import _thread
import json

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
    """A face whose user presses Ctrl-C at its tenth frame."""

    def __init__(self) -> None:
        self._frames = 0

    def sample(self, t_s: float) -> Values | None:  # noqa: ARG002 - counts instead
        self._frames += 1
        if self._frames == 10:
            _thread.interrupt_main()
        return np.full(61, 0.5, np.float32)


def test_ctrl_c_eases_to_neutral_and_is_told(
    listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        Playing(Interrupted(), "Bob", FrameRate(60), (listener.target,)) as playing,
    ):
        watch(playing, 60.0, as_json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "stopped"
    values = [decode(packet).values for packet in listener.packets()]
    assert values[-1] is not None
    assert not values[-1].any()


def test_ctrl_c_is_how_an_endless_performance_ends(
    listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    with Playing(Interrupted(), "Bob", FrameRate(60), (listener.target,)) as playing:
        watch(playing, None, as_json=True)
    assert json.loads(capsys.readouterr().out)["state"] == "stopped"
