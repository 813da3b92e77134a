"""The authored corpus: scripts with poses, read, checked, split and fingerprinted.

Words on one side, sparse poses in the authoring vocabulary on the other (assets/corpus/README.md).
`compile_pose` turns a pose into the 61 wire values; everything that trains or scores reads the
corpus through here.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets import asset
from generator.documents import text_of
from generator.errors import DocumentError
from generator.script import Beat, Script
from livelink.channels import (
    CHANNEL_COUNT,
    EYE_PITCH_PER_LOOK,
    EYE_YAW_PER_LOOK,
    Channel,
)

Pose = NDArray[np.float64]
"""(61,) target values in wire order; float64, as the scores are computed."""

HEAD_RADIANS_PER_UNIT = math.pi / 4
"""Head words count 1.0 as 45 degrees (assets/corpus/README.md)."""

SPLIT_SEED = 20
VALIDATION_SHARE = 0.15
"""The split that every shipped model was trained and scored on: `split(scripts, 20, 0.15)`."""

MAX_SCRIPTS = 200_000
MAX_LINE_BYTES = 262_144
MAX_BEATS = 16

PAIRED = (
    "EyeBlink", "EyeSquint", "EyeWide", "MouthSmile", "MouthFrown", "MouthDimple", "MouthStretch",
    "MouthPress", "MouthLowerDown", "MouthUpperUp", "BrowDown", "BrowOuterUp", "CheekSquint",
    "NoseSneer",
)  # fmt: skip
"""Stems that mean both sides when bare; a name with Left or Right overrides its side."""

SINGLE = (
    "JawForward", "JawLeft", "JawRight", "JawOpen", "MouthClose", "MouthFunnel", "MouthPucker",
    "MouthLeft", "MouthRight", "MouthRollLower", "MouthRollUpper", "MouthShrugLower",
    "MouthShrugUpper", "BrowInnerUp", "CheekPuff", "TongueOut",
)  # fmt: skip
"""Names that are one wire channel each."""

GAZE: Mapping[str, tuple[Channel, Channel]] = {
    "LookUp": (Channel.EyeLookUpLeft, Channel.EyeLookUpRight),
    "LookDown": (Channel.EyeLookDownLeft, Channel.EyeLookDownRight),
    "LookLeft": (Channel.EyeLookOutLeft, Channel.EyeLookInRight),
    "LookRight": (Channel.EyeLookInLeft, Channel.EyeLookOutRight),
}
"""Gaze words and the two look shapes that each sets."""

HEAD: Mapping[str, tuple[Channel, float]] = {
    "HeadUp": (Channel.HeadPitch, 1.0),
    "HeadDown": (Channel.HeadPitch, -1.0),
    "HeadTurnLeft": (Channel.HeadYaw, 1.0),
    "HeadTurnRight": (Channel.HeadYaw, -1.0),
    "HeadTiltRight": (Channel.HeadRoll, 1.0),
    "HeadTiltLeft": (Channel.HeadRoll, -1.0),
}
"""Head words and the rotation and sign that each sets."""

_SIDED = frozenset(stem + side for stem in PAIRED for side in ("Left", "Right"))
VOCABULARY: frozenset[str] = frozenset((*PAIRED, *SINGLE, *GAZE, *HEAD)) | _SIDED
"""Every name that a pose may use."""

_KEYS = {"id", "prompt", "background", "emotion", "beats"}
_BEAT_KEYS = {"original", "anatomical", "pose", "transition_s", "hold_s"}


@dataclass(frozen=True, slots=True, eq=False)
class CorpusBeat:
    """One authored moment.

    Attributes:
        original: The director's words.
        anatomical: The same moment muscle by muscle.
        pose: The sparse pose by authoring name, 0 ... 1.
        target: (61,) float64 wire values of the pose, read-only.
        transition_s, hold_s: Seconds into the pose, and in it.
    """

    original: str
    anatomical: str
    pose: Mapping[str, float]
    target: Pose
    transition_s: float
    hold_s: float


@dataclass(frozen=True, slots=True, eq=False)
class CorpusScript:
    """One authored script; fields as in `Script`, with an id and poses."""

    id: str
    prompt: str
    background: str
    emotion: str
    beats: tuple[CorpusBeat, ...]

    @property
    def script(self) -> Script:
        """The script without its poses, as a keyframe model is given it."""
        beats = tuple(
            Beat(beat.original, beat.anatomical, beat.transition_s, beat.hold_s)
            for beat in self.beats
        )
        return Script(self.prompt, self.background, self.emotion, beats)

    def to_json(self) -> dict[str, Any]:
        """Return the corpus line as it was read."""
        return {
            "id": self.id,
            "prompt": self.prompt,
            "background": self.background,
            "emotion": self.emotion,
            "beats": [
                {
                    "original": beat.original,
                    "anatomical": beat.anatomical,
                    "pose": dict(beat.pose),
                    "transition_s": beat.transition_s,
                    "hold_s": beat.hold_s,
                }
                for beat in self.beats
            ],
        }


def compile_pose(pose: Mapping[str, float]) -> Pose:
    """Return the (61,) float64 wire values of a sparse pose; what is not named is 0.

    Args:
        pose: Authoring name -> amount, 0 ... 1 (head: 1.0 is 45 degrees).

    Raises:
        DocumentError: A name outside the vocabulary, or an amount outside 0 ... 1.
    """
    values = np.zeros(CHANNEL_COUNT)
    for name, amount in pose.items():
        _check_amount(name, amount)
        if name in PAIRED:
            values[[Channel[name + "Left"], Channel[name + "Right"]]] = amount
    for name, amount in pose.items():
        if name in GAZE:
            values[list(GAZE[name])] = amount
        elif name not in HEAD and name not in PAIRED:
            values[Channel[name]] = amount
    pitch = EYE_PITCH_PER_LOOK * (pose.get("LookDown", 0.0) - pose.get("LookUp", 0.0))
    yaw = EYE_YAW_PER_LOOK * (pose.get("LookRight", 0.0) - pose.get("LookLeft", 0.0))
    values[[Channel.LeftEyePitch, Channel.RightEyePitch]] = pitch
    values[[Channel.LeftEyeYaw, Channel.RightEyeYaw]] = yaw
    for rotation in (Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll):
        units = sum(
            sign * pose.get(name, 0.0) for name, (to, sign) in HEAD.items() if to is rotation
        )
        values[rotation] = HEAD_RADIANS_PER_UNIT * units
    return values


def _check_amount(name: str, amount: object) -> None:
    if name not in VOCABULARY:
        raise DocumentError(f"A pose names {name[:60]!r}, which is not in the vocabulary.")
    number = isinstance(amount, int | float) and not isinstance(amount, bool)
    if not number or not 0.0 <= amount <= 1.0:  # type: ignore[operator]  # a number by then
        raise DocumentError(f"A pose has {name} = {amount!r}; amounts are 0 to 1.")


def corpus_paths() -> tuple[Path, ...]:
    """Return the shipped corpus files, sorted by name."""
    return tuple(sorted(asset("corpus").glob("t*.jsonl")))


def read_corpus(paths: Iterable[Path]) -> Iterator[CorpusScript]:
    """Yield the scripts of corpus files one by one, each checked.

    Args:
        paths: JSON Lines files, one script a line.

    Raises:
        DocumentError: A line that is not a corpus script, or an id that occurs twice; the message
            names file and line.
        OSError: A file that cannot be read.
    """
    seen: set[str] = set()
    for path in paths:
        for number, line in _lines(path):
            try:
                script = _script_of(text_of(line), seen)
            except DocumentError as exc:
                raise DocumentError(f"{path}:{number}: {exc.message}", exc.hint) from exc
            seen.add(script.id)
            if len(seen) > MAX_SCRIPTS:
                raise DocumentError(f"{path}:{number}: more than {MAX_SCRIPTS} scripts.")
            yield script


def load_corpus(paths: Iterable[Path] | None = None) -> tuple[CorpusScript, ...]:
    """Return all scripts of the given files, or of the shipped corpus; errors as `read_corpus`."""
    return tuple(read_corpus(corpus_paths() if paths is None else paths))


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(raw) > MAX_LINE_BYTES:
                raise DocumentError(f"{path}:{number}: the line is over {MAX_LINE_BYTES} bytes.")
            try:
                line = raw.decode("utf-8")
            except UnicodeDecodeError as exc:
                raise DocumentError(f"{path}:{number}: the line is not UTF-8: {exc}.") from exc
            if line.strip():
                yield number, line


def _script_of(data: Mapping[str, Any], seen: Collection[str]) -> CorpusScript:
    if set(data) != _KEYS:
        raise DocumentError(f"A corpus script has {sorted(_KEYS)}, not {sorted(data)}.")
    for key in ("id", "prompt", "background", "emotion"):
        if not isinstance(data[key], str) or not data[key].strip():
            raise DocumentError(f"{key} must be a text that is not empty.")
    if data["id"] in seen:
        raise DocumentError(f"The id {data['id'][:60]!r} occurs a second time.")
    beats = data["beats"]
    if not isinstance(beats, list) or not 1 <= len(beats) <= MAX_BEATS:
        raise DocumentError(f"beats must be a list of 1 to {MAX_BEATS}.")
    return CorpusScript(
        data["id"],
        data["prompt"],
        data["background"],
        data["emotion"],
        tuple(_beat_of(beat, number) for number, beat in enumerate(beats, 1)),
    )


def _beat_of(data: object, number: int) -> CorpusBeat:
    if not isinstance(data, dict) or set(data) != _BEAT_KEYS:
        raise DocumentError(f"Beat {number} must have exactly {sorted(_BEAT_KEYS)}.")
    for key in ("original", "anatomical"):
        if not isinstance(data[key], str) or not data[key].strip():
            raise DocumentError(f"Beat {number}: {key} must be a text that is not empty.")
    for key in ("transition_s", "hold_s"):
        if isinstance(data[key], bool) or not isinstance(data[key], int | float):
            raise DocumentError(f"Beat {number}: {key} must be a number.")
    if not isinstance(data["pose"], dict):
        raise DocumentError(f"Beat {number}: pose must be an object.")
    try:
        target = compile_pose(data["pose"])
    except DocumentError as exc:
        raise DocumentError(f"Beat {number}: {exc.message}") from exc
    target.flags.writeable = False
    times = Beat("", "", float(data["transition_s"]), float(data["hold_s"]))
    return CorpusBeat(
        data["original"],
        data["anatomical"],
        data["pose"],
        target,
        times.transition_s,
        times.hold_s,
    )


def split(
    scripts: Sequence[CorpusScript], seed: int, share: float
) -> tuple[tuple[CorpusScript, ...], tuple[CorpusScript, ...]]:
    """Split by script into (train, validation), both in corpus order.

    Scripts that share a prompt or a beat's text (case and white space aside) stay together. Whether
    a group is held out depends on the seed and its texts alone, not on the order of files.

    Args:
        scripts: What to split.
        seed: Another seed holds out others.
        share: Part of the scripts to hold out, 0 <= share < 1; met within one group.
    """
    assert 0.0 <= share < 1.0, f"a validation share lies within 0 and 1, not {share}"
    groups: dict[int, list[CorpusScript]] = {}
    for root, script in zip(_roots(scripts), scripts, strict=True):
        groups.setdefault(root, []).append(script)
    drawn = sorted(groups.values(), key=lambda group: _lot(seed, min(s.id for s in group)))
    held: set[str] = set()
    for group in drawn:
        if len(held) >= round(share * len(scripts)):
            break
        held.update(script.id for script in group)
    train = tuple(script for script in scripts if script.id not in held)
    return train, tuple(script for script in scripts if script.id in held)


def _lot(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


def _roots(scripts: Sequence[CorpusScript]) -> list[int]:
    """Return for each script the index of the first of those it shares a text with."""
    parents = list(range(len(scripts)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    owner: dict[str, int] = {}
    for index, script in enumerate(scripts):
        texts = [script.prompt]
        for beat in script.beats:
            texts += (beat.original, beat.anatomical)
        for text in texts:
            first = root(owner.setdefault(" ".join(text.casefold().split()), index))
            parents[max(first, root(index))] = min(first, root(index))
    return [root(index) for index in range(len(scripts))]


def data_hash(scripts: Iterable[CorpusScript]) -> str:
    """Return a SHA-256 (64 hexadecimal digits) of the scripts, in whatever order they come."""
    lines = sorted(
        json.dumps(script.to_json(), sort_keys=True, ensure_ascii=False) for script in scripts
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def targets(scripts: Iterable[CorpusScript]) -> Pose:
    """Return the (n, 61) float64 targets of all beats, in order."""
    rows = [beat.target for script in scripts for beat in script.beats]
    return np.stack(rows) if rows else np.zeros((0, CHANNEL_COUNT))
