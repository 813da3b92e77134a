from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from generator import corpus
from generator.corpus import compile_pose, data_hash, load_corpus, read_corpus, split
from generator.errors import DocumentError
from generator.performance import values_of
from livelink.clip import mirror_values

LINE = {
    "id": "x-1",
    "prompt": "Smile",
    "background": "A room",
    "emotion": "joy",
    "beats": [
        {
            "original": "She smiles.",
            "anatomical": "Both corners lift.",
            "pose": {"MouthSmile": 0.5},
            "transition_s": 0.4,
            "hold_s": 1,
        }
    ],
}


@pytest.fixture(scope="module")
def scripts() -> tuple[corpus.CorpusScript, ...]:
    return load_corpus()


def write(path: Path, *lines: object) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


# Golden poses, written by hand from the vocabulary.
QUARTER = math.pi / 4
GOLDEN = [
    ({}, {}),
    ({"MouthSmile": 0.5}, {"MouthSmileLeft": 0.5, "MouthSmileRight": 0.5}),
    ({"BrowDownRight": 0.3}, {"BrowDownRight": 0.3}),
    (
        {"EyeBlinkLeft": 1, "EyeBlink": 0.2},
        {"EyeBlinkLeft": 1.0, "EyeBlinkRight": 0.2},
    ),
    (
        {"LookLeft": 0.5},
        {"EyeLookOutLeft": 0.5, "EyeLookInRight": 0.5, "LeftEyeYaw": -0.3, "RightEyeYaw": -0.3},
    ),
    (
        {"LookRight": 1.0},
        {"EyeLookInLeft": 1.0, "EyeLookOutRight": 1.0, "LeftEyeYaw": 0.6, "RightEyeYaw": 0.6},
    ),
    (
        {"LookUp": 1.0},
        {
            "EyeLookUpLeft": 1.0,
            "EyeLookUpRight": 1.0,
            "LeftEyePitch": -0.61,
            "RightEyePitch": -0.61,
        },
    ),
    (
        {"HeadTurnLeft": 1.0, "HeadDown": 0.5, "HeadTiltRight": 0.2},
        {"HeadYaw": QUARTER, "HeadPitch": -QUARTER / 2, "HeadRoll": 0.2 * QUARTER},
    ),
    ({"JawLeft": 0.4, "MouthRight": 0.2}, {"JawLeft": 0.4, "MouthRight": 0.2}),
]


@pytest.mark.parametrize(("pose", "named"), GOLDEN)
def test_a_pose_compiles_to_its_wire_values(
    pose: dict[str, float], named: dict[str, float]
) -> None:
    np.testing.assert_allclose(compile_pose(pose), values_of(named), atol=1e-7)


@given(st.dictionaries(st.sampled_from(sorted(corpus.VOCABULARY)), st.floats(0, 1), max_size=20))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_mirrored_pose_compiles_to_mirrored_values(pose: dict[str, float]) -> None:
    def swapped(name: str) -> str:
        if name.endswith("Left"):
            return name.removesuffix("Left") + "Right"
        return name.removesuffix("Right") + "Left" if name.endswith("Right") else name

    mirrored = compile_pose({swapped(name): amount for name, amount in pose.items()})
    np.testing.assert_allclose(mirrored, mirror_values(compile_pose(pose)), atol=1e-6)


@pytest.mark.parametrize(
    "pose",
    [
        {"Smile": 0.5},
        {"HeadYaw": 0.5},
        *({"JawOpen": amount} for amount in (1.5, -0.1, math.nan, True, "0.5")),
    ],
)
def test_what_is_no_pose_is_refused(pose: dict[str, float]) -> None:
    with pytest.raises(DocumentError):
        compile_pose(pose)


def test_the_shipped_corpus_is_whole(scripts: tuple[corpus.CorpusScript, ...]) -> None:
    assert len(scripts) == 1960
    assert corpus.targets(scripts).shape == (4094, 61)
    assert np.isfinite(corpus.targets(scripts)).all()
    assert scripts[0].script.beats[0].description == scripts[0].beats[0].original


def test_a_script_reads_back(tmp_path: Path) -> None:
    (script,) = read_corpus([write(tmp_path / "a.jsonl", "", LINE)])
    assert script.to_json() == LINE
    assert not script.beats[0].target.flags.writeable


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"prompt": ""}, "prompt"),
        ({"beats": []}, "beats"),
        ({"beats": [{"original": "x"}]}, "Beat 1"),
        ({"beats": [LINE["beats"][0] | {"pose": {"Nose": 1}}]}, "vocabulary"),
        ({"beats": [LINE["beats"][0] | {"hold_s": "long"}]}, "hold_s"),
        ({"beats": [LINE["beats"][0] | {"hold_s": 1e9}]}, "seconds"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_bad_script_is_named_by_file_and_line(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    path = write(tmp_path / "a.jsonl", LINE, LINE | {"id": "x-2"} | change)
    with pytest.raises(DocumentError, match=said) as caught:
        list(read_corpus([path]))
    assert str(caught.value).startswith(f"{path}:2:")


def test_bad_bytes_and_long_lines_and_double_ids_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="second time"):
        list(read_corpus([write(tmp_path / "a.jsonl", LINE, LINE)]))
    (tmp_path / "b.jsonl").write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(DocumentError, match="UTF-8"):
        list(read_corpus([tmp_path / "b.jsonl"]))
    with pytest.raises(DocumentError, match="bytes"):
        list(read_corpus([write(tmp_path / "c.jsonl", "x" * (corpus.MAX_LINE_BYTES + 1))]))


def test_a_split_is_whole_repeatable_and_seeded(scripts: tuple[corpus.CorpusScript, ...]) -> None:
    train, held = split(scripts, 20, 0.15)
    assert abs(len(held) - 294) <= 3
    assert sorted(s.id for s in (*train, *held)) == sorted(s.id for s in scripts)
    again = split(scripts[::-1], 20, 0.15)[1]
    assert {s.id for s in again} == {s.id for s in held}
    assert {s.id for s in split(scripts, 21, 0.15)[1]} != {s.id for s in held}
    assert split(scripts, 20, 0.0)[1] == ()


def test_equal_texts_stay_in_one_split(scripts: tuple[corpus.CorpusScript, ...]) -> None:
    twins = [replace(scripts[n], prompt=text) for n, text in enumerate(["Hi  THERE", "hi there"])]
    same_beat = replace(scripts[2], beats=scripts[1].beats)
    chosen = (*twins, same_beat, *scripts[3:30])
    for seed in range(20):
        held = {script.id for script in split(chosen, seed, 0.3)[1]}
        assert len(held & {script.id for script in chosen[:3]}) in (0, 3)


def test_the_hash_is_of_the_data_alone(scripts: tuple[corpus.CorpusScript, ...]) -> None:
    few = scripts[:5]
    assert data_hash(few) == data_hash(few[::-1])
    assert data_hash(few) != data_hash((*few[:4], replace(few[4], prompt="Other")))
