from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import MissingModelError, UnknownModelError
from generator.models import registry


def test_unknown_names_list_the_known() -> None:
    with pytest.raises(UnknownModelError, match="auto, compact, lexical") as caught:
        registry.keyframe_model("gpt")
    assert "'gpt'" in str(caught.value)
    with pytest.raises(UnknownModelError, match="rules"):
        registry.standardiser("gpt")


def test_names() -> None:
    assert registry.known_models() == ("auto", "compact", "lexical")
    assert registry.known_standardisers() == ("rules",)
    assert registry.standardiser("rules").name == "rules"


def test_lexical_is_itself_without_a_note() -> None:
    model = registry.keyframe_model("lexical")
    assert model.name == "lexical"
    assert len(model.fingerprint) == 16
    assert getattr(model, "note", None) == ""


def test_auto_falls_back_with_a_note_where_the_encoder_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FACEWRIGHT_ENCODER", str(tmp_path))  # an empty folder
    model = registry.keyframe_model("auto")
    assert model.name == "lexical"
    assert "lexical model performs instead" in str(getattr(model, "note", ""))
    with pytest.raises(MissingModelError):
        registry.keyframe_model("compact")


def test_auto_falls_back_where_the_weights_are_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = registry.asset

    def without_compact(*parts: str) -> Path:
        if "compact" in parts:
            raise FileNotFoundError("/".join(parts))
        return real(*parts)

    monkeypatch.setattr(registry, "asset", without_compact)
    model = registry.keyframe_model("auto")
    assert model.name == "lexical"
    assert "weights are missing" in str(getattr(model, "note", ""))


def test_the_lexical_model_needs_no_torch() -> None:
    code = (
        "import sys; from generator.models import registry;"
        "registry.keyframe_model('lexical');"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
