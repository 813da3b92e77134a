"""The numbers of the motion, each beside its baseline or published range; for `bench motion`.

Reads the shipped corpus and statistics, renders with every interpolation, measures. Nothing here
changes what is rendered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.corpus import CorpusScript, corpus_paths, read_corpus
from generator.motion.constraints import constrain
from generator.motion.interpolation import Interpolation, Keys
from generator.motion.layers import LayerSpec, Mood, default_layers
from generator.motion.sampling import sample
from generator.motion.statistics import MEASURES, distance, quantiles_of, real_motion
from livelink.channels import CHANNEL_COUNT, CHANNELS, Channel, Region

RATE_HZ = 60.0
CLOSING_MS = (75.0, 150.0)
OPENING_MS = (150.0, 300.0)
PER_MINUTE = (10.0, 25.0)
"""Published ranges; sources in `generator.motion.blinks`."""

_LOW = np.array([info.low for info in CHANNELS], np.float32)
_HIGH = np.array([info.high for info in CHANNELS], np.float32)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """How far motion is from the real stream's, in one region, by one measure (Wasserstein).

    Attributes:
        region, measure: What was compared.
        linear, minimum_jerk, living: Distances: without layers twice, and with all of them.
    """

    region: str
    measure: str
    linear: float
    minimum_jerk: float
    living: float

    @property
    def closer(self) -> bool:
        """Whether the layers brought the motion closer than both baselines."""
        return self.living < min(self.linear, self.minimum_jerk)


@dataclass(frozen=True, slots=True)
class BlinkFigures:
    """Blinks as measured on rendered lids at 240 Hz, 2 % to 98 % of their depth.

    Attributes:
        count: How many were measured.
        closing_ms, opening_ms: (least, median, most).
        per_minute: For a calm, a neutral and an excited mood.
        interval_s: (5 %, median, 95 %) between blinks in the neutral mood.
    """

    count: int
    closing_ms: tuple[float, float, float]
    opening_ms: tuple[float, float, float]
    per_minute: tuple[float, float, float]
    interval_s: tuple[float, float, float]

    @property
    def human(self) -> bool:
        """Whether all of it lies within the published ranges."""
        return (
            _within(self.closing_ms, CLOSING_MS)
            and _within(self.opening_ms, OPENING_MS)
            and _within(self.per_minute, PER_MINUTE)
        )


@dataclass(frozen=True, slots=True)
class MotionReport:
    """Every number of the motion.

    Attributes:
        scripts, frames: What was rendered.
        pose_error: Most that a frame at a key or a hold's end differs from its pose, layers off.
        living_error: (99 %, most) of the same with all layers, at the keys.
        overshoot: Most that any value is outside its channel's range, or lips beyond the jaw.
        render_ms: Processor time of rendering 10 s at 60 Hz with all layers, best of several.
        blinks: How the eyes blink.
        rows: Distances to real motion.
    """

    scripts: int
    frames: int
    pose_error: float
    living_error: tuple[float, float]
    overshoot: float
    render_ms: float
    blinks: BlinkFigures
    rows: tuple[RegionRow, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)

    def lines(self) -> tuple[str, ...]:
        """Return the report as text, one line each."""
        blinks = self.blinks
        p99, most = self.living_error
        people = "(people {:g} to {:g})"
        rates = " / ".join(f"{rate:.1f}" for rate in blinks.per_minute)
        head = [
            f"rendered: {self.scripts} corpus scripts, {self.frames} frames at 60 Hz",
            f"pose error, layers off: {self.pose_error:.1e} (to reach: 1e-6)",
            f"pose error at the keys, layers on: p99 {p99:.3f}, most {most:.3f}",
            f"overshoot of range: {self.overshoot:g} (to reach: 0)",
            f"10 s at 60 Hz, all layers: {self.render_ms:.1f} ms (to reach: 20)",
            f"blink closing: {_spread(blinks.closing_ms)} ms {people.format(*CLOSING_MS)}",
            f"blink opening: {_spread(blinks.opening_ms)} ms {people.format(*OPENING_MS)}",
            f"blinks a minute, calm / neutral / excited: {rates} {people.format(*PER_MINUTE)}",
            f"between blinks: {_spread(blinks.interval_s)} s over {blinks.count} blinks",
            "distance to one real stream of 3 s (1-D Wasserstein; less is closer):",
            f"  {'region':8}{'measure':9}{'linear':>11}{'min-jerk':>11}{'living':>11}",
        ]
        table = [
            f"  {row.region:8}{row.measure:9}{row.linear:11.4g}{row.minimum_jerk:11.4g}"
            f"{row.living:11.4g}  {'closer' if row.closer else 'NOT closer'}"
            for row in self.rows
        ]
        return (*head, *table)


def motion_report(scripts: int = 60, seed: int = 1) -> MotionReport:
    """Return the numbers of the motion, measured now.

    Args:
        scripts: How many corpus scripts to render, spread over the whole corpus.
        seed: Seed of the layers.
    """
    everything = list(read_corpus(corpus_paths()))
    chosen = everything[:: max(1, len(everything) // max(scripts, 1))][:scripts]
    cast = [_keys_and_mood(script) for script in islice(chosen, scripts)]
    layers = default_layers(seed)
    linear = _rendered(cast, Interpolation.LINEAR, ())
    smooth = _rendered(cast, Interpolation.MINIMUM_JERK, ())
    living = _rendered(cast, Interpolation.MINIMUM_JERK, layers)
    return MotionReport(
        scripts=len(cast),
        frames=sum(len(values) for values in living),
        pose_error=max(_pose_errors(cast, kind, ()).max() for kind in Interpolation),
        living_error=_living_error(cast, layers),
        overshoot=max(_overshoot(values) for values in living),
        render_ms=_render_ms(cast[0], layers),
        blinks=_blink_figures(seed),
        rows=_rows(linear, smooth, living),
    )


Part = tuple[Keys, Mood]
Clips = list[NDArray[np.float32]]


def _keys_and_mood(script: CorpusScript) -> Part:
    plain = script.script
    poses = np.stack([beat.target for beat in script.beats])
    holds_s = np.array([beat.hold_s for beat in script.beats])
    mood = Mood(script.emotion, tuple(beat.original for beat in script.beats))
    return Keys(np.array(plain.times_s), holds_s, constrain(poses)), mood


def _rendered(cast: Sequence[Part], kind: Interpolation, layers: Sequence[LayerSpec]) -> Clips:
    clips = []
    for keys, mood in cast:
        times_s = np.arange(int(keys.ends_s[-1] * RATE_HZ) + 1) / RATE_HZ
        clips.append(sample(keys, times_s, kind, layers, mood=mood))
    return clips


def _pose_errors(
    cast: Sequence[Part], kind: Interpolation, layers: Sequence[LayerSpec]
) -> NDArray[np.float64]:
    errors = [np.zeros((1, CHANNEL_COUNT))]
    for keys, mood in cast:
        found = sample(keys, keys.times_s, kind, layers, mood=mood)
        errors.append(np.abs(found - keys.poses))
        if not layers:
            kept = sample(keys, keys.ends_s[-1:], kind, mood=mood)
            errors.append(np.abs(kept - keys.poses[-1:]))
    return np.concatenate(errors)


def _living_error(cast: Sequence[Part], layers: Sequence[LayerSpec]) -> tuple[float, float]:
    errors = _pose_errors(cast, Interpolation.MINIMUM_JERK, layers)
    return float(np.quantile(errors, 0.99)), float(errors.max())


def _overshoot(values: NDArray[np.float32]) -> float:
    beyond = np.maximum(values - _HIGH, _LOW - values).max()
    lips = (values[:, Channel.MouthClose] - values[:, Channel.JawOpen]).max()
    return float(max(beyond, lips, 0.0))


def _render_ms(part: Part, layers: Sequence[LayerSpec]) -> float:
    keys, mood = part
    stretch = 10.0 / keys.ends_s[-1]
    keys = Keys(keys.times_s * stretch, keys.holds_s * stretch, keys.poses)
    times_s = np.arange(600) / RATE_HZ

    def render() -> None:
        sample(keys, times_s, Interpolation.MINIMUM_JERK, layers, mood=mood)

    return 1000.0 * min(_timed(render) for _ in range(9))


def _timed(work: Callable[[], None]) -> float:
    started_s = time.process_time()
    work()
    return time.process_time() - started_s


def _blink_figures(seed: int, minutes: float = 20.0, rate_hz: float = 240.0) -> BlinkFigures:
    """Measure the blinks of a neutral face that is held for some minutes in three moods."""
    keys = Keys(np.array([0.5]), np.array([60.0 * minutes]), np.zeros((1, CHANNEL_COUNT)))
    times_s = np.arange(int(60.0 * minutes * rate_hz)) / rate_hz
    layer = (LayerSpec("blinks", seed=seed),)
    rates, measured, starts = [], np.zeros((0, 2)), np.zeros(0)
    for emotion in ("calm", "", "excited"):
        lids = sample(keys, times_s, Interpolation.LINEAR, layer, mood=Mood(emotion))
        onsets, phases = _measured(lids[:, Channel.EyeBlinkLeft].astype(float), rate_hz)
        rates.append(len(onsets) / minutes)
        if not emotion:
            starts, measured = onsets, phases
    closing, opening = 1000.0 * measured.T
    return BlinkFigures(
        len(starts),
        _quantiles(closing, (0.0, 0.5, 1.0)),
        _quantiles(opening, (0.0, 0.5, 1.0)),
        (rates[0], rates[1], rates[2]),
        _quantiles(np.diff(starts), (0.05, 0.5, 0.95)),
    )


def _measured(lid: NDArray[np.float64], rate_hz: float) -> tuple[NDArray[np.float64], Any]:
    """Return each blink's onset (b,) and its closing and opening seconds (b, 2)."""
    down = (lid > 0.02 * lid.max()).astype(int)
    first, last = np.flatnonzero(np.diff(down) == 1) + 1, np.flatnonzero(np.diff(down) == -1) + 1
    phases = []
    for start, stop in zip(first, last, strict=False):
        stretch = lid[start:stop]
        shut = np.flatnonzero(stretch >= 0.98 * stretch.max())
        phases.append((shut[0], len(stretch) - shut[-1]))
    return first[: len(phases)] / rate_hz, np.array(phases).reshape(-1, 2) / rate_hz


def _rows(linear: Clips, smooth: Clips, living: Clips) -> tuple[RegionRow, ...]:
    real = real_motion()
    found = [quantiles_of(clips, RATE_HZ) for clips in (linear, smooth, living)]
    return tuple(
        RegionRow(
            region.value,
            measure,
            *(distance(quantiles[region][measure], real[region][measure]) for quantiles in found),
        )
        for region in Region
        for measure in MEASURES
    )


def _quantiles(
    values: NDArray[np.float64], shares: tuple[float, float, float]
) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in np.quantile(values, shares))
    return low, middle, high


def _within(values: Sequence[float], span: tuple[float, float]) -> bool:
    return all(span[0] <= value <= span[1] for value in values)


def _spread(values: tuple[float, float, float]) -> str:
    return " .. ".join(f"{value:.3g}" for value in values)
