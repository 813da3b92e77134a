"""Curves set by hand: points with tangents for one channel, and their JSON form. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import DocumentError

TANGENTS = ("auto-clamped", "flat", "linear", "step", "free")
"""What a tangent can be called.

auto-clamped: smooth, flat in turning points, never beyond the neighbours. flat: at rest.
linear: straight to the neighbour on that side. step: keeps the value up to the next point.
free: smooth through the neighbours, may overshoot them; or its two slopes given as numbers.
"""

_MAX_SLOPE = 1e4


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a channel's curve.

    Attributes:
        time_s: Its second, >= 0.
        value: The channel's value there.
        tangents: A name of `TANGENTS`, or the slopes (in, out) in units per second.
    """

    time_s: float
    value: float
    tangents: str | tuple[float, float] = "auto-clamped"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.time_s) and self.time_s >= 0.0):
            raise DocumentError(f"A curve point's time must be >= 0 s, not {self.time_s!r}.")
        if not math.isfinite(self.value):
            raise DocumentError(f"A curve point's value must be finite, not {self.value!r}.")
        if isinstance(self.tangents, str):
            if self.tangents not in TANGENTS:
                known = ", ".join(TANGENTS)
                raise DocumentError(f"Tangents are {known} or two slopes, not {self.tangents!r}.")
            return
        slopes: tuple[object, ...] = self.tangents  # a reader may bring anything
        if len(slopes) != 2 or not all(_is_slope(slope) for slope in slopes):
            raise DocumentError(f"Tangent slopes are two numbers, not {self.tangents!r}.")
        object.__setattr__(self, "tangents", tuple(float(slope) for slope in self.tangents))

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        tangents = self.tangents if isinstance(self.tangents, str) else list(self.tangents)
        return {"time_s": self.time_s, "value": self.value, "tangents": tangents}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> CurvePoint:
        """Return the point of a JSON object.

        Raises:
            DocumentError: A field is missing or out of form.
        """
        tangents = document.get("tangents", "auto-clamped")
        if not isinstance(tangents, str):
            if not isinstance(tangents, list):
                raise DocumentError(f"Tangents are a name or two slopes, not {tangents!r}.")
            tangents = tuple(tangents)
        time_s, value = document.get("time_s"), document.get("value")
        if not all(_is_number(number) for number in (time_s, value)):
            raise DocumentError("A curve point has a time_s and a value, both numbers.")
        return cls(float(document["time_s"]), float(document["value"]), tangents)


def evaluate(points: Sequence[CurvePoint], times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the curve's (n,) values at `times_s` (n,).

    Before the first and after the last point the curve keeps that point's value. Of several points
    at one time the last counts.

    Args:
        points: At least one point, in any order.
        times_s: Seconds, in any order.
    """
    by_time = {point.time_s: point for point in sorted(points, key=lambda point: point.time_s)}
    ordered = list(by_time.values())
    times = np.array([point.time_s for point in ordered])
    values = np.array([point.value for point in ordered])
    at_s = np.clip(times_s, times[0], times[-1])
    if len(ordered) == 1:
        return np.full(len(at_s), values[0])
    into, out_of = _slopes(ordered, times, values)
    segment = np.clip(np.searchsorted(times, at_s, side="right") - 1, 0, len(times) - 2)
    length = times[segment + 1] - times[segment]
    share = (at_s - times[segment]) / length
    rest = 1.0 - share
    left, right = values[segment], values[segment + 1]
    secant = right - left
    bend = (out_of[segment] * length - secant) * rest - (
        into[segment + 1] * length - secant
    ) * share
    curve: NDArray[np.float64] = left * rest + right * share + share * rest * bend
    steps = np.array([point.tangents == "step" for point in ordered])[segment] & (share < 1.0)
    return np.where(steps, left, curve)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_slope(slope: object) -> bool:
    return isinstance(slope, int | float) and _is_number(slope) and abs(slope) <= _MAX_SLOPE


def _slopes(
    points: Sequence[CurvePoint], times: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the slope into and out of each point, (k,) each, in units per second."""
    secants = np.diff(values) / np.diff(times)
    before = np.concatenate((secants[:1], secants))
    after = np.concatenate((secants, secants[-1:]))
    smooth = np.gradient(values, times) if len(times) > 2 else before
    # Fritsch and Carlson: a slope within three times the flatter secant keeps the cubic monotone.
    limit = 3.0 * np.minimum(np.abs(before), np.abs(after))
    clamped = np.where(before * after > 0.0, np.clip(smooth, -limit, limit), 0.0)
    clamped[0] = clamped[-1] = 0.0
    into, out_of = clamped.copy(), clamped.copy()
    for index, point in enumerate(points):
        match point.tangents:
            case "flat" | "step":
                into[index] = out_of[index] = 0.0
            case "linear":
                into[index], out_of[index] = before[index], after[index]
            case "free":
                into[index] = out_of[index] = smooth[index]
            case (float(slope_in), float(slope_out)):
                into[index], out_of[index] = slope_in, slope_out
    return into, out_of
