"""The numbers of the README, measured. Each module measures one thing and returns `Row`s."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured number.

    Attributes:
        what: What was measured, in words.
        value: The number.
        unit: Its unit ("ms", "ppm", "x" ...), or "".
        reach: What it should reach, as shown ("<= 20"), or "" where it is only for comparison.
        reached: Whether it does; None where there is nothing to reach.
        detail: Circumstances that belong to the number.
    """

    what: str
    value: float
    unit: str
    reach: str = ""
    reached: bool | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", float(self.value))  # numbers of numpy are no JSON
        if self.reached is not None:
            object.__setattr__(self, "reached", bool(self.reached))


def at_most(what: str, value: float, unit: str, limit: float, detail: str = "") -> Row:
    """Return a row that should not exceed `limit`."""
    return Row(what, value, unit, f"<= {limit:g}", value <= limit, detail)


def at_least(what: str, value: float, unit: str, limit: float, detail: str = "") -> Row:
    """Return a row that should not fall below `limit`."""
    return Row(what, value, unit, f">= {limit:g}", value >= limit, detail)
