from __future__ import annotations

import numpy as np
import pytest

from bridge.bench.cadence import cadence_of


def _arrivals(seconds: np.ndarray) -> np.ndarray:
    return np.round(1.7e18 + seconds * 1e9).astype(np.int64)


def test_an_even_stream_has_no_error() -> None:
    ticks = np.arange(3600.0)
    found = cadence_of(_arrivals(ticks / 60), 1e6 + ticks)
    assert abs(found.rate_error_ppm) < 0.01
    assert found.interval_error_p99_ms < 0.001
    assert (found.skipped, found.bursts) == (0, 0)


def test_a_slow_clock_shows_in_ppm() -> None:
    ticks = np.arange(3600.0)
    assert cadence_of(_arrivals(ticks / 60 * 1.0001), ticks).rate_error_ppm == pytest.approx(100)


def test_a_skipped_tick_is_no_interval_error_and_a_burst_is_seen() -> None:
    ticks = np.delete(np.arange(600.0), [100, 101])
    seconds = ticks / 60
    found = cadence_of(_arrivals(seconds), ticks)
    assert found.skipped == 2
    assert found.interval_error_max_ms < 0.001
    seconds[200] = seconds[201] - 0.001
    assert cadence_of(_arrivals(seconds), ticks).bursts == 1
