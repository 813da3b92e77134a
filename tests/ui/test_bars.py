from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from livelink.channels import CHANNEL_COUNT, Channel
from livelink.frame import Values
from ui.bars import Bars


@pytest.fixture
def bars(qtbot: QtBot) -> Bars:
    made = Bars()
    made.resize(700, 100)
    qtbot.addWidget(made)
    made.show()
    return made


def face(**values: float) -> Values:
    made = np.zeros(CHANNEL_COUNT, np.float32)
    for name, value in values.items():
        made[Channel[name]] = value
    return made


def test_the_busiest_channels_are_shown_in_wire_order(bars: Bars) -> None:
    bars.show_values(face(TongueOut=0.3, JawOpen=0.9, HeadYaw=-0.2), moving=False)
    assert bars.shown == (Channel.JawOpen, Channel.TongueOut, Channel.HeadYaw)
    bars.grab()


def test_a_face_at_rest_has_no_bars(bars: Bars) -> None:
    bars.show_values(face(), moving=True)
    assert bars.shown == ()
    bars.grab()


def test_while_it_moves_a_bar_keeps_its_place_for_a_while(bars: Bars) -> None:
    bars.show_values(face(JawOpen=0.9), moving=True)
    bars.show_values(face(), moving=True)
    assert bars.shown == (Channel.JawOpen,)
    for _ in range(400):
        bars.show_values(face(), moving=True)
    assert bars.shown == ()


def test_there_are_never_more_than_fit(bars: Bars) -> None:
    bars.show_values(np.full(CHANNEL_COUNT, 0.5, np.float32), moving=False)
    assert len(bars.shown) == 12
    bars.resize(420, 100)
    bars.show_values(np.full(CHANNEL_COUNT, 0.5, np.float32), moving=False)
    assert len(bars.shown) == 8


def test_the_channel_under_the_mouse_is_known(bars: Bars) -> None:
    bars.show_values(face(JawOpen=0.9, TongueOut=0.5), moving=False)
    info = bars._info_at(30, 15)
    assert info is not None
    assert info.channel is Channel.JawOpen
    assert bars._info_at(690, 95) is None
