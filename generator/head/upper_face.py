"""The shapes of brows, cheeks and nose. Used by the build."""

from __future__ import annotations

import numpy as np

from generator.head import lids, openings
from generator.head.anatomy import Anatomy, Pull
from generator.head.sculpt import Points
from generator.head.solve import Mask


def paired(anatomy: Anatomy) -> dict[str, Points]:
    """Return the left shapes of brows, cheeks and nose by stem."""
    return {
        "BrowDown": _brow_down(anatomy),
        "BrowOuterUp": _brow_outer_up(anatomy),
        "CheekSquint": _cheek_squint(anatomy),
        "NoseSneer": _nose_sneer(anatomy),
    }


def single(anatomy: Anatomy) -> dict[str, Points]:
    """Return the shapes without a side."""
    return {
        "BrowInnerUp": anatomy.symmetric(_brow_inner_up(anatomy)),
        "CheekPuff": anatomy.symmetric(_cheek_puff(anatomy)),
    }


def _forehead(anatomy: Anatomy) -> Mask:
    region = anatomy.ball((0, 38, 70), (72, 44, 70)) & ~anatomy.eye_rings(0, 6)
    return region & _above(anatomy, 6)


def _above(anatomy: Anatomy, y: float) -> Mask:
    return np.asarray(anatomy.points[:, 1] > y)


def _brow_down(anatomy: Anatomy) -> Points:
    region = anatomy.ball((24, 26, 80), (40, 34, 45)) & ~anatomy.eye_rings(0, 5)
    moves = anatomy.pull(
        region,
        [
            Pull((9, 19), (-3.0, -7.2, 1.6)),
            Pull((15, 19), (-2.8, -7.4, 1.8)),
            Pull((24, 21), (-2.0, -6.2, 1.4)),
            Pull((34, 22.5), (-1.2, -4.6, 0.6)),
            Pull((43, 20), (-0.4, -2.4, 0.0)),
            Pull((1.5, 20), (-0.2, -3.6, 0.8)),
        ],
    )
    p = anatomy.points
    frown = anatomy.falloff((6, 23, 92), (9, 15, 20)) * (p[:, 0] > 0)
    return moves + anatomy.swell(frown * np.cos((p[:, 0] - 8.2) * 0.62), 1.7)


def _brow_inner_up(anatomy: Anatomy) -> Points:
    moves = anatomy.pull(
        _forehead(anatomy),
        [
            Pull((6, 19), (0.6, 7.4, 0.0)),
            Pull((12, 19), (0.3, 7.8, -0.4)),
            Pull((20, 21), (0.0, 5.4, -0.6)),
            Pull((30, 23), (0.0, 2.0, -0.3)),
            Pull((40, 22), (0.0, 0.0, 0.0)),
            Pull((8, 34), (0.0, 4.6, 0.0)),
        ],
        both=True,
    )
    p = anatomy.points
    lines = anatomy.falloff((0, 47, 90), (36, 24, 40))
    return moves + anatomy.wrinkles(lines, (p[:, 1] - 38 - 0.004 * p[:, 0] ** 2) / 12.0, 0.9)


def _brow_outer_up(anatomy: Anatomy) -> Points:
    region = anatomy.ball((36, 34, 65), (36, 38, 55)) & ~anatomy.eye_rings(0, 6)
    region &= _above(anatomy, 4)
    moves = anatomy.pull(
        region,
        [
            Pull((12, 19), (0.0, 0.8, 0.0)),
            Pull((22, 21), (0.0, 4.2, -0.4)),
            Pull((30, 23), (0.2, 7.0, -0.9)),
            Pull((38, 22.5), (0.5, 8.0, -1.4)),
            Pull((45, 19), (0.6, 6.6, -1.0)),
        ],
    )
    p = anatomy.points
    lines = anatomy.falloff((36, 48, 72), (24, 22, 32))
    return moves + anatomy.wrinkles(lines, (p[:, 1] - 40 + 0.15 * p[:, 0]) / 12.0, 0.7)


def _cheek_squint(anatomy: Anatomy) -> Points:
    region = anatomy.ball((37, -26, 70), (30, 27, 34)) & ~anatomy.eye_rings(0, 3)
    moves = anatomy.pull(
        region,
        [
            Pull((37, -24), (0.0, 6.6, 3.4)),
            Pull((29, -22), (0.0, 5.8, 2.8)),
            Pull((46, -21), (-0.4, 5.6, 2.2)),
            Pull((34, -13), (0.0, 3.0, 1.6)),
        ],
    )
    across = np.ones(openings.EYE_COLUMNS)
    moves += lids.shape(anatomy, 0.0 * across, 0.9 * across)
    tail = anatomy.falloff((55, -4, 60), (12, 13, 18))
    return moves + anatomy.wrinkles(tail, (anatomy.points[:, 1] + 3) / 6.5, 0.5)


def _nose_sneer(anatomy: Anatomy) -> Points:
    region = anatomy.ball((14, -34, 92), (26, 34, 34)) & ~anatomy.eye_rings(0, 8)
    region &= ~anatomy.mouth_rings(0, 12)
    moves = anatomy.pull(
        region,
        [
            Pull((14, -42), (1.2, 6.4, 0.2)),
            Pull((9, -28), (0.8, 4.6, 1.6)),
            Pull((21, -40), (1.2, 6.6, 2.2)),
            Pull((15, -52), (0.8, 5.0, 0.8)),
            Pull((1.0, -40), (0.0, 0.8, 0.0)),
        ],
    )
    p = anatomy.points
    side = anatomy.falloff((9, -10, 90), (12, 21, 22)) * np.clip(p[:, 0] / 2.5, 0, 1)
    return moves + anatomy.wrinkles(side, (p[:, 1] + 9 - 0.35 * p[:, 0]) / 7.5, 1.35)


def _cheek_puff(anatomy: Anatomy) -> Points:
    cheek = anatomy.falloff((41, -60, 66), (32, 30, 60), both=True)
    inner = anatomy.skin.outside & ~anatomy.mouth_rings(7, 14)
    upper = anatomy.falloff((0, -60, 98), (30, 9, 20)) + anatomy.falloff((0, -83, 97), (26, 9, 20))
    return anatomy.swell(cheek * inner, 10.5) + anatomy.swell(upper * inner, 1.4)
