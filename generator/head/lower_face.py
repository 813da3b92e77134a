"""The shapes of jaw, lips and tongue. Used by the build."""

from __future__ import annotations

import numpy as np

from generator.head import openings
from generator.head.anatomy import Anatomy, LipMove, Pull
from generator.head.sculpt import Points, Scalars
from generator.head.solve import Mask

SEAM, BORDER = openings.SEAM_RING, openings.BORDER_RING
JAW_AXIS = (-22.0, 2.0)
"""y and z of the line through both jaw joints."""
JAW_TURN = np.radians(16.5)
JAW_SLIDE = np.array([0.0, -2.5, 7.0])


def open_jaw(p: Points) -> Points:
    """Return what the open jaw does to points that belong to it, (n, 3)."""
    y, z = p[:, 1] - JAW_AXIS[0], p[:, 2] - JAW_AXIS[1]
    c, s = np.cos(JAW_TURN), np.sin(JAW_TURN)
    moved = np.stack([p[:, 0], y * c - z * s + JAW_AXIS[0], y * s + z * c + JAW_AXIS[1]], axis=1)
    return np.asarray(moved + JAW_SLIDE - p)


def jaw_weight(anatomy: Anatomy) -> Scalars:
    """Return how much each vertex belongs to the jaw, 0 to 1."""
    p = anatomy.points
    chin = anatomy.skin.outside & (p[:, 1] < -86) & (p[:, 1] > -116) & (p[:, 2] > 50)
    chin &= p[:, 1] > -128 + 0.25 * p[:, 2]
    rim = anatomy.ball((0, -100, 70), (46, 14, 50)) & anatomy.skin.outside & (p[:, 2] > 42)
    ones = chin | (rim & (p[:, 1] > -116))
    zeros = (p[:, 1] > -34) | (p[:, 2] < -2) | anatomy.eye_rings(0, 99)
    zeros |= p[:, 1] < -142 + 0.12 * np.clip(p[:, 2], 0, 99)
    zeros |= anatomy.ball((0, -45, 100), (22, 14, 30))
    value = np.zeros(len(p))
    handles = np.zeros(len(p), dtype=bool)
    for ring in range(1, openings.BORDER_RING + 4):
        index, across, side = anatomy.lip_ring(ring)
        limit = 0.80 if ring <= BORDER else 0.45
        held = (side != 0) & (np.abs(across) < limit)
        handles[index[held]] = True
        value[index[held]] = side[held] < 0
    deepest, _, _ = anatomy.lip_ring(0)
    handles[deepest] = True
    value[deepest] = 0.5
    handles |= ones & ~anatomy.mouth_rings(0, 99)
    value[ones & ~anatomy.mouth_rings(0, 99)] = 1.0
    (index,) = np.nonzero(handles)
    weight = anatomy.follow(~zeros, index, value[index][:, None])[:, 0]
    weight = np.clip(weight, 0.0, 1.0)
    return np.asarray((weight + weight[anatomy.skin.twin]) / 2)


def _mouth(anatomy: Anatomy, *, wide: float = 50.0, low: float = 30.0, high: float = 22.0) -> Mask:
    """Return the region round the mouth that lips may carry along."""
    p = anatomy.points
    away = (p[:, 0] / wide) ** 2 + ((p[:, 1] + 69) / np.where(p[:, 1] < -69, low, high)) ** 2
    region = (away < 1.0) & (p[:, 2] > 30)
    return np.asarray(
        region & ~anatomy.mouth_rings(0, 2) & (anatomy.skin.outside | (p[:, 1] > -99))
    )


def _bell(a: Scalars, centre: float, width: float) -> Scalars:
    return np.asarray(np.exp(-(((a - centre) / width) ** 2)))


def _towards(a: Scalars, start: float, power: float = 1.5) -> Scalars:
    """Return 0 before `start`, rising to 1 at the left corner."""
    return np.asarray(np.clip((a - start) / (1 - start), 0.0, 1.0) ** power)


def _arch(a: Scalars) -> Scalars:
    return np.asarray(np.sqrt(np.clip(1 - a * a, 0.0, 1.0)))


def _xyz(x: Scalars, y: Scalars, z: Scalars) -> Points:
    return np.stack(np.broadcast_arrays(x, y, z), axis=1).astype(np.float64)


def paired(anatomy: Anatomy) -> dict[str, Points]:
    """Return the left shapes of the mouth by stem."""
    return {
        "MouthSmile": _smile(anatomy),
        "MouthFrown": _frown(anatomy),
        "MouthDimple": _dimple(anatomy),
        "MouthStretch": _stretch(anatomy),
        "MouthPress": _press(anatomy),
        "MouthLowerDown": _lower_down(anatomy),
        "MouthUpperUp": _upper_up(anatomy),
    }


