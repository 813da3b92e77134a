"""The tables of wordings: well formed, without a parameter's name."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from generator.describe.wording import ABSENCES, NEUTRAL, NEUTRAL_PARTS, SAYINGS
from livelink.channels import WIRE_NAMES


@pytest.mark.parametrize("kind", [*SAYINGS, *ABSENCES])
def test_each_wording_has_its_parts_and_slots(kind: str) -> None:
    for wording in SAYINGS.get(kind) or ABSENCES[kind]:
        subject, verb, participle = wording.split("|")
        assert subject
        for form in (verb, participle):
            slots = {name for _, name, _, _ in Formatter().parse(f"{subject} {form}") if name}
            assert slots <= set("despqm")
            assert bool(slots & set("dp")) == (kind in SAYINGS)


def test_both_forms_name_the_same_sides_and_degrees() -> None:
    for wordings in SAYINGS.values():
        for wording in wordings:
            subject, verb, participle = wording.split("|")
            assert verb.count("{s}") == participle.count("{s}")
            second = re.compile(r"{[eqm]}")
            assert bool(second.search(verb)) == bool(second.search(participle))
            assert not second.search(subject)


def test_no_wording_names_a_parameter_or_a_number() -> None:
    tables = (*SAYINGS.values(), *ABSENCES.values(), *NEUTRAL_PARTS.values(), NEUTRAL)
    for wording in (wording for table in tables for wording in table):
        assert not re.search(r"\d", wording)
        assert not any(name.lower() in wording.lower() for name in WIRE_NAMES)
