from __future__ import annotations

import numpy as np

from generator.motion import LayerSpec, Mood
from generator.motion.scene import REGIONS, channel_mask, region_mask, transitions
from livelink.channels import Channel, Region, of_region


def test_words_set_arousal_and_haste(pose, keys_of, scene_of):
    keys = keys_of(*((float(i), 0.2, pose(JawOpen=0.1 * i)) for i in range(1, 4)))
    scene = scene_of(keys, Mood("fear", ("she snaps round", "calm again, slowly", "")))
    assert scene.arousal[0] > scene.arousal[1]
    assert list(scene.haste) == [1.0, -1.0, 0.0]
    assert scene_of(keys, Mood("boredom")).arousal.max() < 0 < scene.arousal[2]


def test_transitions_know_their_rests(pose, keys_of, scene_of):
    keys = keys_of((1.0, 0.5, pose(JawOpen=0.5)), (2.0, 0.0, pose(JawOpen=0.1)))
    first, second = transitions(scene_of(keys).path)
    assert (first.key, first.start_s, first.end_s, first.rest_after_s) == (0, 0.0, 1.0, 0.5)
    assert (second.key, second.start_s, second.rest_before_s, second.rest_after_s) == (
        1,
        1.5,
        0.5,
        1.0,
    )
    assert np.isclose(second.change[Channel.JawOpen], -0.4)


def test_masks_are_weights_in_the_regions_of_the_layer():
    spec = LayerSpec("drift", 0.5, (Region.BROWS,))
    mask = channel_mask(spec)
    brows = list(of_region(Region.BROWS))
    assert (mask[brows] == 0.5).all()
    assert np.count_nonzero(mask) == len(brows)
    assert list(region_mask(spec)) == [0.5 * (r is Region.BROWS) for r in REGIONS]
