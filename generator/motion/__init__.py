"""From keyframes to motion: what happens between them and on top of them. Pure and seeded.

`sample` is the whole of it: interpolation between the keys, points set by hand, layers, and last
the constraints that no frame may break.
"""

from __future__ import annotations

from generator.motion.constraints import constrain, follow_gaze
from generator.motion.curves import CurvePoint
from generator.motion.interpolation import Interpolation, Keys, interpolate
from generator.motion.layers import LayerSpec, Mood, default_layers
from generator.motion.sampling import sample

__all__ = [
    "CurvePoint",
    "Interpolation",
    "Keys",
    "LayerSpec",
    "Mood",
    "constrain",
    "default_layers",
    "follow_gaze",
    "interpolate",
    "sample",
]
