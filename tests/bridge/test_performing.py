from __future__ import annotations

import itertools

import numpy as np
import pytest

from bridge.engine import State
from bridge.performing import PerformOptions, Playing, generate, source_of
from bridge.sources import HoldSource
from generator.client import WorkerClient
from generator.performance import Performance
from generator.script import Script
from livelink.errors import TargetError
from livelink.packet import decode
from livelink.timecode import FrameRate
from tests.helpers.commands import Listener


def test_generate_gives_each_beat_its_pose_and_says_so(short_script: Script) -> None:
    heard: list[int] = []
    with WorkerClient() as client:
        options = PerformOptions(model="lexical", subject="Bob", living=False)
        performance = generate(client, short_script, options, lambda k: heard.append(k.index))
    assert heard == [0, 1]
    assert performance.subject == "Bob"
    assert performance.layers == ()
    assert [k.source.model for k in performance.keyframes if k.source] == ["lexical"] * 2
    assert performance.duration_s == pytest.approx(0.6)


def test_an_idle_source_goes_on_after_the_performance(short_performance: Performance) -> None:
    once, idle = source_of(short_performance), source_of(short_performance, idle=True)
    after_s = short_performance.duration_s + 1.0
    times = [k / 60 for k in range(round(after_s * 60))]
    assert [once.sample(t) for t in times][-1] is None
    assert all(idle.sample(t) is not None for t in times)


def test_playing_sends_on_the_grid_and_ends_in_neutral(
    listener: Listener, short_performance: Performance
) -> None:
    source = source_of(short_performance)
    with Playing(source, "Bob", FrameRate(60), (listener.target,)) as playing:
        assert playing.engine.wait(10.0)
    assert playing.engine.snapshot().state is State.ENDED
    frames = [decode(data) for data in listener.packets()]
    steps = [b.time.frame - a.time.frame for a, b in itertools.pairwise(frames)]
    assert min(steps) >= 1
    last = frames[-1].values
    assert last is not None
    assert float(np.abs(last).max()) == 0.0


def test_leaving_early_still_fades(listener: Listener) -> None:
    grin = np.zeros(61, np.float32)
    grin[23:25] = 1.0
    with Playing(HoldSource(grin), "Bob", FrameRate(60), (listener.target,)) as playing:
        assert playing.engine.next_edge(5.0) is not None
    values = decode(listener.packets()[-1]).values
    assert values is not None
    assert float(values.max()) == 0.0


def test_a_target_that_is_unknown_leaves_nothing_open() -> None:
    with pytest.raises(TargetError, match=r"nowhere\.invalid"):
        Playing(HoldSource(), "Bob", FrameRate(60), ("nowhere.invalid",))
