"""Small casts for the motion tests: consistent poses, keys, scenes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from generator.motion import Interpolation, Keys, Mood, constrain, follow_gaze
from generator.motion.interpolation import Path
from generator.motion.scene import Scene
from livelink.channels import CHANNEL_COUNT, SHAPE_COUNT, Channel


def make_pose(**named: float) -> np.ndarray:
    """Return a (61,) pose by wire name, eye rotations following."""
    values = np.zeros(CHANNEL_COUNT)
    for name, value in named.items():
        values[Channel[name]] = value
    return follow_gaze(constrain(values))


def make_keys(*rows: tuple[float, float, np.ndarray]) -> Keys:
    """Return keys from (time_s, hold_s, pose) rows."""
    times, holds, poses = zip(*rows, strict=True)
    return Keys(np.array(times), np.array(holds), np.stack(poses))


def random_keys(seed: int, count: int = 3) -> Keys:
    """Return consistent random keys, about half of each pose at rest."""
    rng = np.random.default_rng(seed)
    poses = rng.uniform(0.0, 1.0, (count, CHANNEL_COUNT)) * rng.integers(
        0, 2, (count, CHANNEL_COUNT)
    )
    poses[:, SHAPE_COUNT:] = rng.uniform(-0.8, 0.8, (count, CHANNEL_COUNT - SHAPE_COUNT))
    holds = rng.uniform(0.0, 1.5, count) * rng.integers(0, 2, count)
    transitions = rng.uniform(0.05, 1.5, count)
    times = np.cumsum(transitions) + np.concatenate(([0.0], np.cumsum(holds)[:-1]))
    return Keys(times, holds, follow_gaze(constrain(poses)))


def make_scene(
    keys: Keys,
    mood: Mood = Mood(),  # noqa: B008 - frozen
    kind: Interpolation = Interpolation.MINIMUM_JERK,
    span_s: tuple[float, float] = (0.0, 60.0),
) -> Scene:
    """Return the scene of keys."""
    return Scene.of(keys, Path.of(keys, kind), mood, span_s)


@pytest.fixture(scope="session")
def pose() -> Callable[..., np.ndarray]:
    return make_pose


@pytest.fixture(scope="session")
def keys_of() -> Callable[..., Keys]:
    return make_keys


@pytest.fixture(scope="session")
def scene_of() -> Callable[..., Scene]:
    return make_scene


@pytest.fixture(scope="session")
def any_keys() -> Callable[..., Keys]:
    return random_keys
