from __future__ import annotations

import pytest

from generator.errors import DocumentError
from generator.motion.layers import KINDS, LayerSpec, Mood, default_layers
from livelink.channels import Region


def test_the_default_is_every_layer_in_order_at_full_weight():
    layers = default_layers(7)
    assert [layer.name for layer in layers] == list(KINDS)
    assert {(layer.weight, layer.seed) for layer in layers} == {(1.0, 7)}


def test_json_and_back():
    layer = LayerSpec("blinks", 0.5, (Region.LIDS,), 12, {"rate_per_min": 20.0})
    assert LayerSpec.from_json(layer.to_json()) == layer
    assert layer.to_json()["regions"] == ["lids"]


def test_what_a_document_leaves_out_has_its_default():
    layer = LayerSpec.from_json({"name": "breath", "weight": 1})
    assert layer.param("rate_per_min") == 0.0
    assert layer.active_regions == KINDS["breath"].regions


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"weight": 1.0}, "name and a weight"),
        ({"name": "breath"}, "name and a weight"),
        ({"name": "sparkle", "weight": 1.0}, "There are: offsets"),
        ({"name": 3, "weight": 1.0}, "name and a weight"),
        ({"name": "breath", "weight": 1.5}, "0 to 1"),
        ({"name": "breath", "weight": float("nan")}, "0 to 1"),
        ({"name": "breath", "weight": "much"}, "name and a weight"),
        ({"name": "breath", "weight": 1.0, "seed": -1}, "seed is"),
        ({"name": "breath", "weight": 1.0, "seed": 0.5}, "whole number"),
        ({"name": "breath", "weight": 1.0, "regions": ["ears"]}, "There are: lids"),
        ({"name": "breath", "weight": 1.0, "regions": ["gaze"]}, "It acts on"),
        ({"name": "breath", "weight": 1.0, "params": {"depth": 1.0}}, "It has: rate_per_min"),
        ({"name": "breath", "weight": 1.0, "params": {"rate_per_min": 900.0}}, "0 to 60"),
        ({"name": "breath", "weight": 1.0, "params": {"rate_per_min": None}}, "name and a weight"),
    ],
)
def test_documents_out_of_form_are_refused(document, words):
    with pytest.raises(DocumentError, match=words):
        LayerSpec.from_json(document)


def test_a_mood_may_have_fewer_texts_than_keys():
    mood = Mood("joy", ("a", "b"))
    assert [mood.text(index) for index in range(3)] == ["a", "b", ""]


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_explains_itself(kind):
    assert kind.meaning
    assert kind.regions
    for param in kind.params.values():
        assert param.low <= param.default <= param.high
        assert param.meaning
