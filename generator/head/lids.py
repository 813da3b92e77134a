"""The shapes of the eyelids, explicit because lids slide on a ball. Used by the build.

`sculpt.head` is a face with closed eyes, so a lid's skin at any moment of a blink is simply the
part of that face it covers.
"""

from __future__ import annotations

import numpy as np

from generator.head import openings
from generator.head.anatomy import Anatomy, Pull
from generator.head.sculpt import EYE_CENTRE, EYE_RADIUS, Points, Scalars, on_skin

_FIRST = openings.MARGIN_RING + 1
MEETING = 0.13
"""Where the lids meet: 0 the lower lid's line at rest, 1 the upper one's."""


def _columns() -> tuple[Scalars, Scalars, Points, Points]:
    """Return per column: across, upper (1) or lower (0), margin (x, y), the partner's margin."""
    half = openings.EYE_HALF
    across = -np.cos(np.pi * np.arange(half + 1) / half)
    upper, lower = openings.lid_lines(across)
    margin = np.concatenate([upper, lower[-2:0:-1]])
    partner = np.concatenate([lower, upper[-2:0:-1]])
    is_upper = np.concatenate([np.ones(half + 1), np.zeros(half - 1)])
    return np.concatenate([across, across[-2:0:-1]]), is_upper, margin, partner


def shape(anatomy: Anatomy, upper: Scalars, lower: Scalars, aside: float = 0.0) -> Points:
    """Return the left lids' displacements.

    Args:
        anatomy: The skin.
        upper: (columns,) share of the way to the meeting line that the upper lid goes; below 0 it
            opens further.
        lower: The same for the lower lid.
        aside: Millimetres that the lids shift to the subject's left.
    """
    rings = anatomy.skin.eyes[0]
    _, is_upper, margin, partner = _columns()
    meeting = np.where(is_upper[:, None] > 0, partner, margin)
    meeting = meeting + MEETING * (np.where(is_upper[:, None] > 0, margin, partner) - meeting)
    edge = anatomy.points[rings[_FIRST], :2] - EYE_CENTRE[:2]
    go = np.where(is_upper > 0, upper, lower)[:, None] * (meeting - edge)
    go[:, 0] += aside * np.hypot(*(margin - partner).T) / 11.0
    moves = np.zeros_like(anatomy.points)
    parts = np.array(openings.LID_RINGS)
    for ring, part in enumerate(parts):
        index = rings[ring + _FIRST]
        rest = (1 - part) / (1 - parts[0])
        follow = np.where(is_upper > 0, rest**1.7, rest**2.2)[:, None]
        flat = anatomy.points[index, :2] + go * follow
        target = on_skin(flat)
        here = on_skin(anatomy.points[index, :2])
        keep = anatomy.points[index] - here  # the fold, pulled smooth as the lid closes
        pulled = np.clip(1.0 - np.where(is_upper > 0, upper, 0.0), 0.0, 1.0)[:, None]
        moves[index] = (target + keep * pulled - anatomy.points[index]) * (part < 0.999)
    outer = anatomy.points[rings[_FIRST]] + moves[rings[_FIRST]] - EYE_CENTRE
    outer /= np.linalg.norm(outer, axis=1, keepdims=True)
    for ring, radius in ((openings.MARGIN_RING, EYE_RADIUS + 0.15), (0, EYE_RADIUS - 0.5)):
        index = rings[ring]
        before = anatomy.points[rings[_FIRST]] - EYE_CENTRE
        before /= np.linalg.norm(before, axis=1, keepdims=True)
        offset = (anatomy.points[index] - EYE_CENTRE) / radius - before
        now = outer + offset
        # Behind the line where the lids meet the upper one's inner edge goes on a little.
        now[:, 1] += 0.07 / radius * np.minimum(go[:, 1], 0.0) * is_upper
        now *= radius / np.linalg.norm(now, axis=1, keepdims=True)
        moves[index] = now + EYE_CENTRE - anatomy.points[index]
    still = np.abs(go).max(axis=1) < 1e-9
    moves[rings[:, still]] = 0.0
    return moves


def shapes(anatomy: Anatomy) -> dict[str, Points]:
    """Return the lid shapes of the left eye by stem."""
    across, _, _, _ = _columns()
    one = np.ones(len(across))
    middle = np.clip(1 - across**2, 0, 1) ** 0.5
    squint = shape(anatomy, 0.24 * one, one * 2.1) + _squeeze(anatomy)
    return {
        "EyeBlink": shape(anatomy, one, one),
        "EyeSquint": squint,
        "EyeWide": shape(anatomy, -0.36 * middle, -0.9 * middle),
        "EyeLookUp": shape(anatomy, -0.62 * middle, 1.5 * middle),
        "EyeLookDown": shape(anatomy, 0.97 * one, -2.2 * middle),
        "EyeLookIn": shape(anatomy, 0 * one, 0 * one, -0.7),
        "EyeLookOut": shape(anatomy, 0 * one, 0 * one, 0.7),
    }


def _squeeze(anatomy: Anatomy) -> Points:
    """Return what the ring muscle does round the lids: cheek up, crow's feet."""
    cheek = anatomy.falloff((33, -15, 78), (20, 10, 22))
    tail = anatomy.falloff((53, -2, 62), (12, 13, 16))
    moves = anatomy.swell(cheek, 1.5) * ~anatomy.eye_rings(0, 3)[:, None]
    return moves + anatomy.wrinkles(tail, (anatomy.points[:, 1] + 1) / 6.5, 0.55)


def correctives(anatomy: Anatomy) -> dict[str, Points]:
    """Return the left eye's additions that only appear when two shapes meet.

    EyeSqueeze: a blink and a squint at once, the eye pressed shut.
    """
    one = np.ones(openings.EYE_COLUMNS)
    p = anatomy.points
    shut = shape(anatomy, one, one)
    # Lids that are shut already rise together and wrinkle.
    higher = shape(anatomy, one * 0.80, one * 2.6) - shut
    lid = anatomy.falloff((32, 1, 84), (19, 8, 20))
    fold = anatomy.wrinkles(lid, (p[:, 1] - 0.012 * (p[:, 0] - 32) ** 2) / 5.0, 0.35)
    region = anatomy.ball((31, 6, 78), (32, 30, 40)) & ~anatomy.eye_rings(0, 6)
    pulled = anatomy.pull(
        region,
        [
            Pull((22, 19), (-0.6, -2.6, 0.6)),
            Pull((34, 21), (-0.4, -2.8, 0.6)),
            Pull((50, 4), (-2.2, -0.6, 0.6)),
            Pull((34, -17), (0.0, 3.0, 1.4)),
            Pull((15, -6), (1.0, 0.6, 0.4)),
        ],
    )
    return {"EyeSqueeze": higher + 1.5 * _squeeze(anatomy) + pulled + fold}
