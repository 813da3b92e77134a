"""The head's mesh is sound, its shapes are local and mirrored, and it turns the right way."""

from __future__ import annotations

import hashlib
import json
import time

import numpy as np
import pytest
from scipy.spatial import cKDTree

from assets import asset
from generator.errors import DamagedModelError
from generator.head import Head, Part, load, shipped
from generator.head.layout import CORRECTIVES
from generator.head.model import effective
from livelink.channels import (
    CHANNEL_COUNT,
    CHANNELS,
    SHAPE_COUNT,
    SIDE_PAIRS,
    Channel,
    ChannelInfo,
    Region,
    Side,
)

EYE = np.array([31.5, 0.0, 71.5])

# Region -> (lowest, highest y, deepest z) that its shapes may move, millimetres.
REACH = {
    Region.LIDS: (-32.0, 40.0, 35.0),
    Region.GAZE: (-25.0, 25.0, 60.0),
    Region.BROWS: (-12.0, 85.0, 25.0),
    Region.CHEEKS: (-105.0, 16.0, 20.0),
    Region.NOSE: (-70.0, 16.0, 60.0),
    Region.JAW: (-145.0, -30.0, -5.0),
    Region.MOUTH: (-115.0, -10.0, 25.0),
    Region.TONGUE: (-100.0, -40.0, 30.0),
}


@pytest.fixture(scope="module")
def head() -> Head:
    return shipped()


def values_of(**amounts: float) -> np.ndarray:
    values = np.zeros(CHANNEL_COUNT)
    for name, amount in amounts.items():
        values[Channel[name]] = amount
    return values


def mirrored(values: np.ndarray) -> np.ndarray:
    result = np.empty_like(values)
    for info in CHANNELS:
        result[info.mirror] = values[info.channel] * info.mirror_sign
    return result


def vertices_of(head: Head, *parts: Part) -> np.ndarray:
    return np.unique(head.triangles[np.isin(head.parts, [int(p) for p in parts])])


class TestMesh:
    def test_is_of_the_promised_size_and_finite(self, head: Head) -> None:
        assert 5_000 <= len(head.vertices) <= 15_000
        for array in (head.vertices, head.albedo, head.occlusion, head.gloss):
            assert np.isfinite(array).all()
        assert head.albedo.min() >= 0
        assert head.albedo.max() <= 1
        assert {int(p) for p in Part} == set(head.parts.tolist())

    def test_has_no_degenerate_triangles(self, head: Head) -> None:
        t = head.triangles
        assert t.min() >= 0
        assert t.max() < len(head.vertices)
        assert (np.sort(t, axis=1)[:, :-1] != np.sort(t, axis=1)[:, 1:]).all()
        skin = t[np.isin(head.parts, [Part.SKIN, Part.LIPS])]
        a, b, c = (head.vertices[skin[:, i]].astype(float) for i in range(3))
        area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
        assert (area > 1e-4).all()

    def test_skin_edges_join_two_triangles_that_agree_on_their_outside(self, head: Head) -> None:
        skin = head.triangles[np.isin(head.parts, [Part.SKIN, Part.LIPS, Part.INNER_MOUTH])]
        directed = np.concatenate([skin[:, [0, 1]], skin[:, [1, 2]], skin[:, [2, 0]]])
        _, counts = np.unique(directed, axis=0, return_counts=True)
        assert (counts == 1).all()  # an edge twice in one direction is a flipped triangle
        _, shared = np.unique(np.sort(directed, axis=1), axis=0, return_counts=True)
        assert shared.max() == 2
        # Open only at the tucked lids, the mouth's back and the bust's lower edge.
        single = np.unique(np.sort(directed, axis=1), axis=0)[shared == 1]
        where = head.vertices[np.unique(single)]
        bust = where[:, 1] < -195
        back = (np.linalg.norm(where - [0, -69, 42], axis=1) < 25) & ~bust
        lids = np.linalg.norm(np.abs(where) * [1, 0, 0] + where * [0, 1, 1] - EYE, axis=1) < 16
        assert (bust | back | lids).all()

    def test_normals_point_outwards(self, head: Head) -> None:
        _, normals = head.pose(np.zeros(CHANNEL_COUNT))
        skin = vertices_of(head, Part.SKIN)
        away = head.vertices[skin] - [0, 20, -10]
        upper = head.vertices[skin, 1] > 45
        assert ((normals[skin] * away).sum(axis=1)[upper] > 0).all()
        for part, sign in ((Part.EYE_LEFT, 1), (Part.EYE_RIGHT, -1)):
            eye = vertices_of(head, part)
            outward = head.vertices[eye] - EYE * [sign, 1, 1]
            cosine = (normals[eye] * outward).sum(axis=1) / np.linalg.norm(outward, axis=1)
            assert cosine.min() > 0.6

    def test_left_equals_right(self, head: Head) -> None:
        gap, _ = cKDTree(head.vertices).query(head.vertices * [-1, 1, 1])
        assert gap.max() < 5e-3


