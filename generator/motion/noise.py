"""Seeded randomness that is a function of absolute time alone. Pure.

A sum of sines can be asked for any moment, in any order, and always answers the same; so can an
event train that is drawn from its start.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rng_of(seed: int, *labels: str | int) -> np.random.Generator:
    """Return a generator for a seed and a purpose; other labels give unrelated numbers."""
    words = [zlib.crc32(str(label).encode()) for label in labels]
    return np.random.default_rng([seed, *words])


@dataclass(frozen=True, slots=True, eq=False)
class Sines:
    """Smooth random signals as sums of sines.

    Attributes:
        omegas: (f,) angular frequencies, radians a second.
        cosines, sines: (f, c) weights of each frequency in each of c signals.
    """

    omegas: Floats
    cosines: Floats
    sines: Floats

    @classmethod
    def of(
        cls, rng: np.random.Generator, band_hz: tuple[float, float], slope: float, shape: Floats
    ) -> Sines:
        """Return signals of unit variance whose amplitude falls as 1 / f^slope over a band.

        Args:
            rng: Its randomness.
            band_hz: Lowest and highest frequency.
            slope: How steeply the amplitude per root hertz falls.
            shape: (l, c) how l independent signals mix into c; every column is normalised.
        """
        count = 20
        edges = np.geomspace(*band_hz, count + 1)
        width = np.diff(edges)
        hz = edges[:-1] + width * rng.uniform(0.2, 0.8, count)
        power = hz ** (-2.0 * slope) * width
        amplitude = np.sqrt(power / power.sum())[:, None]
        mixing = shape / np.maximum(np.linalg.norm(shape, axis=0), 1e-12)
        latents = (count, len(shape))
        cosines = amplitude * rng.standard_normal(latents) @ mixing
        sines = amplitude * rng.standard_normal(latents) @ mixing
        return cls(2.0 * np.pi * hz, cosines, sines)

    def at(self, times_s: Floats) -> Floats:
        """Return the (n, c) signals at `times_s` (n,)."""
        phases = np.outer(times_s, self.omegas)
        values: Floats = np.cos(phases) @ self.cosines + np.sin(phases) @ self.sines
        return values


def events_until(rng: np.random.Generator, shape: float, until: float) -> Floats:
    """Return the increasing times of a renewal process of unit rate, up to and past `until`.

    Intervals are gamma distributed: shape 1 is a Poisson process, a larger one is more regular.
    The beginning of the train does not depend on `until`.
    """
    count = 32
    while True:
        state = rng.bit_generator.state
        times = np.cumsum(rng.gamma(shape, 1.0 / shape, count))
        if times[-1] > until:
            return np.asarray(times)
        rng.bit_generator.state = state
        count *= 2
