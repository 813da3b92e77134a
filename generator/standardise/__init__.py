"""Prompt -> script without a large model: rules, word tables and two small fitted tables.

text (clean) -> events in order (order) -> candidates (boundaries) -> beats (counting) -> words
(wording), seconds (timing), emotion (feeling) and background (situation).
"""

from __future__ import annotations

from generator.standardise.rules import RuleStandardiser

__all__ = ["RuleStandardiser"]
