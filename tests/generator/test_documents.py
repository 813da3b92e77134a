from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import documents
from generator.documents import checked, text_of
from generator.errors import DocumentError, NewerDocumentError

SCHEMA = "facewright.script/1"
GOOD: dict[str, Any] = {
    "schema": SCHEMA,
    "prompt": "",
    "background": "",
    "emotion": "",
    "beats": [{"description": "x", "transition_s": 0.5, "hold_s": 0.0}],
}


def test_an_object_is_read() -> None:
    assert text_of('{"a": [1, 2.5, "é"]}') == {"a": [1, 2.5, "é"]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The file is not valid JSON: Expecting property name enclosed in double quotes"),
        ("3", "The file is JSON, but not an object."),
        ("null", "The file is JSON, but not an object."),
        ("[" * 200_000, "The file is nested too deeply to be one of ours."),
        ('{"a": NaN}', "NaN is not a number that a face can have"),
        ('{"a": -Infinity}', "-Infinity is not a number that a face can have"),
        ('{"a": ' + "9" * 400 + "}", "is too long a number"),
    ],
)
def test_what_is_no_object(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        text_of(text)
    assert message in str(caught.value)


def test_a_good_document_comes_back_equal_and_copied() -> None:
    found = checked(GOOD, SCHEMA)
    assert found == GOOD
    assert found is not GOOD


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (None, "This is not a Facewright script: it has no schema."),
        (7, "This is not a Facewright script: it has schema 7."),
        ("other/1", "This is not a Facewright script: it has schema 'other/1'."),
        ("facewright.script/1 ", "it has schema 'facewright.script/1 '."),
        ("facewright.script/99999", "it has schema 'facewright.script/99999'."),
        ("facewright.performance/1", "it has schema 'facewright.performance/1'."),
    ],
)
def test_another_kind_of_document(schema: Any, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        checked(GOOD | {"schema": schema}, SCHEMA)
    assert message in str(caught.value)
    assert not isinstance(caught.value, NewerDocumentError)


def test_a_newer_version_is_refused_with_what_to_do() -> None:
    with pytest.raises(NewerDocumentError) as caught:
        checked(GOOD | {"schema": "facewright.script/12"}, SCHEMA)
    assert caught.value.message == "This script has version 12; this Facewright knows up to 1."
    assert caught.value.hint == "Update Facewright to open it: pip install -U facewright."


def test_an_older_version_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"schema": SCHEMA, "background": document["situation"], "situation": 0}

    def without_situation(document: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in first(document).items() if k != "situation"}

    monkeypatch.setitem(documents._UPGRADES, ("script", 0), without_situation)
    old = {k: v for k, v in GOOD.items() if k != "background"}
    old |= {"schema": "facewright.script/0", "situation": "at home"}
    assert checked(old, SCHEMA) == GOOD | {"background": "at home"}
    assert old["situation"] == "at home"


def test_a_version_that_never_was() -> None:
    with pytest.raises(DocumentError, match="Version 0 of a script was never published"):
        checked(GOOD | {"schema": "facewright.script/0"}, SCHEMA)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"prompt": 1}, "prompt: "),
        (
            {"beats": [{"description": "x", "transition_s": "1", "hold_s": 0}]},
            "beats/0/transition_s: ",
        ),
        ({"unknown": 1}, "the document: "),
    ],
)
def test_the_field_at_fault_is_named(changes: dict[str, Any], where: str) -> None:
    with pytest.raises(DocumentError) as caught:
        checked(GOOD | changes, SCHEMA)
    assert str(caught.value).startswith(where)


def test_a_huge_wrong_value_is_not_repeated_in_full() -> None:
    with pytest.raises(DocumentError) as caught:
        checked(GOOD | {"prompt": ["x" * 50_000]}, SCHEMA)
    assert len(str(caught.value)) < 400


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_an_object_or_a_document_error(text: str) -> None:
    try:
        found = text_of(text)
    except DocumentError:
        return
    assert isinstance(found, dict)
