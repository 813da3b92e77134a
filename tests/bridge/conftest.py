from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from generator.performance import Performance, Source
from generator.script import Beat, Script
from livelink.channels import CHANNEL_COUNT, Channel
from tests.helpers.commands import Command, Listener, listening


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as opened:
        yield opened


@pytest.fixture
def short_script() -> Script:
    """Two beats in 0.6 s."""
    return Script(
        prompt="A grin, then jaw drops.",
        background="",
        emotion="joy",
        beats=(
            Beat("Both mouth corners pull strongly up.", "", 0.2, 0.1),
            Beat("The jaw drops fully.", "", 0.2, 0.1),
        ),
    )


@pytest.fixture
def short_performance(short_script: Script) -> Performance:
    poses = np.zeros((2, CHANNEL_COUNT), np.float32)
    poses[0, [Channel.MouthSmileLeft, Channel.MouthSmileRight]] = 0.8
    poses[1, Channel.JawOpen] = 0.9
    return Performance.of(short_script, list(poses), [Source("test"), None])


@pytest.fixture
def performance_file(tmp_path: Path, short_performance: Performance) -> Path:
    path = tmp_path / "short.json"
    path.write_text(short_performance.dumps(), encoding="utf-8")
    return path
