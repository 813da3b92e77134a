"""What is said to be at rest is at rest."""

from __future__ import annotations

import numpy as np

from generator.describe.absence import absences
from generator.describe.face import read_face
from generator.describe.wording import ABSENCES
from livelink.channels import CHANNEL_COUNT, Channel
from livelink.frame import as_values


def resting(**values: float) -> set[str]:
    array = np.zeros(CHANNEL_COUNT, np.float32)
    for name, value in values.items():
        array[Channel[name]] = value
    said = absences(read_face(as_values(array)))
    return {part for part, wordings in ABSENCES.items() if wordings in said}


def test_a_still_face_rests_in_all_parts() -> None:
    assert resting() == {"brows", "lids", "gaze", "nose and cheeks", "mouth", "head"}


def test_what_moves_does_not_rest() -> None:
    assert "brows" not in resting(BrowDownLeft=0.1)
    assert "lids" not in resting(EyeSquintRight=0.1)
    assert "gaze" not in resting(EyeLookUpLeft=0.3, EyeLookUpRight=0.3)
    assert "gaze" not in resting(EyeBlinkLeft=1.0)
    assert "nose and cheeks" not in resting(CheekPuff=0.3)
    assert "head" not in resting(HeadRoll=-0.1)


def test_lips_that_part_or_press_are_not_said_to_stay_together() -> None:
    assert "lips" in resting(MouthFrownLeft=0.4)
    assert not {"lips", "mouth"} & resting(JawOpen=0.3)
    assert not {"lips", "mouth"} & resting(MouthPressLeft=0.3)
    assert "smile" in resting(JawOpen=0.3)
    assert "smile" not in resting(MouthSmileLeft=0.3)
