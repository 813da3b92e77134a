"""RuleStandardiser: a prompt into a script by rules and two small fitted tables. Pure.

No large model, no torch; a prompt of 20,000 characters takes well under a second. The same prompt
always gives the same script.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.script import Beat, Script
from generator.standardise.boundaries import Candidate, candidates
from generator.standardise.clean import plain, readable
from generator.standardise.counting import kept
from generator.standardise.feeling import emotion_of
from generator.standardise.order import performed_order
from generator.standardise.situation import background_of, heading
from generator.standardise.timing import timings
from generator.standardise.wording import sentence, subject_of


class RuleStandardiser:
    """Turns a prompt into a script of one to five beats (see `models.protocols.Standardiser`).

    Attributes:
        name: Registry name.
    """

    name = "rules"

    def standardise(self, prompt: str) -> Script:
        """Return the script of a prompt; what is beyond 20,000 characters is not read.

        Raises:
            PromptError: Nothing in the prompt can be performed.
        """
        text = performed_order(readable(prompt))
        found = candidates(text)
        headed = heading(text, found)
        passages = kept(text, found, headed)
        pieces, links = _cut(text, headed.end if headed is not None else 0, passages)
        subject = subject_of(text)
        beats = tuple(
            Beat(sentence(piece, subject, stepped=_stepped(passages, index)), "", *seconds)
            for index, (piece, seconds) in enumerate(
                zip(pieces, timings(pieces, links), strict=True)
            )
        )
        return Script(plain(prompt), background_of(text, headed), emotion_of(pieces, text), beats)


def _cut(text: str, start: int, passages: Sequence[Candidate]) -> tuple[list[str], list[str]]:
    edges = [start, *(edge for c in passages for edge in (c.start, c.end)), len(text)]
    pieces = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return pieces, [text[c.start : c.end] for c in passages]


def _stepped(passages: Sequence[Candidate], index: int) -> bool:
    """Whether beat `index` is a step of 'from X to Y'."""
    around = passages[max(0, index - 1) : index + 1]
    return any(passage.kind == "from_to" for passage in around)
