"""The ops behind the worker, with fake models and without a process."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from generator.errors import (
    CancelledError,
    DamagedModelError,
    DocumentError,
    ModelError,
    PromptError,
    UnknownModelError,
)
from generator.models.protocols import TextChoice
from generator.protocol import (
    EventKind,
    Op,
    ProtocolError,
    Request,
    UnsupportedError,
    decode_request,
    encode,
    unpack_values,
)
from generator.script import Beat, Script
from generator.tasks import Tasks
from tests.helpers.worker import FakeRegistry, RecordingPort, expected_values, fake_training

_SCRIPT = Script(
    "She smiles.", "a room", "joy", (Beat("smiles", "corners up"), Beat("frowns"), Beat("blinks"))
)


def _run(op: Op, port: RecordingPort, tasks: Tasks | None = None, **fields: Any) -> dict[str, Any]:
    request = decode_request(encode(Request("t", op, fields)))
    return dict((tasks or Tasks(FakeRegistry())).run(request, port))


def test_keyframes_are_streamed_with_their_source_and_progress() -> None:
    port = RecordingPort()
    result = _run(Op.KEYFRAMES, port, script=_SCRIPT.to_json(), model="fake", seed=5)
    assert result == {"model": "fake", "count": 3, "fell_back": 0, "note": ""}
    frames = port.of(EventKind.KEYFRAME)
    assert [frame["index"] for frame in frames] == [0, 1, 2]
    for index, frame in enumerate(frames):
        values = np.array(unpack_values(frame["values"]), np.float32)
        assert np.array_equal(values, expected_values(index, 5, TextChoice.AUTO))
    assert frames[0]["source"] == {
        "model": "fake",
        "adapter_hash": "fake-fingerprint",
        "prompt_version": "prompts-3",
        "seed": 5,
        "text": "anatomical",
    }
    assert frames[1]["source"]["text"] == "original"
    progress = port.of(EventKind.PROGRESS)
    assert [(p["done"], p["total"]) for p in progress] == [(1, 3), (2, 3), (3, 3)]
    assert progress[-1]["eta_s"] == 0.0


def test_keyframes_of_chosen_beats_and_text_say_when_they_fell_back() -> None:
    port = RecordingPort()
    script = _SCRIPT.to_json()
    result = _run(Op.KEYFRAMES, port, script=script, indices=[2, 0], text="anatomical")
    frames = port.of(EventKind.KEYFRAME)
    assert [(frame["index"], frame["fell_back"]) for frame in frames] == [(2, True), (0, False)]
    assert result["fell_back"] == 1


@pytest.mark.parametrize("indices", [[3], [-1], [0.0], [True], ["0"], [None], [0, 1, 2, 0]])
def test_indices_out_of_form_are_refused(indices: list[Any]) -> None:
    with pytest.raises(ProtocolError, match="indices"):
        _run(Op.KEYFRAMES, RecordingPort(), script=_SCRIPT.to_json(), indices=indices)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": "loud"}, ProtocolError),
        ({"seed": -1}, ProtocolError),
        ({"seed": 2**63}, ProtocolError),
        ({"script": {}}, DocumentError),
        ({"model": "nobody"}, UnknownModelError),
        ({"model": "damaged"}, DamagedModelError),
    ],
)
def test_bad_fields_are_refused(fields: dict[str, Any], error: type[Exception]) -> None:
    port = RecordingPort()
    with pytest.raises(error):
        _run(Op.KEYFRAMES, port, **{"script": _SCRIPT.to_json(), **fields})
    assert port.events == []


@pytest.mark.parametrize("model", ["nan", "short"])
def test_a_pose_that_no_frame_may_carry_becomes_an_error_and_no_event(model: str) -> None:
    port = RecordingPort()
    with pytest.raises(ModelError, match="no usable pose for beat 1"):
        _run(Op.KEYFRAMES, port, script=_SCRIPT.to_json(), model=model)
    assert port.events == []


def test_cancel_takes_effect_between_keyframes() -> None:
    port = RecordingPort(cancel_after=3)  # before and after the first, before the second
    with pytest.raises(CancelledError):
        _run(Op.KEYFRAMES, port, script=_SCRIPT.to_json())
    assert len(port.of(EventKind.KEYFRAME)) == 1


def test_models_are_loaded_when_first_needed_and_kept() -> None:
    registry = FakeRegistry()
    tasks = Tasks(registry)
    assert registry.loaded == []
    for _ in range(2):
        _run(Op.KEYFRAMES, RecordingPort(), tasks, script=_SCRIPT.to_json(), model="fake")
    assert registry.loaded == ["fake"]


def test_load_warms_and_says_what_it_loaded() -> None:
    registry = FakeRegistry()
    result = _run(Op.LOAD, RecordingPort(), Tasks(registry), model="noted")
    assert registry.loaded == ["rules", "noted"]
    assert result["model"] == "noted"
    assert result["adapter_hash"] == "noted-fingerprint"
    assert result["note"] == "a fake"
    assert result["seconds"] >= 0.0


def test_standardise_sends_a_script_and_a_note() -> None:
    port = RecordingPort()
    result = _run(Op.STANDARDISE, port, prompt="smiles\nfrowns")
    (event,) = port.of(EventKind.SCRIPT)
    script = Script.from_json(event["script"])
    assert [beat.description for beat in script.beats] == ["smiles", "frowns"]
    assert "'rules'" in event["note"]
    assert result == {"standardiser": "rules", "beats": 2}


@pytest.mark.parametrize("prompt", ["", "  \n", "x" * 20_001])
def test_prompts_that_cannot_be_performed(prompt: str) -> None:
    with pytest.raises(PromptError):
        _run(Op.STANDARDISE, RecordingPort(), prompt=prompt)


def test_evaluate_scores_the_part_held_out() -> None:
    port = RecordingPort()
    result = _run(Op.EVALUATE, port, model="noted", share=0.02, seed=4)
    assert (result["model"], result["note"]) == ("noted", "a fake")
    assert set(result["texts"]) == {"anatomical", "original", "prompt"}
    for rows in result["texts"].values():
        assert 0.0 < rows["noted"]["mae"] < 1.0
    assert result["prompts"]["systems"]["standardised"]["scripts"] == result["split"]["scripts"]
    assert result["beats"]["all"]["always two"]["scripts"] == result["split"]["scripts"]
    assert (result["split"]["seed"], result["split"]["share"]) == (4, 0.02)
    last = port.of(EventKind.PROGRESS)[-1]
    assert last["done"] == last["total"] > 5 * result["split"]["scripts"]


def test_evaluate_scores_one_text_with_its_baselines() -> None:
    port = RecordingPort()
    result = _run(
        Op.EVALUATE, port, model="fake", text="original", baselines=True, share=0.9, seed=4
    )
    assert list(result["texts"]) == ["original"]
    assert list(result["texts"]["original"])[:2] == ["fake", "zero"]
    assert "prompts" not in result
    assert port.of(EventKind.PROGRESS)[-1]["total"] == result["split"]["scripts"]


def test_evaluate_can_be_cancelled_and_refuses_texts_it_does_not_know() -> None:
    with pytest.raises(CancelledError):
        _run(Op.EVALUATE, RecordingPort(cancel_after=9), model="fake", share=0.02)
    with pytest.raises(ProtocolError, match="no text 'loud'"):
        _run(Op.EVALUATE, RecordingPort(), text="loud")


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, 1e-9])
def test_evaluate_refuses_shares_that_leave_nothing(share: float) -> None:
    with pytest.raises(ProtocolError, match="share"):
        _run(Op.EVALUATE, RecordingPort(), share=share)


def test_train_streams_metrics_and_progress(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = fake_training()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    port, out = RecordingPort(cancel_after=5), str(tmp_path / "made")
    with pytest.raises(CancelledError):
        _run(Op.TRAIN, port, model="lexical", out=out, options={"steps": 4})
    assert [m["step"] for m in port.of(EventKind.METRICS)] == [1, 2, 3]
    port = RecordingPort()
    result = _run(Op.TRAIN, port, model="lexical", out=out, options={"steps": 4})
    assert result == {"model": "lexical", "out": out, "card": {"name": "lexical", "out": out}}
    assert [p["done"] for p in port.of(EventKind.PROGRESS)] == [1, 2, 3, 4]
    assert port.of(EventKind.METRICS)[0]["loss"] == 1.0


def test_only_known_models_can_be_trained(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match="'os'") as caught:
        _run(Op.TRAIN, RecordingPort(), model="os", out=str(tmp_path))
    assert "lexical" in caught.value.hint


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "generator.describe", None)  # as if it were not there
    with pytest.raises(UnsupportedError, match=r"generator\.describe is missing"):
        _run(Op.DESCRIBE, RecordingPort(), values={"JawOpen": 0.5})


def test_a_fault_inside_an_optional_module_is_not_taken_for_its_absence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def import_module(name: str) -> ModuleType:
        raise ModuleNotFoundError("No module named 'scipy'", name="scipy")

    monkeypatch.setattr(importlib, "import_module", import_module)
    with pytest.raises(ModuleNotFoundError):
        _run(Op.DESCRIBE, RecordingPort(), values={})


def test_describe_gets_values_in_wire_order(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("generator.describe")
    module.describe = lambda values, seed: f"jaw {values[17]:.2f}, seed {seed}"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    result = _run(Op.DESCRIBE, RecordingPort(), values={"JawOpen": 0.5}, seed=2)
    assert result == {"text": "jaw 0.50, seed 2"}
    with pytest.raises(ProtocolError, match="no channel"):
        _run(Op.DESCRIBE, RecordingPort(), values={"Jaw": 0.5})
