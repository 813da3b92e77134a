"""The names of the head's parts, shared by the build, the model and every renderer. Pure."""

from __future__ import annotations

import enum


class Part(enum.IntEnum):
    """What a triangle belongs to; left and right are the subject's own."""

    SKIN = 0
    LIPS = 1
    INNER_MOUTH = 2
    EYE_LEFT = 3
    EYE_RIGHT = 4
    IRIS_LEFT = 5
    IRIS_RIGHT = 6
    PUPIL_LEFT = 7
    PUPIL_RIGHT = 8
    BROW_LEFT = 9
    BROW_RIGHT = 10
    LASHES_LEFT = 11
    LASHES_RIGHT = 12
    TEETH_UPPER = 13
    TEETH_LOWER = 14
    GUMS = 15
    TONGUE = 16
    EAR_LEFT = 17
    EAR_RIGHT = 18


TWO_SIDED = frozenset(
    {Part.BROW_LEFT, Part.BROW_RIGHT, Part.LASHES_LEFT, Part.LASHES_RIGHT, Part.TEETH_UPPER}
    | {Part.TEETH_LOWER, Part.GUMS}
)
"""Parts whose triangles are drawn from both sides."""

MIRROR_PART: dict[Part, Part] = {
    part: Part[part.name.replace("LEFT", "RIGHT")] for part in Part if "LEFT" in part.name
}
"""The right part of every left one."""

CORRECTIVES = ("EyeSqueezeLeft", "EyeSqueezeRight")
"""Shapes beyond the 52 that appear when two of those meet; see `model.effective`."""
