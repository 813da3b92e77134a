from __future__ import annotations

import numpy as np
import pytest

from generator.motion.noise import Sines, events_until, rng_of


def test_the_same_labels_give_the_same_numbers_and_others_do_not():
    assert rng_of(1, "a", 2).random() == rng_of(1, "a", 2).random()
    assert len({rng_of(s, n).random() for s in range(5) for n in ("a", "b")}) == 10


def test_signals_have_unit_variance_and_the_asked_band():
    sines = Sines.of(rng_of(3, "x"), (0.5, 4.0), 1.0, np.eye(40))
    times = np.arange(60 * 240) / 60.0
    values = sines.at(times)
    assert values.std(axis=0).mean() == pytest.approx(1.0, abs=0.15)
    power = (np.abs(np.fft.rfft(values, axis=0)) ** 2).sum(axis=1)
    hz = np.fft.rfftfreq(len(times), 1 / 60.0)
    assert power[(hz > 0.4) & (hz < 4.2)].sum() > 0.98 * power.sum()
    assert power[(hz > 0.5) & (hz < 1.0)].mean() > 3 * power[(hz > 2.0) & (hz < 4.0)].mean()


def test_mixing_correlates_signals():
    shape = np.array([[1.0, 1.0], [0.3, 0.0], [0.0, 0.3]])
    values = Sines.of(rng_of(3, "x"), (0.5, 4.0), 1.0, shape).at(np.arange(6000) / 60.0)
    assert np.corrcoef(values.T)[0, 1] > 0.7


def test_an_event_train_does_not_depend_on_how_far_it_is_asked():
    short, long = (events_until(rng_of(1, "e"), 2.0, until) for until in (5.0, 500.0))
    assert short[-1] > 5.0
    assert long[-1] > 500.0
    assert np.array_equal(short, long[: len(short)])
    assert np.diff(long).mean() == pytest.approx(1.0, abs=0.1)
    assert np.diff(long).std() == pytest.approx(2.0**-0.5, abs=0.1)
