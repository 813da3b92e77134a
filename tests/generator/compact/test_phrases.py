from __future__ import annotations

import numpy as np

from generator.compact import units
from generator.compact.phrases import phrase


def _many(seed: int, count: int = 300) -> list[tuple[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    return [phrase(rng) for _ in range(count)]


def test_the_same_seed_says_the_same() -> None:
    one, other = _many(4, 40), _many(4, 40)
    assert [text for text, _ in one] == [text for text, _ in other]
    assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(one, other, strict=True))


def test_poses_are_in_range_and_texts_vary() -> None:
    phrases = _many(5)
    assert len({text for text, _ in phrases}) > 200
    for text, pose in phrases:
        assert pose.shape == (units.UNIT_COUNT,)
        assert 0.0 <= float(pose.min()) <= float(pose.max()) <= 1.0
        assert text.strip()
        assert float(pose.max()) > 0.0


def test_a_named_side_moves_more_than_the_other() -> None:
    left, right = (np.arange(units.PAIRED_COUNT)[start::2] for start in (0, 1))
    for text, pose in _many(6):
        words = set(text.lower().split())
        if "left" in words and "right" not in words and "," not in text and "and" not in words:
            assert pose[left].sum() >= pose[right].sum(), text
