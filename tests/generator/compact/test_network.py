from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from generator.compact import encoder, units
from generator.compact.network import FROZEN, GRID, FaceReader, Shape, load_network, tensors_of
from generator.compact.tokens import TokenReader
from generator.errors import DamagedModelError

SMALL = Shape(layers=1, width=32, blocks=1, heads=4)
SHAPE = {"layers": 1, "width": 32, "blocks": 1, "heads": 4}


@pytest.fixture(scope="module")
def network() -> FaceReader:
    torch.manual_seed(3)
    return FaceReader(SMALL).eval()


def test_every_unit_is_answered_with_a_distribution(network: FaceReader) -> None:
    batch = TokenReader(encoder.encoder_folder()).batch([("a grin", None), ("eyes shut", "night")])
    with torch.inference_mode():
        logits = network(*tensors_of(batch))
    assert logits.shape == (2, units.UNIT_COUNT, len(GRID))
    torch.testing.assert_close(logits.softmax(-1).sum(-1), torch.ones(2, units.UNIT_COUNT))


def test_padding_does_not_change_an_answer(network: FaceReader) -> None:
    reader = TokenReader(encoder.encoder_folder())
    with torch.inference_mode():
        alone = network(*tensors_of(reader.batch([("a grin", None)])))
        beside = network(*tensors_of(reader.batch([("a grin", None), ("words " * 40, None)])))
    torch.testing.assert_close(alone[0], beside[0], atol=1e-4, rtol=1e-3)


def test_weights_load_back_and_others_are_refused(network: FaceReader, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    state = {k: v.contiguous() for k, v in network.state_dict().items() if not k.startswith(FROZEN)}
    save_file(state, str(path))
    loaded = load_network(SHAPE, path, encoder.encoder_folder())
    assert not loaded.training
    state.pop(next(iter(state)))
    save_file(state, str(path))
    with pytest.raises(DamagedModelError, match="does not fit"):
        load_network(SHAPE, path, encoder.encoder_folder())
