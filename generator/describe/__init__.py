"""The describer: a pose -> a concise anatomical description, deterministic, without a model.

`degrees` has the words for how much, `wording` the ways of saying, `face` reads the 61 values,
`plan` decides what is said, `absence` what is at rest, `text` writes. Needs numpy alone.
"""

from generator.describe.text import describe

__all__ = ["describe"]
