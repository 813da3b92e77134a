from __future__ import annotations

import torch

from generator.compact import units
from generator.compact.network import GRID
from generator.compact.objective import Weights, loss, two_hot


def logits_of(target: torch.Tensor) -> torch.Tensor:
    return (two_hot(target) + 1e-6).log()


def test_two_hot_keeps_the_value() -> None:
    values = torch.rand(5, units.UNIT_COUNT)
    shared = two_hot(values)
    assert torch.allclose(shared.sum(-1), torch.ones(5, units.UNIT_COUNT))
    assert torch.allclose(shared @ torch.tensor(GRID), values, atol=1e-6)
    assert torch.equal(two_hot(torch.tensor([[0.0, 1.0]])).argmax(-1), torch.tensor([[0, 12]]))


def test_the_truth_has_the_least_loss() -> None:
    torch.manual_seed(0)
    target = (torch.rand(6, units.UNIT_COUNT) - 0.6).clamp(0, 1)
    others = (torch.rand(8, units.UNIT_COUNT) - 0.6).clamp(0, 1)
    flipped = target[:, torch.from_numpy(units.MIRROR)]
    right, mirrored, wrong = (
        loss(logits_of(said), target, others, Weights()).item()
        for said in (target, flipped, target.roll(1, 0))
    )
    assert right < mirrored < wrong


def test_gradients_are_finite_for_neutral_poses() -> None:
    logits = torch.zeros(2, units.UNIT_COUNT, len(GRID), requires_grad=True)
    target = torch.zeros(2, units.UNIT_COUNT)
    loss(logits, target, target, Weights()).backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()
