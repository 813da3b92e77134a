"""How strong a value is in words: eight degrees, calibrated on the authored corpus. Pure.

Measured on the training part of the corpus (generator/LOG.md, Describer): in clauses with one
degree word and one muscle, half of the values lie between

    barely, a trace .12-.16 | faintly, a touch .14-.20 | slightly, a little .20-.30
    moderately .42-.50 | halfway .46-.55 | strongly .65-.74 | fully, to the limit .93-1.0

for almost every muscle alike. The head is the exception (slightly .15-.25, moderately .35-.44), and
lids are said in parts of their way (half shut .40-.50).
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SILENT: Final = 0.06
"""Values below this are not spoken of."""


@dataclass(frozen=True, slots=True)
class Words:
    """The wordings of one degree.

    Attributes:
        after: What follows a verb or participle: "rises slightly".
        before: What precedes a participle or a direction: "slightly raised", "slightly down".
        noun: With its article, before a noun: "a slight" knit.
    """

    after: tuple[str, ...]
    before: tuple[str, ...]
    noun: tuple[str, ...]


_SILENCE: Final = Words(("",), ("",), ("",))
_TRACE: Final = Words(
    ("a trace", "by a hair", "just barely"), ("barely", "a trace"), ("a bare trace of a",)
)
_FAINT: Final = Words(("faintly", "a touch"), ("faintly", "a touch"), ("a faint",))
_FULL: Final = Words(
    ("fully", "to the limit", "completely"), ("fully", "completely"), ("an extreme", "a full")
)
_NO_NOUN: Final = ("",)
_FAIRLY_STRONG: Final = ("moderately to strongly", "fairly strongly")

PLAIN: Final[tuple[Words, ...]] = (
    _SILENCE,
    _TRACE,
    _FAINT,
    Words(("slightly", "a little", "a bit"), ("slightly", "a little", "a bit"), ("a slight",)),
    Words(("moderately", "to a moderate degree"), ("moderately",), ("a moderate",)),
    Words(_FAIRLY_STRONG, _FAIRLY_STRONG, ("a fairly strong",)),
    Words(("strongly", "sharply"), ("strongly", "sharply"), ("a strong", "a deep")),
    Words(("very strongly", "almost to the limit"), ("very strongly",), ("a very strong",)),
    _FULL,
)
"""The words of degrees 0 (silent) to 8 (as far as it goes)."""

LIDS: Final[tuple[Words, ...]] = (
    _SILENCE,
    _TRACE,
    _FAINT,
    Words(("slightly", "a little", "a bit"), ("slightly", "a little"), _NO_NOUN),
    Words(("halfway", "about halfway"), ("half",), _NO_NOUN),
    Words(("rather more than halfway",), ("more than half",), _NO_NOUN),
    Words(("most of the way",), ("mostly", "nearly"), _NO_NOUN),
    Words(("nearly all the way", "almost completely"), ("almost fully",), _NO_NOUN),
    Words(("fully", "completely", "all the way"), ("fully", "completely"), _NO_NOUN),
)
"""The words of eyelids on their way down."""


class Scale(enum.Enum):
    """A way of measuring: where each degree begins, and its words."""

    FACE = ((SILENT, 0.16, 0.205, 0.34, 0.52, 0.59, 0.79, 0.875), PLAIN)
    HEAD = ((SILENT, 0.13, 0.165, 0.31, 0.5, 0.57, 0.78, 0.88), PLAIN)
    LIDS = ((SILENT, 0.15, 0.19, 0.34, 0.53, 0.63, 0.78, 0.9), LIDS)

    def degree(self, value: float) -> int:
        """Return the degree 0 (silent) to 8 of a value in [0, 1]; never falls as it grows."""
        return bisect_right(self.value[0], value + _ROUNDING)

    @property
    def words(self) -> tuple[Words, ...]:
        """The words of the degrees, index by degree."""
        return self.value[1]


_ROUNDING: Final = 1e-6  # a float32 .34 is a .34

RANKS: Final[Mapping[str, int]] = {
    wording: degree
    for words in (PLAIN, LIDS)
    for degree, row in enumerate(words)
    for wording in (*row.after, *row.before, *row.noun)
    if wording
}
"""Every degree wording -> its degree; none stands for two."""