class TestShapes:
    def test_neutral_is_all_zero(self, head: Head) -> None:
        vertices, _ = head.pose(np.zeros(CHANNEL_COUNT))
        assert np.array_equal(vertices, head.vertices)

    def test_there_is_one_for_each_channel_and_corrective(self, head: Head) -> None:
        assert len(head.shapes) == SHAPE_COUNT + len(CORRECTIVES)
        for index, moves in head.shapes:
            assert len(index) == len(moves) > 40
            assert np.linalg.norm(moves, axis=1).max() > 0.5

    @pytest.mark.parametrize("info", CHANNELS[:SHAPE_COUNT], ids=lambda info: info.name)
    def test_each_moves_only_its_region(self, head: Head, info: ChannelInfo) -> None:
        index, _ = head.shapes[info.channel]
        moved = head.vertices[index]
        low, high, deep = REACH[info.region]
        assert moved[:, 1].min() > low
        assert moved[:, 1].max() < high
        assert moved[:, 2].min() > deep
        if info.side is not Side.NONE and info.region in (Region.LIDS, Region.GAZE, Region.NOSE):
            sign = 1 if info.side is Side.LEFT else -1
            assert (moved[:, 0] * sign).min() > -10
        if info.region is Region.MOUTH and info.side is not Side.NONE and info.channel > 22:
            sign = 1 if info.side is Side.LEFT else -1
            assert (moved[:, 0] * sign).min() > -20

    @pytest.mark.parametrize(("left", "right"), SIDE_PAIRS, ids=lambda channel: channel.name)
    def test_sides_mirror_each_other(self, head: Head, left: Channel, right: Channel) -> None:
        one, _ = head.pose(values_of(**{left.name: 0.7}))
        other, _ = head.pose(mirrored(values_of(**{left.name: 0.7})))
        assert mirrored(values_of(**{left.name: 0.7}))[right] != 0
        gap, _ = cKDTree(one).query(other * [-1, 1, 1])
        assert gap.max() < 0.02

    def test_a_symmetric_pose_stays_symmetric(self, head: Head) -> None:
        values = values_of(JawOpen=0.6, MouthFunnel=0.3, BrowInnerUp=0.8, CheekPuff=0.4)
        vertices, _ = head.pose(values)
        gap, _ = cKDTree(vertices).query(vertices * [-1, 1, 1])
        assert gap.max() < 0.02


class TestLids:
    @pytest.mark.parametrize("amount", np.linspace(0, 1, 9))
    def test_stay_outside_the_eyeball(self, head: Head, amount: float) -> None:
        pose = values_of(EyeBlinkLeft=amount, EyeSquintLeft=0.5, EyeLookDownLeft=1 - amount)
        vertices, _ = head.pose(pose)
        lids = vertices[head._lids[0]]
        radius = np.linalg.norm(lids - EYE, axis=1)
        assert radius[lids[:, 2] > EYE[2]].min() > 14.5

    def test_lower_as_the_eye_looks_down_by_its_rotation_alone(self) -> None:
        weights, gaze = effective(values_of(LeftEyePitch=0.61))
        assert weights[Channel.EyeLookDownLeft] == pytest.approx(1.0)
        assert gaze[0][1] == pytest.approx(0.61)
        assert gaze[1] == (0.0, 0.0, 0.0)

    def test_a_blink_overrules_the_other_lid_shapes(self) -> None:
        weights, _ = effective(values_of(EyeBlinkLeft=1, EyeWideLeft=1, EyeLookUpLeft=1))
        assert weights[Channel.EyeBlinkLeft] == 1
        assert weights[Channel.EyeWideLeft] == weights[Channel.EyeLookUpLeft] == 0


