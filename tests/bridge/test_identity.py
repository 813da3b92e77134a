from __future__ import annotations

import json
import logging
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import NewerSettingsError
from bridge.identity import device_id
from bridge.settings import config_dir

ROOT = Path(__file__).resolve().parents[2]


def kept() -> Path:
    return config_dir() / "identities.json"


def write(subjects: object, schema: str = "facewright.identities/1") -> None:
    config_dir().mkdir(parents=True, exist_ok=True)
    kept().write_text(json.dumps({"schema": schema, "subjects": subjects}))


def test_an_id_is_a_36_character_upper_case_uuid() -> None:
    found = device_id("Facewright")
    assert len(found) == 36
    assert found == found.upper()
    assert uuid.UUID(found).version == 4


def test_a_subject_keeps_its_id_and_shares_it_with_nobody() -> None:
    ids = {subject: device_id(subject) for subject in ("Ada", "ada", "Zoë", "", "a" * 5000)}
    assert len(set(ids.values())) == 5
    assert {subject: device_id(subject) for subject in ids} == ids


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.text(max_size=40))
def test_any_subject_keeps_its_id(subject: str) -> None:
    assert device_id(subject) == device_id(subject)


def test_entries_that_are_no_ids_are_made_anew() -> None:
    good = str(uuid.uuid4()).upper()
    write({"Ada": good, "Bo": "not an id", "Cy": 7, "Di": good, "Ed": good.lower()})
    assert device_id("Ada") == good
    others = {device_id(subject) for subject in ("Bo", "Cy", "Di", "Ed")}
    assert len(others) == 4
    assert good not in others
    assert device_id("Ada") == good


@pytest.mark.parametrize("subjects", [None, [], "x", 5])
def test_a_store_without_subjects_is_filled(subjects: object) -> None:
    write(subjects)
    assert device_id("Ada") == device_id("Ada")


def test_a_later_store_is_left_alone() -> None:
    write({}, "facewright.identities/2")
    with pytest.raises(NewerSettingsError):
        device_id("Ada")


def test_a_damaged_store_is_set_aside(caplog: pytest.LogCaptureFixture) -> None:
    config_dir().mkdir(parents=True)
    kept().write_text("{ torn")
    with caplog.at_level(logging.WARNING):
        first = device_id("Ada")
    assert device_id("Ada") == first
    (aside,) = config_dir().glob("identities.damaged-*.json")
    assert aside.read_text() == "{ torn"


def test_where_nothing_can_be_kept_the_id_is_still_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FACEWRIGHT_CONFIG_DIR", str(tmp_path / "file"))
    with caplog.at_level(logging.WARNING):
        assert device_id("Ada") == device_id("Ada") != device_id("Bo")
    assert "is not kept" in caplog.text


def test_two_processes_that_ask_at_once_get_the_same() -> None:
    code = "from bridge.identity import device_id; print(device_id('Ada'), device_id('Bo'))"
    command = [sys.executable, "-c", code]
    processes = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = {process.communicate(timeout=60)[0] for process in processes}
    (answer,) = answers
    assert answer.split() == [device_id("Ada"), device_id("Bo")]
