from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.errors import NewerSettingsError, SettingsError
from bridge.settings import (
    JsonStore,
    Settings,
    config_dir,
    data_dir,
    load_settings,
    save_settings,
)
from livelink.channels import CsvConvention


@pytest.fixture
def store(tmp_path: Path) -> JsonStore:
    return JsonStore(tmp_path / "deep" / "things.json", "things", 2)


def text(schema: object = "facewright.things/2", **content: object) -> str:
    return json.dumps({"schema": schema, **content})


def place(store: JsonStore, raw: bytes | str) -> None:
    store.path.parent.mkdir(exist_ok=True)
    store.path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())


def files(store: JsonStore) -> set[str]:
    return {p.name for p in store.path.parent.iterdir() if not p.name.endswith(".lock")}


def test_the_folders_are_the_ones_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEWRIGHT_CONFIG_DIR", "~/somewhere")
    monkeypatch.setenv("FACEWRIGHT_DATA_DIR", " ")
    assert config_dir() == Path.home() / "somewhere"
    assert data_dir().name == "facewright"


def test_tests_never_touch_the_users_own_folders(tmp_path: Path) -> None:
    base = tmp_path.parent
    assert base in config_dir().parents
    assert base in data_dir().parents


def test_nothing_is_made_by_reading(store: JsonStore) -> None:
    assert store.read() == {}
    assert not store.path.parent.exists()


def test_what_is_written_is_read_back(store: JsonStore) -> None:
    store.update(lambda content: content.update(name="Zoë", number=3))
    assert store.read() == {"name": "Zoë", "number": 3}
    assert json.loads(store.path.read_text("utf-8"))["schema"] == "facewright.things/2"
    assert files(store) == {"things.json"}


def test_an_update_that_changes_nothing_writes_nothing(store: JsonStore) -> None:
    store.update(lambda content: content.update(a=1))
    before = store.path.stat().st_mtime_ns, store.path.stat().st_ino
    assert store.update(lambda content: content.update(a=1)) == {"a": 1}
    assert (store.path.stat().st_mtime_ns, store.path.stat().st_ino) == before


def test_older_versions_are_read(store: JsonStore) -> None:
    place(store, text("facewright.things/1", a=1))
    assert store.read() == {"a": 1}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b"[" * 100_000,
        text(None),
        text(7),
        text("facewright.other/1"),
        text("facewright.things/x"),
        text("facewright.things/" + "9" * 5000),
    ],
)
@pytest.mark.parametrize("how", ["read", "update"])
def test_a_damaged_file_is_set_aside_with_a_note(
    store: JsonStore, raw: bytes | str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    place(store, raw)
    with caplog.at_level(logging.WARNING):
        if how == "read":
            assert store.read() == {}
        else:
            store.update(lambda content: content.update(a=1))
            assert store.read() == {"a": 1}
    (aside,) = store.path.parent.glob("things.damaged-*.json")
    assert aside.read_bytes() == (raw if isinstance(raw, bytes) else raw.encode())
    assert aside.name in caplog.text


def test_too_much_is_damage(
    store: JsonStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bridge.settings.MAX_FILE_BYTES", 100)
    place(store, text(a="x" * 100))
    with caplog.at_level(logging.WARNING):
        assert store.read() == {}


def test_a_later_version_is_left_alone(store: JsonStore) -> None:
    place(store, text("facewright.things/3", a=1))
    for action in (store.read, lambda: store.update(lambda content: content.clear())):
        with pytest.raises(NewerSettingsError, match="later Facewright"):
            action()
    assert json.loads(store.path.read_text())["a"] == 1


def test_a_failed_change_leaves_the_file_as_it_was(store: JsonStore) -> None:
    store.update(lambda content: content.update(a=1))

    def fail(content: dict[str, object]) -> None:
        content["a"] = 2
        raise KeyError("no")

    with pytest.raises(KeyError):
        store.update(fail)
    assert store.read() == {"a": 1}
    assert files(store) == {"things.json"}


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = JsonStore(tmp_path / "file" / "things.json", "things")
    with pytest.raises(SettingsError, match=r"things\.json cannot be .* FACEWRIGHT_CONFIG_DIR"):
        store.update(lambda content: content.update(a=1))


def test_many_writers_lose_nothing(store: JsonStore) -> None:
    def count() -> None:
        for _ in range(20):
            store.update(lambda content: content.update(n=content.get("n", 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read() == {"n": 80}


# Settings ---------------------------------------------------------------------------------------


def test_settings_begin_with_their_defaults() -> None:
    assert load_settings() == Settings()


def test_settings_are_kept_beside_what_is_not_known() -> None:
    path = config_dir() / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"schema": "facewright.settings/1", "theme": "dark"}))
    mine = Settings(("10.0.0.5:11111", "[::1]:4"), "Zoë", CsvConvention.BY_NAME)
    save_settings(mine)
    assert load_settings() == mine
    assert json.loads(path.read_text())["theme"] == "dark"


@pytest.mark.parametrize(
    "bad",
    [{"targets": "x"}, {"targets": [1]}, {"subject": " "}, {"subject": 1}, {"csv_convention": 2}],
)
def test_a_setting_out_of_form_has_its_default(
    bad: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    JsonStore(config_dir() / "settings.json", "settings").update(lambda c: c.update(bad))
    with caplog.at_level(logging.WARNING):
        assert load_settings() == Settings()
    assert next(iter(bad)) in caplog.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=6,
    )
)
def test_any_json_is_survived(content: object) -> None:
    logging.disable(logging.WARNING)
    try:
        path = config_dir() / "settings.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        values = {"targets": content, "subject": content, "csv_convention": content}
        path.write_text(json.dumps({"schema": "facewright.settings/1", **values}))
        assert isinstance(load_settings(), Settings)
    finally:
        logging.disable(logging.NOTSET)