class TestRotations:
    def nose(self, head: Head) -> int:
        return int(np.argmax(head.vertices[: head.vertices.shape[0] // 2, 2]))

    def test_head_signs(self, head: Head) -> None:
        nose, crown = self.nose(head), int(np.argmax(head.vertices[:, 1]))
        rest = head.vertices
        assert head.pose(values_of(HeadYaw=0.4))[0][nose, 0] > rest[nose, 0] + 20  # to the left
        assert head.pose(values_of(HeadPitch=0.4))[0][nose, 1] > rest[nose, 1] + 20  # up
        assert head.pose(values_of(HeadRoll=0.4))[0][crown, 0] < rest[crown, 0] - 20  # to the right

    def test_shoulders_stay_and_the_head_keeps_its_form(self, head: Head) -> None:
        vertices, _ = head.pose(values_of(HeadYaw=0.5, HeadPitch=-0.3, HeadRoll=0.2))
        shoulders = head.vertices[:, 1] < -196
        assert shoulders.sum() > 20
        assert np.array_equal(vertices[shoulders], head.vertices[shoulders])
        above = head.vertices[:, 1] > 0
        before = np.linalg.norm(head.vertices[above] - head.vertices[above][0], axis=1)
        after = np.linalg.norm(vertices[above] - vertices[above][0], axis=1)
        assert np.abs(before - after).max() < 1e-2

    @pytest.mark.parametrize(
        ("name", "axis", "sign"),
        [
            ("LeftEyeYaw", 0, -1),
            ("RightEyeYaw", 0, -1),
            ("LeftEyePitch", 1, -1),
            ("EyeLookOutLeft", 0, 1),
            ("EyeLookInLeft", 0, -1),
            ("EyeLookUpRight", 1, 1),
        ],
    )
    def test_eye_signs(self, head: Head, name: str, axis: int, sign: int) -> None:
        right = "Right" in name
        pupil = vertices_of(head, Part.PUPIL_RIGHT if right else Part.PUPIL_LEFT)
        vertices, _ = head.pose(values_of(**{name: 0.5}))
        moved = (vertices[pupil] - head.vertices[pupil]).mean(axis=0)
        assert moved[axis] * sign > 2
        still = vertices_of(head, Part.PUPIL_LEFT if right else Part.PUPIL_RIGHT)
        assert np.allclose(vertices[still], head.vertices[still], atol=1e-4)


class TestInput:
    @pytest.mark.parametrize("bad", [np.zeros(60), np.zeros((1, 61)), np.full(61, np.nan)])
    def test_refuses_what_is_not_a_pose(self, head: Head, bad: np.ndarray) -> None:
        with pytest.raises(ValueError, match="61 finite"):
            head.pose(bad)

    def test_wild_values_stay_finite(self, head: Head) -> None:
        for value in (-9.0, 9.0):
            vertices, normals = head.pose(np.full(CHANNEL_COUNT, value))
            assert np.isfinite(vertices).all()
            assert np.isfinite(normals).all()
            assert np.abs(vertices).max() < 600

    def test_posing_does_not_change_the_head(self, head: Head) -> None:
        before = head.vertices.copy()
        head.pose(np.full(CHANNEL_COUNT, 0.5))
        assert np.array_equal(before, head.vertices)

    def test_is_fast(self, head: Head) -> None:
        values = np.full(CHANNEL_COUNT, 0.3)
        took = []
        for _ in range(10):
            start = time.perf_counter()
            head.pose(values)
            took.append(time.perf_counter() - start)
        assert min(took) < 0.05  # 5 ms are promised; this machine is shared


class TestFile:
    def test_card_describes_the_file(self) -> None:
        card = json.loads(asset("head", "head.json").read_text(encoding="utf-8"))
        data = asset("head", "head.npz").read_bytes()
        assert hashlib.sha256(data).hexdigest() == card["sha256"]
        assert card["vertices"] == len(shipped().vertices)
        assert card["shapes"][:SHAPE_COUNT] == [Channel(i).name for i in range(SHAPE_COUNT)]

    def test_damaged_files_are_refused(self, tmp_path: object) -> None:
        from pathlib import Path

        folder = Path(str(tmp_path))
        card = asset("head", "head.json").read_text(encoding="utf-8")
        (folder / "head.json").write_text(card, encoding="utf-8")
        for content in (b"", b"PK\x03\x04 no", asset("head", "head.npz").read_bytes()[:-900]):
            (folder / "head.npz").write_bytes(content)
            with pytest.raises(DamagedModelError, match=r"head\.npz"):
                load(folder / "head.npz")
        (folder / "head.json").write_text(card.replace("head/1", "head/9"), encoding="utf-8")
        with pytest.raises(DamagedModelError, match="not a head"):
            load(folder / "head.npz")
