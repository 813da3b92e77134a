from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot

from generator.performance import Performance
from generator.script import Beat, Script
from livelink.packet import decode, encode
from livelink.recording import FileKind, RecordedPacket, Recording
from tests.helpers.commands import frame_of, listening
from tests.helpers.window import pose
from ui.notify import Message, Notifier
from ui.player import Levels, Outlet, Playback, Player
from ui.reel import Reel, reel_of
from ui.tasks import Tasks

_MS = 20_000
_SCRIPT = Script("p", "", "", (Beat("smiles", "", 0.2, 0.5),))
_REEL = reel_of(Performance.of(_SCRIPT, [pose(3)], [None]), "a smile")


@pytest.fixture
def player(qtbot: QtBot, notifier: Notifier) -> Iterator[Player]:
    tasks = Tasks()
    made = Player(tasks, notifier)
    yield made
    assert tasks.close() == ()
    made.close()


def test_it_plays_to_the_end_and_fades(qtbot: QtBot, player: Player) -> None:
    levels: list[Levels] = []
    player.polled.connect(levels.append)
    with listening() as listener:
        player.play(_REEL, Outlet((listener.target,), "Ann"), loop=False)
        assert player.state is Playback.STARTING
        qtbot.waitUntil(lambda: player.state is Playback.IDLE, timeout=_MS)
        frames = [decode(packet) for packet in listener.packets()]
    assert {frame.subject for frame in frames} == {"Ann"}
    assert len(frames) > 40
    last = frames[-1].values
    assert last is not None
    assert not last.any()
    assert 0.0 <= levels[-1].time_s <= _REEL.duration_s
    assert levels[-1].sent > 0
    assert levels[-1].late_p99_s is not None


def test_it_begins_where_the_playhead_stands(qtbot: QtBot, player: Player) -> None:
    levels: list[Levels] = []
    player.polled.connect(levels.append)
    with listening() as listener:
        player.play(_REEL, Outlet((listener.target,), "Ann"), loop=False, from_s=0.5)
        qtbot.waitUntil(lambda: not player.is_active, timeout=_MS)
    assert min(level.time_s for level in levels) >= 0.5


def test_a_second_play_is_nothing_and_an_early_stop_is_heard(qtbot: QtBot, player: Player) -> None:
    with listening() as listener:
        player.play(_REEL, Outlet((listener.target,), "Ann"), loop=True)
        player.play(_REEL, Outlet((listener.target,), "Bob"), loop=True)
        player.stop()
        assert player.state is Playback.STARTING
        qtbot.waitUntil(lambda: player.state is Playback.IDLE, timeout=_MS)
        assert {decode(p).subject for p in listener.packets()} <= {"Ann"}


def test_a_target_that_cannot_be_found_is_said(
    qtbot: QtBot, player: Player, notifier: Notifier
) -> None:
    said: list[Message] = []
    notifier.said.connect(said.append)
    player.play(_REEL, Outlet(("udp://x",), "Ann"), loop=False)
    qtbot.waitUntil(lambda: not player.is_active, timeout=_MS)
    assert "no host and port" in said[0].text
    with listening() as listener:
        player.play(_REEL, Outlet((listener.target,), "Ann"), loop=False)
        qtbot.waitUntil(lambda: not player.is_active, timeout=_MS)
        assert len(listener.packets()) > 20


def test_a_loop_comes_round(qtbot: QtBot, player: Player) -> None:
    times_s: list[float] = []
    player.polled.connect(lambda levels: times_s.append(levels.time_s))
    with listening() as listener:
        player.play(_REEL, Outlet((listener.target,), "Ann"), loop=True)
        qtbot.waitUntil(lambda: any(b < a for a, b in pairwise(times_s)), timeout=_MS)
        player.stop()
        qtbot.waitUntil(lambda: not player.is_active, timeout=_MS)
    assert max(times_s) <= _REEL.duration_s


def test_panic_rests(qtbot: QtBot, player: Player) -> None:
    resting: list[bool] = []
    player.polled.connect(lambda levels: resting.append(levels.resting))
    player.panic()
    with listening() as listener:
        player.play(_REEL, Outlet((listener.target,), "Ann"), loop=True)
        qtbot.waitUntil(lambda: player.state is Playback.PLAYING, timeout=_MS)
        player.panic()
        qtbot.waitUntil(lambda: any(resting), timeout=_MS)
        player.stop()
        qtbot.waitUntil(lambda: not player.is_active, timeout=_MS)


def test_a_recording_is_sent_byte_for_byte(qtbot: QtBot, player: Player) -> None:
    packets = [encode(frame_of(index)) for index in range(20)]
    reel = Reel("r", 0.32, None, None, recording=_recording(packets))
    with listening() as listener:
        player.play(reel, Outlet((listener.target,), "ignored"), loop=False)
        qtbot.waitUntil(lambda: not player.is_active, timeout=_MS)
        assert listener.packets() == packets


def _recording(packets: list[bytes]) -> Recording:
    recorded = tuple(RecordedPacket(index / 60, data) for index, data in enumerate(packets))
    return Recording(FileKind.PACKETS, recorded, None, ())
