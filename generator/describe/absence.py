"""What does not take part in a face, so that a text may say so. Pure."""

from __future__ import annotations

from generator.describe.degrees import SILENT
from generator.describe.face import Face
from generator.describe.wording import ABSENCES

_PARTING = ("MouthLowerDown", "MouthUpperUp")
_NOSE_AND_CHEEKS = ("NoseSneer", "CheekSquint")
_CORNERS = ("MouthSmile", "MouthFrown", "MouthStretch", "MouthDimple", "MouthPress")


def absences(face: Face) -> list[tuple[str, ...]]:
    """Return the wordings of every part that is at rest; 'no smile' only of a moving mouth."""
    shapes, turned = face.shapes, (face.head_up, face.head_left, face.tilt_left)

    def still(*stems: str) -> bool:
        return all(max(face.pairs[stem]) < SILENT for stem in stems)

    parted = ("JawOpen", "MouthFunnel", "MouthPucker", "TongueOut")
    together = still(*_PARTING) and all(shapes[name] < SILENT for name in parted)
    lips = [value for name, value in shapes.items() if name.startswith("Mouth")]
    mouth = together and still(*_CORNERS) and max(*lips, abs(face.mouth)) < SILENT
    rolled = max(shapes["MouthRollLower"], shapes["MouthRollUpper"]) >= SILENT
    jaw = max(shapes["JawForward"], abs(face.jaw)) < SILENT
    looks = (face.look_up, face.look_left, face.crossing)
    resting = {
        "brows": still("BrowDown", "BrowOuterUp") and shapes["BrowInnerUp"] < SILENT,
        "lids": still("EyeBlink", "EyeSquint", "EyeWide"),
        "gaze": all(abs(look) < SILENT for look in looks) and max(face.pairs["EyeBlink"]) < 0.7,
        "nose and cheeks": still(*_NOSE_AND_CHEEKS) and shapes["CheekPuff"] < SILENT,
        "smile": still("MouthSmile") and not mouth,
        "lips": together and not mouth and still("MouthPress") and not rolled,
        "mouth": mouth and jaw,
        "head": all(abs(turn) < SILENT for turn in turned),
    }
    return [ABSENCES[part] for part, is_resting in resting.items() if is_resting]
