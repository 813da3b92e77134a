"""Blinks: when, how fast, and when not. Pure.

Numbers, from the literature as far as we know it (marked where we read the abstract itself):

- Rate at rest about 17 a minute, 26 in conversation, 4 to 5 while reading (Bentivoglio and others
  1997); 19 for women and 11 for men at rest (Sforza and others 2008, abstract read). We keep to
  10 ... 25 a minute, by arousal.
- The lid takes some 75 to 150 ms to close and about twice as long to open: roughly 90 ms down and
  240 ms up (VanderWerf and others 2003), full closure in about 100 ms (Stern and others 1984);
  closing is 40 to 47 % faster than opening (Sforza, abstract read); the down-phase of a voluntary
  blink measured by coil is 78 +- 10 ms (abstract read).
- Gaze shifts bring blinks, the more surely the larger they are (Evinger and others 1994).
- Intervals are irregular; a gamma distribution of shape 2 stands for their spread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from generator.motion.gaze import shift_degrees
from generator.motion.gesture_words import denies_blinking
from generator.motion.interpolation import minimum_jerk
from generator.motion.layers import LayerSpec
from generator.motion.noise import events_until, rng_of
from generator.motion.scene import Effect, Floats, Scene, transitions
from livelink.channels import Channel

CLOSING_S = (0.110, 0.150)
CLOSED_S = (0.010, 0.050)
OPENING_S = (0.210, 0.290)
"""Ranges that the phases of a blink are drawn from."""

RATE_PER_MIN = (10.0, 17.0, 25.0)
"""Calm, in between, frantic."""

WIDE = 0.35
"""Lids lifted further than this are a peak that no spontaneous blink interrupts."""

_CLOSED = 0.55  # nor one where the eyes are all but shut,
_UNEVEN = 0.30  # or where one of them is: a wink
_MARGIN_S = 0.08
_APART_S = 0.9
_SHUT = 0.97

_BLINK = np.array([Channel.EyeBlinkLeft, Channel.EyeBlinkRight])
_WIDE = np.array([Channel.EyeWideLeft, Channel.EyeWideRight])


@dataclass(frozen=True, slots=True)
class Blink:
    """One blink.

    Attributes:
        start_s: When the lids begin to fall.
        closing_s, closed_s, opening_s: Its phases.
        depth: How far they fall, 1 fully.
    """

    start_s: float
    closing_s: float
    closed_s: float
    opening_s: float
    depth: float = 1.0

    @property
    def end_s(self) -> float:
        """When they are up again."""
        return self.start_s + self.closing_s + self.closed_s + self.opening_s

    def closure(self, times_s: Floats) -> Floats:
        """Return (n,) how far the lids are down, 0 open ... `depth`."""
        down = minimum_jerk(np.clip((times_s - self.start_s) / self.closing_s, 0.0, 1.0))
        up_s = self.start_s + self.closing_s + self.closed_s
        # The lid opens quickly at first and arrives slowly.
        up = np.clip((times_s - up_s) / self.opening_s, 0.0, 1.0) ** 0.75
        closure: Floats = self.depth * (down - minimum_jerk(up))
        return closure


def drawn(rng: np.random.Generator, start_s: float, depth: float = 1.0) -> Blink:
    """Return a blink with phases drawn from their ranges."""
    closing, closed, opening = (rng.uniform(*span) for span in (CLOSING_S, CLOSED_S, OPENING_S))
    return Blink(start_s, closing, closed, opening, depth)


def close_lids(values: Floats, closure: Floats, lids: Sequence[int] = (0, 1)) -> None:
    """Shut lids of (n, 61) values in place by (n,) closure; 0 is left, 1 is right."""
    for lid in lids:
        blink, wide = _BLINK[lid], _WIDE[lid]
        room = np.maximum(_SHUT - values[:, blink], 0.0)
        values[:, blink] += closure * room
        values[:, wide] *= 1.0 - closure


def blinks(scene: Scene, spec: LayerSpec, before: Callable[[Floats], Floats]) -> Effect:
    """Return the effect of spontaneous blinks and of blinks at gaze shifts.

    Args:
        scene: The scene.
        spec: The layer.
        before: Seconds (n,) -> values (n, 61) as they are without this layer; blinks keep clear of
            wide eyes, shut eyes and winks in it.
    """
    found = _fitting(_welcome(scene, schedule(scene, spec)), before)

    def blink(values: Floats, times_s: Floats) -> Floats:
        out = values.copy()
        first, last = (times_s.min(), times_s.max()) if len(times_s) else (0.0, 0.0)
        for one in found:
            if one.end_s <= first or one.start_s >= last:
                continue
            rows = (times_s > one.start_s) & (times_s < one.end_s)
            part = out[rows]
            close_lids(part, one.closure(times_s[rows]))
            out[rows] = part
        return out

    return blink


def schedule(scene: Scene, spec: LayerSpec) -> tuple[Blink, ...]:
    """Return the blinks that the words and the gaze call for, within the scene's span.

    Which of them fit the face is not decided here.
    """
    shifts = _at_shifts(scene, spec)
    first_s, last_s = scene.span_s
    planned = [blink for blink in shifts if blink.end_s > first_s and blink.start_s < last_s]
    taken_s = np.array([blink.start_s for blink in shifts] or [-np.inf])
    rng = rng_of(spec.seed, "blink phases")
    for start_s in _spontaneous(scene, spec):
        blink = drawn(rng, float(start_s))  # drawn for each, so that no other depends on it
        clear = np.abs(taken_s - start_s).min() >= _APART_S
        if clear and blink.end_s > first_s and blink.start_s < last_s:
            planned.append(blink)
    return tuple(sorted(planned, key=lambda blink: blink.start_s))


def _rates(scene: Scene, spec: LayerSpec) -> Floats:
    asked = spec.param("rate_per_min")
    if asked > 0.0:
        return np.full(len(scene.keys), asked / 60.0)
    return np.interp(scene.arousal, (-1.0, 0.0, 1.0), RATE_PER_MIN) / 60.0


def _spontaneous(scene: Scene, spec: LayerSpec) -> Floats:
    """Return the times of spontaneous blinks: unit-rate events, stretched by each key's rate."""
    rates = _rates(scene, spec)
    ends_s = scene.keys.ends_s
    bounds_s = np.concatenate(([0.0], ends_s))
    expected = np.concatenate(([0.0], np.cumsum(np.diff(bounds_s) * rates)))
    last_s = max(scene.span_s[1], 0.0)
    beyond = max(0.0, last_s - bounds_s[-1]) * rates[-1]
    counts = events_until(rng_of(spec.seed, "blinks"), 2.0, expected[-1] + beyond)
    inside = np.interp(counts, expected, bounds_s)
    after = bounds_s[-1] + (counts - expected[-1]) / rates[-1]
    times_s = np.where(counts <= expected[-1], inside, after)
    apart = np.concatenate(([True], np.diff(times_s) >= _APART_S))
    return np.asarray(times_s[apart & (times_s <= last_s)])


