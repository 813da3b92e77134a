from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import DocumentError, NewerDocumentError
from generator.script import MAX_BEATS, MAX_TEXT, Beat, Script

TWO = Script(
    "smile, then cry",
    "at home",
    "joy turning to grief",
    (Beat("Smiles.", "Corners up.", 0.5, 1.0), Beat("Cries.", "", 0.25, 2.0)),
)

GOLDEN = """\
{
  "schema": "facewright.script/1",
  "prompt": "smile, then cry",
  "background": "at home",
  "emotion": "joy turning to grief",
  "beats": [
    {
      "description": "Smiles.",
      "anatomical": "Corners up.",
      "transition_s": 0.5,
      "hold_s": 1.0
    },
    {
      "description": "Cries.",
      "anatomical": "",
      "transition_s": 0.25,
      "hold_s": 2.0
    }
  ]
}
"""


def test_times() -> None:
    assert TWO.times_s == (0.5, 1.75)
    assert TWO.duration_s == 3.75


def test_the_text_is_the_golden_one_and_reads_back() -> None:
    assert TWO.dumps() == GOLDEN
    assert Script.loads(GOLDEN) == TWO


def test_with_beat_exchanges_one() -> None:
    changed = TWO.with_beat(1, Beat("Sobs."))
    assert [beat.description for beat in changed.beats] == ["Smiles.", "Sobs."]
    assert TWO.beats[1].description == "Cries."


def test_it_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TWO.prompt = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"transition_s": 0.01}, "A beat's transition must be 0.05 to 600 seconds, not 0.01."),
        ({"transition_s": math.nan}, "A beat's transition must be 0.05 to 600 seconds, not nan."),
        ({"transition_s": math.inf}, "A beat's transition must be 0.05 to 600 seconds, not inf."),
        ({"hold_s": -1.0}, "A beat's hold must be 0 to 600 seconds, not -1.0."),
        ({"hold_s": 601.0}, "A beat's hold must be 0 to 600 seconds, not 601.0."),
        (
            {"description": "x" * (MAX_TEXT + 1)},
            "A beat's description has 20001 characters; 20000 are the limit.",
        ),
        (
            {"anatomical": "x" * (MAX_TEXT + 1)},
            "A beat's anatomical description has 20001 characters; 20000 are the limit.",
        ),
    ],
)
def test_a_beat_out_of_form(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        Beat(**({"description": "Smiles."} | fields))
    assert str(caught.value) == message


@pytest.mark.parametrize("count", [0, MAX_BEATS + 1])
def test_a_script_has_beats_but_not_too_many(count: int) -> None:
    with pytest.raises(DocumentError, match=f"A script has 1 to 200 beats, not {count}."):
        Script("", "", "", (Beat("Smiles."),) * count)


@pytest.mark.parametrize("name", ["prompt", "background", "emotion"])
def test_texts_are_bounded(name: str) -> None:
    texts = {"prompt": "", "background": "", "emotion": ""} | {name: "x" * 20_001}
    with pytest.raises(DocumentError, match=f"The script's {name} has 20001 characters"):
        Script(beats=(Beat("Smiles."),), **texts)


def damaged(**changes: Any) -> str:
    return json.dumps(json.loads(GOLDEN) | changes)


def test_a_newer_script_says_what_to_do() -> None:
    with pytest.raises(NewerDocumentError) as caught:
        Script.loads(damaged(schema="facewright.script/2"))
    assert str(caught.value) == (
        "This script has version 2; this Facewright knows up to 1. "
        "Update Facewright to open it: pip install -U facewright."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is not valid JSON"),
        (GOLDEN[:-40], "The file is not valid JSON"),
        ("[]", "The file is JSON, but not an object."),
        ("{}", "This is not a Facewright script: it has no schema."),
        (
            damaged(schema="facewright.performance/1"),
            "This is not a Facewright script: it has schema 'facewright.performance/1'.",
        ),
        (damaged(schema=1), "This is not a Facewright script: it has schema 1."),
        (damaged(schema="facewright.script/0"), "Version 0 of a script was never published."),
        (damaged(prompt=3), "prompt: 3 is not of type 'string'."),
        (damaged(beats=[]), "beats: "),
        (damaged(beats=[{}]), "beats/0: "),
        (damaged(beats=3), "beats: 3 is not of type 'array'."),
        (damaged(extra=1), "the document: "),
        (GOLDEN.replace("0.25", "NaN"), "NaN is not a number that a face can have"),
        (GOLDEN.replace("0.25", "1e999"), "beats/1/transition_s: "),
        (GOLDEN.replace("0.25", "-0.25"), "beats/1/transition_s: "),
        (GOLDEN.replace("0.25", "true"), "beats/1/transition_s: "),
    ],
)
def test_a_damaged_script_names_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        Script.loads(text)
    assert message in str(caught.value)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_BEATS = st.builds(
    Beat, _TEXTS, _TEXTS, st.floats(0.05, 600.0, width=64), st.floats(0.0, 600.0, width=64)
)
_SCRIPTS = st.builds(Script, _TEXTS, _TEXTS, _TEXTS, st.lists(_BEATS, min_size=1, max_size=6))


@settings(max_examples=80, deadline=None)
@given(_SCRIPTS)
def test_every_script_survives_its_text(script: Script) -> None:
    assert Script.loads(script.dumps()) == script
    assert script.dumps() == Script.loads(script.dumps()).dumps()
    assert len(script.times_s) == len(script.beats)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(GOLDEN) - 1), st.characters(codec="ascii"))
def test_one_damaged_character_gives_a_script_or_a_document_error(at: int, new: str) -> None:
    try:
        script = Script.loads(GOLDEN[:at] + new + GOLDEN[at + 1 :])
    except DocumentError:
        return
    assert Script.loads(script.dumps()) == script
