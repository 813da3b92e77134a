"""What lives on top of the keyframes: which layers exist, how one is set, and the mood. Pure.

A layer has a weight (0 switches it off), the regions it may touch, a seed and a few numbers. What
each one does is in the module of its name; `generator.motion.sampling` runs them, always in the
order of `KINDS`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from generator.errors import DocumentError
from livelink.channels import Region

_SEEDS = 2**53  # what JSON readers keep exactly


@dataclass(frozen=True, slots=True)
class Param:
    """A number that a layer can be tuned by.

    Attributes:
        default: Its value where nothing is said.
        low, high: Its range.
        meaning: What it does, with its unit.
    """

    default: float
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, slots=True)
class LayerKind:
    """A layer that exists.

    Attributes:
        name: Its name in documents.
        meaning: What it does, one plain line.
        regions: The regions it can act on.
        params: The numbers it can be tuned by.
    """

    name: str
    meaning: str
    regions: tuple[Region, ...]
    params: Mapping[str, Param] = field(default_factory=dict)


_ALL = tuple(Region)
_BUT_TONGUE = tuple(region for region in Region if region is not Region.TONGUE)
_FACTOR = Param(1.0, 0.0, 3.0, "how strong, as a factor")

KINDS: Mapping[str, LayerKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            LayerKind(
                "offsets", "eyes lead a change, brows follow, the mouth comes last", _BUT_TONGUE
            ),
            LayerKind("easing", "changes start and end as mood and speed have it", _BUT_TONGUE),
            LayerKind(
                "saccades",
                "eyes jump to a new target, lids go along, the head follows large shifts",
                (Region.LIDS, Region.GAZE, Region.HEAD),
            ),
            LayerKind("arcs", "a turning head dips and leans a little on its way", (Region.HEAD,)),
            LayerKind(
                "anticipation",
                "a slight move the other way before a large change",
                (Region.BROWS, Region.JAW, Region.HEAD),
                {"amount": _FACTOR},
            ),
            LayerKind(
                "settle",
                "a slight overrun that comes to rest after a quick change",
                (Region.BROWS, Region.CHEEKS, Region.JAW, Region.MOUTH, Region.HEAD),
                {"amount": _FACTOR},
            ),
            LayerKind(
                "drift",
                "held poses waver a little, as held faces do",
                _ALL,
                {"amount": _FACTOR},
            ),
            LayerKind(
                "breath",
                "the head, nostrils and lips move with the breath",
                (Region.NOSE, Region.JAW, Region.MOUTH, Region.HEAD),
                {
                    "rate_per_min": Param(
                        0.0, 0.0, 60.0, "breaths a minute; 0 leaves it to the mood"
                    )
                },
            ),
            LayerKind(
                "microsaccades",
                "tiny jumps of eyes that fixate",
                (Region.GAZE,),
                {"rate_hz": Param(1.2, 0.0, 5.0, "jumps a second")},
            ),
            LayerKind(
                "gestures",
                "a beat that says wink, blink, nod, shake ... does it",
                _ALL,
            ),
            LayerKind(
                "blinks",
                "spontaneous blinks, and blinks at gaze shifts",
                (Region.LIDS, Region.BROWS, Region.CHEEKS),
                {"rate_per_min": Param(0.0, 0.0, 60.0, "blinks a minute; 0 leaves it to the mood")},
            ),
        )
    }
)
"""Every layer, in the order in which they run."""


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer as a performance sets it.

    Attributes:
        name: A name of `KINDS`.
        weight: How much of it, 0 (off) ... 1.
        regions: The regions it may touch; empty means all it can act on.
        seed: Its seed; the same seed gives the same motion.
        params: Its numbers; what is not named has its default.
    """

    name: str
    weight: float = 1.0
    regions: tuple[Region, ...] = ()
    seed: int = 0
    params: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kind = KINDS.get(self.name)
        if kind is None:
            known = ", ".join(KINDS)
            raise DocumentError(f"There is no layer {self.name[:60]!r}.", f"There are: {known}.")
        if not (math.isfinite(self.weight) and 0.0 <= self.weight <= 1.0):
            raise DocumentError(f"Layer {self.name}: weight is 0 to 1, not {self.weight!r}.")
        if not 0 <= self.seed < _SEEDS:
            raise DocumentError(f"Layer {self.name}: seed is 0 to 2^53 - 1, not {self.seed!r}.")
        for region in self.regions:
            if region not in kind.regions:
                known = ", ".join(r.value for r in kind.regions)
                raise DocumentError(
                    f"Layer {self.name} does not act on {region.value!r}.", f"It acts on: {known}."
                )
        for name, value in self.params.items():
            _check_param(kind, name, value)
        object.__setattr__(self, "regions", tuple(dict.fromkeys(self.regions)))
        params = {name: float(value) for name, value in self.params.items()}
        object.__setattr__(self, "params", MappingProxyType(params))

    @property
    def active_regions(self) -> tuple[Region, ...]:
        """The regions it does touch."""
        return self.regions or KINDS[self.name].regions

    def param(self, name: str) -> float:
        """Return a number of the layer, or its default."""
        return self.params.get(name, KINDS[self.name].params[name].default)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "weight": self.weight,
            "regions": [region.value for region in self.regions],
            "seed": self.seed,
            "params": dict(self.params),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> LayerSpec:
        """Return the layer of a JSON object.

        Raises:
            DocumentError: An unknown layer, region or param, or a number out of range.
        """
        name, seed = document.get("name"), document.get("seed", 0)
        regions, params = document.get("regions", ()), document.get("params", {})
        numbers = (document.get("weight"), *params.values())
        if not isinstance(name, str) or not all(_is_number(number) for number in numbers):
            raise DocumentError("A layer has a name and a weight; its params are numbers.")
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise DocumentError(f"Layer {name[:60]}: the seed is a whole number, not {seed!r}.")
        found = tuple(_region(value) for value in regions)
        return cls(name, float(document["weight"]), found, seed, dict(params))


@dataclass(frozen=True, slots=True)
class Mood:
    """What the words say about how to move.

    Attributes:
        emotion: The script's emotion, or "".
        texts: The words of each key, "" where there are none; may be shorter than the keys.
    """

    emotion: str = ""
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", tuple(self.texts))

    def text(self, index: int) -> str:
        """Return the words of key `index`, or ""."""
        return self.texts[index] if index < len(self.texts) else ""


def default_layers(seed: int = 0) -> tuple[LayerSpec, ...]:
    """Return every layer at full weight, all with the given seed."""
    return tuple(LayerSpec(name, seed=seed) for name in KINDS)


def _is_number(value: object) -> bool:
    """Return whether a parsed JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_param(kind: LayerKind, name: str, value: float) -> None:
    param = kind.params.get(name)
    if param is None:
        known = ", ".join(kind.params) or "none"
        raise DocumentError(f"Layer {kind.name} has no param {name[:60]!r}.", f"It has: {known}.")
    if not (math.isfinite(value) and param.low <= value <= param.high):
        raise DocumentError(
            f"Layer {kind.name}: {name} is {param.low:g} to {param.high:g}, not {value!r}."
        )


def _region(value: object) -> Region:
    try:
        return Region(value)
    except ValueError:
        known = ", ".join(region.value for region in Region)
        raise DocumentError(f"There is no region {value!r}.", f"There are: {known}.") from None
