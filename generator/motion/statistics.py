"""How fast faces move: speed and jerk by region as quantiles, and how far two faces differ.

`distil` made assets/motion/real_motion.json from a real 60 Hz stream:

    python -c "from generator.motion.statistics import distil
    distil('dao.gesichter', 'assets/motion/real_motion.json')"

The stream is examples/dao.gesichter of think-biq/LLV (BSD-2-Clause, ids anonymised): 180 packets,
3.1 s of one lively person in 2021. The asset holds numbers about it, not the stream. One person and
three seconds are what there is; take distances to it as a direction, not as the truth about faces.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets import asset
from generator.errors import DocumentError
from livelink import packet
from livelink.channels import Region, of_region
from livelink.recording import read_packets

Floats = NDArray[np.float64]

SCHEMA = "facewright.motion/1"
MEASURES = ("speed", "jerk")
"""|first difference| x rate, units a second; |third difference| x rate^3, units a second cubed."""

_COUNT = 200
_SHARES = (np.arange(_COUNT) + 0.5) / _COUNT

Quantiles = dict[Region, dict[str, Floats]]
"""Region -> measure -> (200,) quantiles at the middle of each half per cent."""


def quantiles_of(stretches: Sequence[NDArray[np.floating]], rate_hz: float) -> Quantiles:
    """Return the speed and jerk quantiles of stretches of motion without gaps.

    Args:
        stretches: (n, 61) values each; those of fewer than four frames have no jerk.
        rate_hz: Their frame rate.
    """
    speed, jerk = (
        np.concatenate(
            [
                np.abs(np.diff(np.asarray(values, np.float64), order, axis=0)) * rate_hz**order
                for values in stretches
                if len(values) > order
            ]
        )
        for order in (1, 3)
    )
    return {
        region: {
            name: np.quantile(values[:, list(of_region(region))], _SHARES)
            for name, values in zip(MEASURES, (speed, jerk), strict=True)
        }
        for region in Region
    }


def distance(first: Floats, second: Floats) -> float:
    """Return the 1-D Wasserstein distance between two distributions given as quantiles."""
    return float(np.abs(first - second).mean())


def real_motion() -> Quantiles:
    """Return the quantiles of the real stream that ships with us.

    Raises:
        DocumentError: The asset is damaged.
    """
    document = json.loads(asset("motion", "real_motion.json").read_text(encoding="utf-8"))
    if document.get("schema") != SCHEMA:
        raise DocumentError("assets/motion/real_motion.json is not ours; install facewright again.")
    return {
        region: {name: np.array(document["regions"][region.value][name]) for name in MEASURES}
        for region in Region
    }


def stretches_of(path: str | Path) -> list[NDArray[np.float64]]:
    """Return the (n, 61) stretches without gaps of a packet recording at one frame a frame time.

    Raises:
        FileFormatError: Not a recording.
        PacketError: A packet in it that cannot be decoded.
    """
    stretches: list[list[NDArray[np.float64]]] = []
    expected = None
    for recorded in read_packets(path):
        frame = packet.decode(recorded.data)
        if frame.values is None:
            expected = None
            continue
        if frame.time.frame != expected:
            stretches.append([])
        stretches[-1].append(frame.values.astype(np.float64))
        expected = frame.time.frame + 1
    return [np.stack(stretch) for stretch in stretches]


def distil(recording: str | Path, target: str | Path) -> None:
    """Write the quantiles of a 60 Hz packet recording as the asset that `real_motion` reads."""
    stretches = stretches_of(recording)
    found = quantiles_of(stretches, 60.0)
    document = {
        "schema": SCHEMA,
        "source": "think-biq/LLV examples/dao.gesichter: 180 packets, 3.1 s, iPhone, March 2021",
        "licence": "BSD-2-Clause, Copyright 2021 blurryroots innovation qanat OUe; "
        "these are numbers about the stream, the stream itself is not shipped",
        "made_by": "generator.motion.statistics.distil",
        "frames": sum(len(stretch) for stretch in stretches),
        "shares": f"quantiles at (i + 0.5) / {_COUNT}",
        "regions": {
            region.value: {
                name: [float(f"{value:.4g}") for value in found[region][name]] for name in MEASURES
            }
            for region in Region
        },
    }
    Path(target).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
