from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generator.errors import DamagedModelError, MissingModelError, ModelError
from generator.models import files
from generator.models.files import ModelCard, read_model, write_model
from livelink.channels import CHANNEL_HASH

CARD = ModelCard(
    name="lexical",
    kind="a test",
    created=files.now_text(),
    command="facewright train lexical",
    commit="",
    data_hash="0" * 64,
    split={"rule": files.SPLIT_RULE, "seed": 1, "share": 0.15},
    seed=3,
)
TENSORS = {"a": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.zeros(0, np.uint8)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path / "model", CARD, {"weights.safetensors": TENSORS})
    return tmp_path / "model"


def change(folder: Path, **fields: Any) -> None:
    path = folder / files.CARD
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_a_model_reads_back(folder: Path) -> None:
    card, tensors = read_model(folder)
    assert (card.name, card.seed, card.channel_hash) == ("lexical", 3, CHANNEL_HASH)
    np.testing.assert_array_equal(tensors["weights.safetensors"]["a"], TENSORS["a"])
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "weights.safetensors"]
    assert list(folder.parent.iterdir()) == [folder]


def test_the_fingerprint_is_of_the_weights(folder: Path, tmp_path: Path) -> None:
    same = write_model(tmp_path / "same", CARD, {"weights.safetensors": TENSORS})
    other = {"a": TENSORS["a"] + 1}
    changed = write_model(tmp_path / "other", CARD, {"weights.safetensors": other})
    assert same.fingerprint == read_model(folder)[0].fingerprint
    assert same.fingerprint != changed.fingerprint


def test_a_model_is_never_overwritten(folder: Path) -> None:
    before = (folder / "weights.safetensors").read_bytes()
    with pytest.raises(ModelError, match="not overwritten"):
        write_model(folder, CARD, {"weights.safetensors": {"a": np.ones(3)}})
    assert (folder / "weights.safetensors").read_bytes() == before
    (folder.parent / "empty").mkdir()
    write_model(folder.parent / "empty", CARD, {"weights.safetensors": TENSORS})


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    bad = ModelCard(**{**{n: getattr(CARD, n) for n in CARD.__slots__}, "scores": {"x": np.nan}})
    with pytest.raises(ValueError, match="JSON"):
        write_model(tmp_path / "model", bad, {"weights.safetensors": TENSORS})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", [0, 60, -1])
def test_tampered_weights_are_named_with_what_to_do(folder: Path, at: int) -> None:
    path = folder / "weights.safetensors"
    blob = bytearray(path.read_bytes())
    blob[at] ^= 1
    path.write_bytes(bytes(blob))
    with pytest.raises(DamagedModelError, match="hash") as caught:
        read_model(folder)
    assert str(path) in str(caught.value)
    assert "facewright train" in caught.value.hint


def test_a_right_hash_of_something_else_is_damaged_too(folder: Path) -> None:
    (folder / "weights.safetensors").write_bytes(b"\x80\x04not numbers")
    import hashlib

    change(
        folder, weights={"weights.safetensors": hashlib.sha256(b"\x80\x04not numbers").hexdigest()}
    )
    with pytest.raises(DamagedModelError, match="safetensors"):
        read_model(folder)


def test_values_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    write_model(tmp_path / "m", CARD, {"w.safetensors": {"a": np.array([np.inf], np.float16)}})
    with pytest.raises(DamagedModelError, match="finite"):
        read_model(tmp_path / "m")


@pytest.mark.parametrize("name", ["card.json", "weights.safetensors"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(MissingModelError, match=name):
        read_model(folder)


def test_a_newer_card_says_to_update(folder: Path) -> None:
    change(folder, schema="facewright.model/2")
    with pytest.raises(ModelError, match=r"card\.json: .*Update"):
        read_model(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"schema": "facewright.script/1"},
        {"weights": {}},
        {"weights": {"../escape": "0" * 64}},
        {"weights": {"weights.safetensors": "short"}},
        {"seed": "three"},
        {"more": 1},
    ],
)
def test_a_card_out_of_form_is_damaged(folder: Path, fields: dict[str, Any]) -> None:
    change(folder, **fields)
    with pytest.raises(DamagedModelError, match=r"card\.json"):
        read_model(folder)


def test_other_channels_are_refused(folder: Path) -> None:
    change(folder, channel_convention="by-position")
    with pytest.raises(ModelError, match="other channels"):
        read_model(folder)


def test_sizes_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_WEIGHT_BYTES", 10)
    with pytest.raises(DamagedModelError, match="over 10 bytes"):
        read_model(folder)


def test_one_file_can_be_read_raw(folder: Path) -> None:
    card = files.read_card(folder)
    blob = files.read_weights(folder, card, "weights.safetensors")
    assert blob == (folder / "weights.safetensors").read_bytes()
    with pytest.raises(DamagedModelError, match="does not list"):
        files.read_weights(folder, card, "other.bin")


def test_a_place_that_cannot_be_made_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be made"):
        files.refuse_existing(tmp_path / "file" / "deep" / "model")
    files.refuse_existing(tmp_path / "new" / "deep" / "model")
    assert not (tmp_path / "new").exists()
