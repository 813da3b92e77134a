"""Write performance-1.json, the golden of the Performance's JSON form. Run from the repository:

    python tests/generator/golden/make_performance_1.py

It is rewritten only when the form gets a new version; until then what it says must stay readable.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.motion import CurvePoint, Interpolation, LayerSpec
from generator.performance import Keyframe, Performance, Source
from generator.script import Beat, Script
from livelink.channels import CHANNEL_COUNT, Channel, Region
from livelink.timecode import FrameRate

GOLDEN = Path(__file__).with_name("performance-1.json")


def performance() -> Performance:
    """Return a performance that uses every field of the form."""
    script = Script(
        "She hears the news, then winks.",
        "A kitchen, late.",
        "relief",
        (
            Beat("The news lands.", "Both brows rise moderately.", 0.4, 1.25),
            Beat("A wink with the left eye.", "", 0.25, 0.75),
        ),
    )
    source = Source("lexical", "0123456789abcdef", "p1", 7, "anatomical")
    first, second = np.zeros((2, CHANNEL_COUNT), np.float32)
    first[[Channel.BrowInnerUp, Channel.HeadYaw]] = (0.4, -0.25)
    second[[Channel.EyeBlinkLeft, Channel.MouthSmileLeft]] = (1.0, 0.1)
    return Performance(
        script,
        (
            Keyframe("k1", 0, 0.4, 1.25, first, False, source),
            Keyframe("k2", None, 1.9, 0.75, second, True),
        ),
        curves={
            Channel.JawOpen: (
                CurvePoint(0.0, 0.0, "flat"),
                CurvePoint(1.5, 0.3, (0.1, -0.2)),
                CurvePoint(2.5, 0.05),
            )
        },
        interpolation=Interpolation.MONOTONE,
        layers=(
            LayerSpec("blinks", 0.8, (Region.LIDS,), 11, {"rate_per_min": 20.0}),
            LayerSpec("drift", seed=12),
        ),
        audio=("line.wav", 0.125),
        subject="Zo\u00eb",
        rate=FrameRate(60000, 1001),
    )


if __name__ == "__main__":
    GOLDEN.write_text(performance().dumps(), encoding="utf-8")
