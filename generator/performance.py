"""Performance: a script with its keyframes, the document that is edited, saved and rendered.

Pure. `render` is a function of the document alone: the same document gives the same clip.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from generator.documents import checked, text_of
from generator.errors import DocumentError
from generator.motion import CurvePoint, Interpolation, Keys, LayerSpec, Mood, sample
from generator.motion.interpolation import MIN_STEP_S
from generator.script import Script
from livelink.channels import CHANNEL_COUNT, Channel
from livelink.clip import Clip
from livelink.errors import FrameError, TimecodeError
from livelink.frame import Values, as_values
from livelink.timecode import FrameRate

SCHEMA = "facewright.performance/1"

DEFAULT_SUBJECT = "Facewright"
MAX_RENDERED_FRAMES = 4_000_000

_RATE_60 = FrameRate(60)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a keyframe's values came from.

    Attributes:
        model: The model's registry name.
        adapter_hash: Hash of the weights or adapter, or "".
        prompt_version: Version of the prompt texts, or "".
        seed: Seed of the request.
        text: Which text was read: "anatomical" or "original".
    """

    model: str
    adapter_hash: str = ""
    prompt_version: str = ""
    seed: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Keyframe:
    """One pose in time.

    Attributes:
        id: Stable within the document.
        beat: Index of the script's beat it plays, or None when it was set by hand.
        time_s: Second at which the pose is reached.
        hold_s: Seconds it stays.
        values: (61,) float32 in wire order.
        locked: Whether regenerating leaves it alone.
        source: Who made the values; None for a person.
    """

    id: str
    beat: int | None
    time_s: float
    hold_s: float
    values: Values
    locked: bool = False
    source: Source | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", as_values(self.values))
        for name, value in (("time_s", self.time_s), ("hold_s", self.hold_s)):
            if not (math.isfinite(value) and value >= 0.0):
                raise DocumentError(f"Keyframe {self.id}: {name} must be >= 0, not {value!r}.")


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """A script with its keyframes.

    Attributes:
        script: What is performed.
        keyframes: In time order; holds do not reach over the next keyframe.
        curves: Points set by hand, per channel; they take the place of the keyframes there.
        interpolation: How the face moves between keyframes.
        layers: What lives on top: breath, blinks, gaze ...
        audio: (file, offset in seconds) played along, or None.
        subject: The Live Link subject it performs as.
        rate: Frames per second it is rendered at unless asked otherwise.
    """

    script: Script
    keyframes: tuple[Keyframe, ...]
    curves: Mapping[Channel, tuple[CurvePoint, ...]] = field(default_factory=dict)
    interpolation: Interpolation = Interpolation.MINIMUM_JERK
    layers: tuple[LayerSpec, ...] = ()
    audio: tuple[str, float] | None = None
    subject: str = DEFAULT_SUBJECT
    rate: FrameRate = _RATE_60

    def __post_init__(self) -> None:
        object.__setattr__(self, "keyframes", tuple(self.keyframes))
        object.__setattr__(self, "layers", tuple(self.layers))
        object.__setattr__(self, "curves", MappingProxyType(dict(self.curves)))
        if not self.keyframes:
            raise DocumentError("A performance has at least one keyframe.")
        for before, after in zip(self.keyframes, self.keyframes[1:], strict=False):
            if after.time_s < before.time_s + max(before.hold_s - 1e-6, MIN_STEP_S):
                raise DocumentError(
                    f"Keyframe {after.id} at {after.time_s:g} s begins before "
                    f"{before.id} has ended its hold."
                )

    @classmethod
    def of(
        cls,
        script: Script,
        poses: Sequence[Values],
        sources: Sequence[Source | None],
        **settings: Any,
    ) -> Performance:
        """Return the performance of a script whose beats have the given poses.

        Args:
            script: The script; its beats give the times.
            poses: One (61,) array a beat.
            sources: Who made each of them.
            settings: Further fields (`interpolation`, `layers`, `subject` ...).
        """
        keyframes = tuple(
            Keyframe(f"k{index + 1}", index, time_s, beat.hold_s, values, source=source)
            for index, (time_s, beat, values, source) in enumerate(
                zip(script.times_s, script.beats, poses, sources, strict=True)
            )
        )
        return cls(script, keyframes, **settings)

    @property
    def duration_s(self) -> float:
        """Seconds from neutral to the end of the last hold."""
        last = self.keyframes[-1]
        return last.time_s + last.hold_s

    def with_keyframe(self, index: int, keyframe: Keyframe) -> Performance:
        """Return the performance with one keyframe exchanged."""
        keyframes = list(self.keyframes)
        keyframes[index] = keyframe
        return replace(self, keyframes=tuple(keyframes))

    def sample(self, times_s: Sequence[float] | np.ndarray[Any, Any]) -> Values:
        """Return the (n, 61) float32 values at the given seconds, in range by construction."""
        beats = self.script.beats
        texts = tuple(
            "" if k.beat is None or k.beat >= len(beats) else beats[k.beat].description
            for k in self.keyframes
        )
        keys = Keys(
            np.array([k.time_s for k in self.keyframes]),
            np.array([k.hold_s for k in self.keyframes]),
            np.stack([k.values for k in self.keyframes]).astype(np.float64),
        )
        mood = Mood(self.script.emotion, texts)
        times = np.asarray(times_s, np.float64)
        return sample(keys, times, self.interpolation, self.layers, self.curves, mood)

    def render(self, rate: FrameRate | None = None) -> Clip:
        """Return the motion, from neutral to the end of the last hold, at a constant rate.

        Raises:
            DocumentError: More than 4,000,000 frames.
        """
        rate = rate or self.rate
        count = math.floor(self.duration_s * rate.fps + 1e-9) + 1
        if count > MAX_RENDERED_FRAMES:
            raise DocumentError(f"{count} frames are more than {MAX_RENDERED_FRAMES}.")
        times_s = np.arange(count) * (rate.denominator / rate.numerator)
        return Clip(self.sample(times_s), rate, metadata={"subject": self.subject})

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form (schema facewright.performance/1); zeros are left out."""
        return {
            "schema": SCHEMA,
            "script": self.script.to_json(),
            "keyframes": [_keyframe_json(keyframe) for keyframe in self.keyframes],
            "curves": {
                channel.name: [point.to_json() for point in points]
                for channel, points in self.curves.items()
            },
            "interpolation": self.interpolation.value,
            "layers": [layer.to_json() for layer in self.layers],
            "audio": self.audio and {"file": self.audio[0], "offset_s": self.audio[1]},
            "subject": self.subject,
            "rate": {"numerator": self.rate.numerator, "denominator": self.rate.denominator},
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Performance:
        """Return the performance of a JSON document, older versions upgraded.

        Raises:
            NewerDocumentError: Written by a later Facewright.
            DocumentError: Not a performance, or a field out of form; the message names it.
        """
        data = checked(document, SCHEMA)
        try:
            audio = data["audio"]
            return cls(
                script=Script.from_json(data["script"]),
                keyframes=tuple(_keyframe_from(item) for item in data["keyframes"]),
                curves={
                    _channel(name): tuple(CurvePoint.from_json(point) for point in points)
                    for name, points in data["curves"].items()
                },
                interpolation=Interpolation(data["interpolation"]),
                layers=tuple(LayerSpec.from_json(layer) for layer in data["layers"]),
                audio=audio and (audio["file"], float(audio["offset_s"])),
                subject=data["subject"],
                rate=FrameRate(data["rate"]["numerator"], data["rate"]["denominator"]),
            )
        except (FrameError, TimecodeError) as exc:
            raise DocumentError(f"{str(exc).capitalize()}.") from exc

    def dumps(self) -> str:
        """Return the JSON text."""
        return json.dumps(self.to_json(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def loads(cls, text: str) -> Performance:
        """Return the performance of a JSON text.

        Raises:
            DocumentError: As `from_json`, or not JSON.
        """
        return cls.from_json(text_of(text))


def named_values(values: Values) -> dict[str, float]:
    """Return (61,) values by wire name, zeros left out; reads back to the same float32."""
    return {c.name: float(f"{values[c]:.9g}") for c in Channel if values[c] != 0.0}


def values_of(named: Mapping[str, float]) -> Values:
    """Return the (61,) array of values by wire name; what is not named is 0.

    Raises:
        DocumentError: An unknown name, or a value that is not finite.
    """
    values = np.zeros(CHANNEL_COUNT, np.float32)
    for name, value in named.items():
        values[_channel(name)] = value
    try:
        return as_values(values)
    except FrameError as exc:
        raise DocumentError(f"{str(exc).capitalize()}.") from exc


def _channel(name: str) -> Channel:
    try:
        return Channel[name]
    except KeyError:
        raise DocumentError(f"There is no channel {name[:60]!r}.") from None


def _keyframe_json(keyframe: Keyframe) -> dict[str, Any]:
    source = keyframe.source
    return {
        "id": keyframe.id,
        "beat": keyframe.beat,
        "time_s": keyframe.time_s,
        "hold_s": keyframe.hold_s,
        "values": named_values(keyframe.values),
        "locked": keyframe.locked,
        "source": source
        and {
            "model": source.model,
            "adapter_hash": source.adapter_hash,
            "prompt_version": source.prompt_version,
            "seed": source.seed,
            "text": source.text,
        },
    }


def _keyframe_from(item: Mapping[str, Any]) -> Keyframe:
    source = item["source"]
    return Keyframe(
        id=item["id"],
        beat=item["beat"],
        time_s=float(item["time_s"]),
        hold_s=float(item["hold_s"]),
        values=values_of(item["values"]),
        locked=item["locked"],
        source=source and Source(**source),
    )