def _at_shifts(scene: Scene, spec: LayerSpec) -> list[Blink]:
    found: list[Blink] = []
    for step in transitions(scene.path):
        rng = rng_of(spec.seed, "blink at shift", step.key)
        degrees = shift_degrees(step.change) + 0.5 * np.degrees(abs(step.change[Channel.HeadYaw]))
        chance = np.clip((degrees - 8.0) / 30.0, 0.0, 0.9)
        start_s = max(0.0, step.start_s - min(0.08, 0.5 * step.rest_before_s))
        if rng.uniform() < chance and (not found or start_s - found[-1].start_s >= _APART_S):
            found.append(drawn(rng, start_s))
    return found


def _welcome(scene: Scene, planned: Sequence[Blink]) -> list[Blink]:
    """Return the blinks that hide neither a pose being reached nor the end, nor are forbidden."""
    reached_s = np.append(scene.keys.times_s, scene.keys.ends_s[-1])
    bounds_s = np.concatenate(([0.0], scene.keys.ends_s))
    staring = [
        (bounds_s[index], bounds_s[index + 1])
        for index in range(len(scene.keys))
        if denies_blinking(scene.mood.text(index))
    ]
    return [
        blink
        for blink in planned
        if not ((reached_s > blink.start_s - 0.05) & (reached_s < blink.end_s - 0.05)).any()
        and not any(blink.end_s > first and blink.start_s < last for first, last in staring)
    ]


def _fitting(planned: Sequence[Blink], before: Callable[[Floats], Floats]) -> tuple[Blink, ...]:
    """Return the blinks that meet neither wide nor shut nor uneven eyes from start to end."""
    if not planned:
        return ()
    probes = 7
    marks = [
        np.linspace(blink.start_s - _MARGIN_S, blink.end_s + _MARGIN_S, probes) for blink in planned
    ]
    values = before(np.concatenate(marks))
    wide = values[:, _WIDE].max(axis=1) >= WIDE
    shut = values[:, _BLINK].max(axis=1) >= _CLOSED
    uneven = np.abs(np.diff(values[:, _BLINK], axis=1))[:, 0] >= _UNEVEN
    bad = (wide | shut | uneven).reshape(-1, probes).any(axis=1)
    return tuple(blink for blink, out in zip(planned, bad, strict=True) if not out)
