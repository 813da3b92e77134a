from __future__ import annotations

import numpy as np

from generator import corpus
from generator.compact import units
from generator.compact.beats import beats_of, part
from livelink.channels import CHANNEL_COUNT, CHANNELS


def test_units_carry_every_pose_of_the_corpus_both_ways() -> None:
    scripts = corpus.load_corpus()
    wire = corpus.targets(scripts).astype(np.float32)
    said = np.stack([beat.units for beat in beats_of(scripts)])
    assert np.abs(units.to_wire(said) - wire).max() < 1e-6
    assert np.abs(units.from_wire(wire) - said).max() < 1e-6


def test_mirroring_units_mirrors_the_wire() -> None:
    values = np.random.default_rng(1).random((20, units.UNIT_COUNT)).astype(np.float32)
    wire = units.to_wire(values)
    mirrored = np.zeros_like(wire)
    for info in CHANNELS:
        mirrored[:, info.channel] = info.mirror_sign * wire[:, info.mirror]
    assert np.abs(units.to_wire(values[:, units.MIRROR]) - mirrored).max() < 1e-6
    assert (units.MIRROR[units.MIRROR] == np.arange(units.UNIT_COUNT)).all()


def test_wire_values_are_in_range_and_consistent() -> None:
    values = np.random.default_rng(2).normal(0.5, 1.0, (50, units.UNIT_COUNT)).astype(np.float32)
    wire = units.to_wire(values)
    assert wire.shape == (50, CHANNEL_COUNT)
    assert wire[:, :52].min() >= 0
    assert wire[:, :52].max() <= 1
    assert np.abs(wire[:, 52:55]).max() <= np.pi / 4 + 1e-6
    said = units.from_wire(wire)
    for one, other in units.OPPOSITES:
        assert (np.minimum(said[:, one], said[:, other]) < 1e-6).all()
    close, jaw = units.INDEX["MouthClose"], units.INDEX["JawOpen"]
    assert (said[:, close] <= said[:, jaw] + 1e-6).all()


def test_every_stem_has_a_meaning() -> None:
    assert set(units.MEANINGS) == set(units.STEMS)


def test_parts_grow_by_adding() -> None:
    beats = beats_of(corpus.load_corpus()[:200])
    quarter, half = ({b.name for b in part(beats, share, 3)} for share in (0.25, 0.5))
    assert quarter < half < {b.name for b in beats}
    assert all("\n" not in beat.context for beat in beats)
