"""What is worth saying of a face: combinations, sides, nothing invented."""

from __future__ import annotations

import numpy as np

from generator.describe.degrees import Scale
from generator.describe.face import read_face
from generator.describe.plan import Saying, sayings
from generator.describe.wording import SAYINGS
from livelink.channels import CHANNEL_COUNT, Channel
from livelink.frame import as_values


def plan(**values: float) -> list[Saying]:
    array = np.zeros(CHANNEL_COUNT, np.float32)
    for name, value in values.items():
        array[Channel[name]] = value
    return sayings(read_face(as_values(array)))


def both(stem: str, value: float) -> dict[str, float]:
    return {f"{stem}Left": value, f"{stem}Right": value}


def kinds(**values: float) -> list[str]:
    return [saying.kind for saying in plan(**values)]


def test_nothing_moves_nothing_is_said() -> None:
    assert plan() == []
    assert plan(JawOpen=0.059, **both("EyeWide", 0.05)) == []


def test_whole_brows_are_one_thing_and_ends_another() -> None:
    assert kinds(BrowInnerUp=0.5, **both("BrowOuterUp", 0.5)) == ["brows up"]
    assert kinds(BrowInnerUp=0.7, **both("BrowOuterUp", 0.3)) == ["brows up by parts"]
    assert kinds(BrowInnerUp=0.7) == ["inner brows up"]
    assert kinds(BrowInnerUp=0.7, **both("BrowDown", 0.3)) == ["inner brows up and a knit"]


def test_a_smile_takes_its_cheeks_along_only_when_alike() -> None:
    alike = kinds(**both("MouthSmile", 0.7), **both("CheekSquint", 0.68))
    assert alike == ["smile with cheeks"]
    apart = kinds(**both("MouthSmile", 0.7), **both("CheekSquint", 0.3), **both("EyeSquint", 0.3))
    assert apart == ["eyes crinkle", "cheeks up", "smile"]


def test_shut_low_and_narrow_eyes_differ() -> None:
    assert kinds(**both("EyeBlink", 1.0)) == ["lids shut"]
    assert kinds(**both("EyeBlink", 0.9)) == ["lids shut"]
    assert kinds(**both("EyeBlink", 0.4)) == ["lids low"]
    assert kinds(**both("EyeSquint", 0.4)) == ["eyes narrow"]
    assert kinds(**both("EyeBlink", 1.0), **both("EyeSquint", 0.5)) == ["eyes squeezed shut"]


def test_sides_are_weighed() -> None:
    (one,) = plan(NoseSneerLeft=0.5)
    assert (one.kind, one.side, one.other) == ("nostril", "left", 0)
    (uneven,) = plan(NoseSneerLeft=0.2, NoseSneerRight=0.7)
    assert (uneven.kind, uneven.side, uneven.other) == ("nostril", "right", 2)
    (leaning,) = plan(NoseSneerLeft=0.5, NoseSneerRight=0.36)
    assert (leaning.kind, leaning.side, leaning.leans) == ("nose", "left", True)
    (level,) = plan(NoseSneerLeft=0.5, NoseSneerRight=0.46)
    assert (level.kind, level.side, level.leans) == ("nose", "", False)


def test_opposites_are_set_off() -> None:
    assert kinds(JawLeft=0.4, JawRight=0.4) == []
    assert kinds(**both("EyeLookUp", 0.5), **both("EyeLookDown", 0.45)) == []
    (down,) = plan(**both("EyeLookUp", 0.1), **both("EyeLookDown", 0.6))
    assert (down.kind, down.degree) == ("gaze down", Scale.FACE.degree(0.5))


def test_every_wording_can_be_reached_and_none_is_missing() -> None:
    rng = np.random.default_rng(1)
    reached: set[str] = set()
    for sparse in rng.uniform(0.02, 0.6, 4000):
        values = rng.uniform(0, 1, CHANNEL_COUNT) * (rng.random(CHANNEL_COUNT) < sparse)
        values[Channel.HeadYaw :] *= rng.choice((-1, 1), CHANNEL_COUNT - Channel.HeadYaw)
        for left in range(Channel.EyeBlinkRight):  # eyes together, as they mostly are
            if rng.random() < 0.6:
                values[left + Channel.EyeBlinkRight] = values[left]
        for stem in ("MouthSmile", "MouthFrown", "MouthDimple", "MouthStretch", "MouthPress",
                     "MouthLowerDown", "MouthUpperUp", "BrowDown", "BrowOuterUp", "CheekSquint",
                     "NoseSneer"):  # fmt: skip
            if rng.random() < 0.6:
                values[Channel[f"{stem}Right"]] = values[Channel[f"{stem}Left"]]
        if rng.random() < 0.2:
            values[Channel.JawOpen] = values[Channel.MouthClose] * rng.uniform(0, 1.5)
        if rng.random() < 0.2:
            values[[Channel.EyeBlinkLeft, Channel.EyeBlinkRight]] = 1.0
        reached |= {saying.kind for saying in sayings(read_face(as_values(values)))}
    assert reached == set(SAYINGS)