def _corner(
    move: tuple[float, float, float], start: float, thin: float = 0.0, power: float = 1.5
) -> dict[int, LipMove]:
    """Return lips drawn along by their left corner, their red thinner by `thin` millimetres."""

    def ring(narrow: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = _towards(a, start, power)
            red = narrow * side * _towards(a, start, 0.8) * _arch(a)
            return _xyz(move[0] * s, move[1] * s - red, move[2] * s)

        return go

    return {SEAM: ring(0.0), SEAM + 3: ring(thin * 0.6), BORDER: ring(thin)}


def _smile(anatomy: Anatomy) -> Points:
    p = anatomy.points
    region = _mouth(anatomy, wide=66, low=38, high=58) & (p[:, 0] > -16) & (p[:, 1] < -14)
    region &= ~anatomy.ball((0, -38, 105), (16.5, 14, 20)) & ~anatomy.eye_rings(0, 10)
    moves = anatomy.lips(
        region,
        _corner((7.6, 8.2, -6.5), -0.35, thin=0.9, power=1.6),
        [Pull((38, -57), (3.0, 6.4, 1.4)), Pull((39, -42), (0.6, 4.2, 2.8))],
    )
    fold = _along_fold(anatomy)
    return moves + anatomy.swell(fold, -1.2)


def _along_fold(anatomy: Anatomy) -> Scalars:
    """Return a weight along the left fold from the nose's wing to beyond the mouth's corner."""
    a, b = np.array([20.5, -46.0]), np.array([36.0, -72.0])
    flat = anatomy.points[:, :2] - a
    along = b - a
    t = flat @ along / (along @ along)
    bow = np.clip(t, 0, 1)[:, None] * along + (4.0 * np.sin(np.pi * np.clip(t, 0, 1)))[:, None] * [
        0.86,
        0.5,
    ]
    away = np.linalg.norm(flat - bow, axis=1)
    ends = np.clip(np.minimum((t + 0.1) / 0.3, (1.1 - t) / 0.35), 0, 1)
    front = (anatomy.points[:, 2] > 55) & anatomy.skin.outside
    outer = ~anatomy.mouth_rings(0, 14)
    return np.asarray(np.clip(1 - (away / 4.6) ** 2, 0, 1) ** 2 * ends * front * outer)


def _frown(anatomy: Anatomy) -> Points:
    region = _mouth(anatomy, wide=52, low=40, high=24) & (anatomy.points[:, 0] > -16)
    region &= anatomy.points[:, 1] > -108
    moves = anatomy.lips(
        region,
        _corner((1.0, -8.0, -2.0), -0.15, thin=0.6, power=1.35),
        [Pull((33, -84), (0.6, -4.2, -0.2)), Pull((38, -66), (0.0, -3.0, -0.8))],
    )
    below = anatomy.falloff((29, -87, 85), (9, 11, 25))
    return moves + anatomy.swell(below, 1.2)


def _dimple(anatomy: Anatomy) -> Points:
    region = _mouth(anatomy, wide=56, low=30, high=28) & (anatomy.points[:, 0] > -6)
    moves = anatomy.lips(
        region,
        _corner((5.6, 1.2, -6.6), 0.0, thin=0.9, power=1.6),
        [Pull((37, -67), (1.0, 0.6, -3.2)), Pull((45, -62), (-1.0, 0.6, 1.4))],
    )
    dent = anatomy.falloff((34, -67, 82), (6, 9, 20))
    return moves + anatomy.swell(dent * ~anatomy.mouth_rings(0, 14), -1.6)


def _stretch(anatomy: Anatomy) -> Points:
    region = _mouth(anatomy, wide=62, low=42, high=26) & (anatomy.points[:, 0] > -16)
    return anatomy.lips(
        region,
        _corner((9.5, -3.4, -6.0), -0.35, thin=1.5, power=1.2),
        [Pull((40, -72), (5.6, -2.6, -2.0)), Pull((30, -90), (3.0, -2.4, -0.6))],
    )


def _press(anatomy: Anatomy) -> Points:
    region = _mouth(anatomy, wide=42, low=24, high=17) & (anatomy.points[:, 0] > -14)

    def ring(close: float, back: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = np.clip((a + 0.35) / 0.75, 0, 1) ** 1.2 * _arch(a) ** 0.6
            lift = np.where(side > 0, -1.0, 1.0) * close * s
            return _xyz(0.0 * a, lift * (side != 0), -back * s)

        return go

    moves = anatomy.lips(
        region, {SEAM: ring(0.0, 1.6), SEAM + 3: ring(1.7, 1.6), BORDER: ring(3.0, 0.6)}
    )
    bulge = anatomy.falloff((31, -69, 86), (9, 12, 22)) * ~anatomy.mouth_rings(0, 13)
    return moves + anatomy.swell(bulge, 1.8)


def _lower_down(anatomy: Anatomy) -> Points:
    region = _mouth(anatomy, wide=40, low=30, high=30) & ~anatomy.mouth_rings(0, 99, side=1)
    region &= (anatomy.points[:, 0] > -14) & (anatomy.points[:, 1] < -66)

    def ring(down: float, out: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = _bell(a, 0.42, 0.46) * _arch(a) ** 0.7 * (side < 0)
            return _xyz(1.0 * s, -down * s, out * s)

        return go

    return anatomy.lips(
        region,
        {SEAM: ring(7.6, 1.0), SEAM + 3: ring(7.0, 0.2), BORDER: ring(5.8, -0.6)},
        [Pull((14, -92), (0.3, -1.6, 0.4))],
    )


def _upper_up(anatomy: Anatomy) -> Points:
    region = _mouth(anatomy, wide=40, low=30, high=34) & ~anatomy.mouth_rings(0, 99, side=-1)
    region &= (anatomy.points[:, 0] > -14) & (anatomy.points[:, 1] > -72)
    region &= ~anatomy.ball((0, -42, 106), (9, 12, 16))

    def ring(up: float, out: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = _bell(a, 0.42, 0.46) * _arch(a) ** 0.7 * (side > 0)
            return _xyz(0.6 * s, up * s, out * s)

        return go

    moves = anatomy.lips(
        region,
        {SEAM: ring(6.4, 1.2), SEAM + 3: ring(5.8, 1.0), BORDER: ring(4.8, 0.4)},
        [Pull((24, -52), (0.8, 3.2, 1.0)), Pull((16.5, -50), (0.6, 1.6, 0.4))],
    )
    return moves + anatomy.swell(_along_fold(anatomy), -0.9)


def single(anatomy: Anatomy, weight: Scalars) -> dict[str, Points]:
    """Return the shapes without a side, and the two sideways ones of the left.

    Args:
        anatomy: The skin.
        weight: `jaw_weight`.
    """
    p = anatomy.points
    jaw_open = open_jaw(p) * weight[:, None]
    shapes = {
        "JawOpen": jaw_open,
        "JawForward": weight[:, None] * [0.0, 0.8, 7.0],
        "MouthClose": _close(anatomy, jaw_open),
        "MouthFunnel": _funnel(anatomy),
        "MouthPucker": _pucker(anatomy),
        "MouthRollLower": _roll(anatomy, upper=False),
        "MouthRollUpper": _roll(anatomy, upper=True),
        "MouthShrugLower": _shrug_lower(anatomy),
        "MouthShrugUpper": _shrug_upper(anatomy),
        "TongueOut": _part_for_tongue(anatomy),
    }
    shapes = {name: anatomy.symmetric(moves) for name, moves in shapes.items()}
    slide = np.array([7.5, 0.4, 0.0]) * np.ones_like(p)
    shapes["JawLeft"] = slide * weight[:, None]
    shapes["MouthLeft"] = _sideways(anatomy)
    return shapes


def _close(anatomy: Anatomy, jaw_open: Points) -> Points:
    """Return what brings the lips together over the open jaw: the lower one comes up most."""
    region = _mouth(anatomy, wide=44, low=30, high=22)
    handles, moves = [], []
    share = 0.30  # of the gap, closed by the upper lip
    for ring in range(SEAM - 3, BORDER + 4):
        index, across, side = anatomy.lip_ring(ring)
        upper = {
            float(round(a, 9)): i for i, a, s in zip(index, across, side, strict=True) if s > 0
        }
        lower = {
            float(round(a, 9)): i for i, a, s in zip(index, across, side, strict=True) if s < 0
        }
        fade = np.clip(1.0 - max(ring - BORDER, 0) / 5.0, 0, 1)
        for a, above in upper.items():
            below = lower[a]
            gap = jaw_open[below] - jaw_open[above]
            handles += [above, below]
            moves += [gap * share * fade, -gap * (1 - share * fade) + gap * (1 - fade) * 0.75]
    return anatomy.follow(region, np.array(handles), np.array(moves))


def _funnel(anatomy: Anatomy) -> Points:
    def ring(up: float, down: float, out: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            arch = _arch(a) ** 0.8
            y = np.where(side > 0, up, -down) * arch * (side != 0)
            return _xyz(-9.0 * a * (0.4 + 0.6 * np.abs(a)), y, out * (0.35 + 0.65 * arch))

        return go

    return anatomy.lips(
        _mouth(anatomy, wide=52, low=36, high=26),
        {SEAM: ring(3.2, 4.0, 6.5), SEAM + 3: ring(4.2, 4.4, 8.5), BORDER: ring(3.0, 2.8, 7.0)},
        [Pull((38, -68), (-2.0, 0, 0.5)), Pull((-38, -68), (2.0, 0, 0.5))],
    )


def _pucker(anatomy: Anatomy) -> Points:
    def ring(thick: float, out: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            arch = _arch(a) ** 0.7
            y = thick * side * arch + 0.6 * np.abs(a)
            return _xyz(-12.5 * a * (0.55 + 0.45 * np.abs(a)), y, out * (0.45 + 0.55 * arch))

        return go

    return anatomy.lips(
        _mouth(anatomy, wide=54, low=36, high=26),
        {SEAM: ring(0.0, 6.6), SEAM + 2: ring(0.3, 9.2), BORDER: ring(0.2, 6.6)},
        [Pull((38, -68), (-3.5, 0, 0.6)), Pull((-38, -68), (3.5, 0, 0.6))],
    )


def _roll(anatomy: Anatomy, *, upper: bool) -> Points:
    which = 1.0 if upper else -1.0

    def ring(close: float, back: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = (side == which) * _arch(a) ** 0.7
            return _xyz(0.0 * a, -which * close * s, -back * s)

        return go

    region = _mouth(anatomy, wide=42, low=28, high=18)
    region &= ~anatomy.mouth_rings(0, 99, side=-int(which))
    heights = (0.0, 2.6, 4.8) if upper else (0.0, 3.6, 6.6)
    return anatomy.lips(
        region,
        {
            SEAM: ring(0.5, 4.0),
            SEAM + 3: ring(heights[1], 4.6),
            BORDER: ring(heights[2], 2.6),
        },
    )


def _shrug_lower(anatomy: Anatomy) -> Points:
    def ring(low: float, high: float, out: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = _arch(a) ** 0.8
            return _xyz(
                0 * a,
                np.where(side < 0, low, high) * s,
                np.where(side < 0, out, np.minimum(out, 1.6)) * s,
            )

        return go

    moves = anatomy.lips(
        _mouth(anatomy, wide=46, low=42, high=20),
        {SEAM: ring(3.4, 3.4, 1.6), SEAM + 3: ring(4.6, 3.0, 3.4), BORDER: ring(4.6, 2.4, 1.6)},
        [
            Pull((0, -97), (0, 4.4, 1.4)),
            Pull((10, -97), (0, 4.2, 1.2)),
            Pull((-10, -97), (0, 4.2, 1.2)),
        ],
    )
    chin = anatomy.falloff((0, -98, 95), (21, 13, 25))
    furrow = anatomy.falloff((0, -86, 97), (19, 5.5, 20)) * ~anatomy.mouth_rings(0, 14)
    return moves + anatomy.swell(chin, 1.6) - anatomy.swell(furrow, 1.3)


def _shrug_upper(anatomy: Anatomy) -> Points:
    def ring(high: float, low: float, out: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = _arch(a) ** 0.8
            return _xyz(
                0 * a,
                np.where(side > 0, high, low) * s,
                np.where(side > 0, out, np.minimum(out, 1.8)) * s,
            )

        return go

    return anatomy.lips(
        _mouth(anatomy, wide=42, low=24, high=20),
        {SEAM: ring(3.2, 3.2, 1.8), SEAM + 3: ring(4.0, 2.4, 3.2), BORDER: ring(4.2, 1.4, 2.4)},
    )


def _part_for_tongue(anatomy: Anatomy) -> Points:
    def ring(up: float, down: float) -> LipMove:
        def go(a: Scalars, side: Scalars) -> Points:
            s = _bell(a, 0, 0.62) * _arch(a) ** 0.6
            return _xyz(0 * a, np.where(side > 0, up, -down) * s * (side != 0), 0.8 * s)

        return go

    return anatomy.lips(
        _mouth(anatomy, wide=40, low=26, high=16),
        {SEAM: ring(1.6, 6.6), SEAM + 3: ring(1.3, 6.0), BORDER: ring(0.9, 4.6)},
    )


def _sideways(anatomy: Anatomy) -> Points:
    def go(a: Scalars, _: Scalars) -> Points:
        return _xyz(8.5 - 1.5 * np.abs(a), 0.8 * np.clip(a, 0, 1), -2.6 * a - 1.0 * np.abs(a))

    return anatomy.lips(
        _mouth(anatomy, wide=60, low=34, high=24),
        {SEAM: go, SEAM + 3: go, BORDER: go},
        [Pull((40, -66), (1.6, 0.6, 2.0)), Pull((-40, -66), (3.6, 0, -0.6))],
    )
