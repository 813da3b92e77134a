from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from generator import corpus
from generator.compact.beats import ReadBeat, beats_of
from generator.compact.network import Shape
from generator.compact.run import Options, Run, options_from

SMALL = Options(
    steps=3, batch=4, small=2, threads=2, shape=Shape(layers=1, width=32, blocks=1, heads=4)
)


@pytest.fixture(scope="module")
def beats() -> list[ReadBeat]:
    return beats_of(corpus.load_corpus()[:6])


@pytest.fixture(autouse=True)
def _threads() -> Any:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def state_of(run: Run) -> dict[str, torch.Tensor]:
    return run.average.state_dict()


def silent(_note: dict[str, Any]) -> None:
    pass


def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    beats: list[ReadBeat], tmp_path: Path
) -> None:
    whole = Run(SMALL, beats)
    whole.train(tmp_path / "whole.pt", silent)

    class StopNowError(Exception):
        pass

    def stop_at_two(step: int) -> None:
        if step == 2:
            raise StopNowError

    broken = Run(SMALL, beats)
    with pytest.raises(StopNowError):
        broken.train(tmp_path / "broken.pt", silent, after_step=stop_at_two)
    resumed = Run(SMALL, beats)
    resumed.train(tmp_path / "broken.pt", silent)
    assert resumed.step == whole.step == 3
    for name, tensor in state_of(whole).items():
        assert torch.equal(tensor, state_of(resumed)[name]), name


def test_a_checkpoint_of_other_options_is_refused(beats: list[ReadBeat], tmp_path: Path) -> None:
    Run(SMALL, beats).train(tmp_path / "state.pt", silent)
    other = options_from({"seed": 8, "steps": 3, "shape": {"layers": 1, "width": 32, "heads": 4}})
    with pytest.raises(ValueError, match="other options"):
        Run(other, beats).train(tmp_path / "state.pt", silent)


def test_training_moves_the_layers_and_leaves_the_embeddings(
    beats: list[ReadBeat], tmp_path: Path
) -> None:
    run = Run(SMALL, beats)
    before = {name: tensor.clone() for name, tensor in run.network.state_dict().items()}
    run.train(tmp_path / "state.pt", silent)
    moved = {
        name
        for name, tensor in run.network.state_dict().items()
        if not torch.equal(tensor, before[name])
    }
    assert "layers.0.up.weight" in moved
    assert "answer" in moved
    assert "words.weight" not in moved
    assert all(torch.isfinite(tensor).all() for tensor in state_of(run).values())
