"""The pieces of the build: solid, patches, mesh, soft tissue. The whole build is too slow here."""

from __future__ import annotations

import numpy as np
import pytest

from generator.head import openings, parts, sculpt, surface
from generator.head.layout import Part
from generator.head.solve import Tissue


class TestSculpt:
    def test_is_symmetric(self) -> None:
        p = np.random.default_rng(3).uniform(-120, 120, (400, 3))
        assert np.allclose(sculpt.head(p), sculpt.head(p * [-1, 1, 1]))

    def test_inside_is_negative(self) -> None:
        inside, outside = np.array([[0.0, 20, 0]]), np.array([[0.0, 20, 200]])
        assert sculpt.head(inside)[0] < 0 < sculpt.head(outside)[0]

    def test_project_ends_on_the_skin(self) -> None:
        p = np.random.default_rng(3).normal(0, 1, (200, 3))
        p = p / np.linalg.norm(p, axis=1, keepdims=True) * 95
        assert np.abs(sculpt.head(sculpt.project(p, steps=20))).max() < 0.1

    def test_proportions_are_an_adults(self) -> None:
        crown, chin = 113.0, -113.0  # the eyes are half-way
        assert sculpt.head(np.array([[0, crown + 4, -10.0], [0, chin - 6, 84]])).min() > 0
        assert sculpt.head(np.array([[0, crown - 4, -10.0], [0, chin + 6, 84]])).max() < 0


class TestOpenings:
    def test_eye_patch_lies_outside_the_eyeball(self) -> None:
        patch = openings.eye_patch()
        assert patch.points.shape == (len(openings.LID_RINGS) + 2, openings.EYE_COLUMNS, 3)
        away = np.linalg.norm(patch.points[1:] - sculpt.EYE_CENTRE, axis=-1)
        assert away.min() > sculpt.EYE_RADIUS

    def test_lips_meet_at_the_seam(self) -> None:
        patch = openings.mouth_patch()
        seam = patch.points[openings.SEAM_RING]
        corner = openings.MOUTH_CORNER
        assert np.allclose(seam[:corner], seam[:corner:-1], atol=1e-9)
        assert np.array_equal(patch.points[:, [0, -1], 0], np.zeros((len(patch.points), 2)))


class TestMeshing:
    def test_flipping_makes_delaunay_of_a_bad_diagonal(self) -> None:
        points = np.array([[0, 0, 0], [4.0, 0, 0], [2, 1, 0], [2, -1, 0]])
        flipped = surface.flip_edges(points, np.array([[0, 1, 2], [1, 0, 3]]))
        assert {tuple(sorted(t)) for t in flipped.tolist()} == {(0, 2, 3), (1, 2, 3)}
        a, b, c = (points[flipped[:, i]] for i in range(3))
        assert (np.cross(b - a, c - a)[:, 2] > 0).all()

    def test_inside_is_even_odd(self) -> None:
        square = np.array([[0, 0], [2.0, 0], [2, 2], [0, 2]])
        assert surface.inside(square, np.array([[1, 1.0], [3, 1], [-1, 1]])).tolist() == [
            True,
            False,
            False,
        ]


@pytest.fixture(scope="module")
def sheet() -> tuple[np.ndarray, Tissue]:
    x, y = np.meshgrid(np.arange(9.0), np.arange(9.0))
    points = np.stack([x.ravel(), y.ravel(), np.zeros(81)], axis=1)
    return points, Tissue(points, parts.grid(9, 9, closed=False))


class TestTissue:
    def test_follows_its_handles_and_stops_at_the_region(
        self, sheet: tuple[np.ndarray, Tissue]
    ) -> None:
        points, tissue = sheet
        region = np.abs(points[:, :2] - 4).max(axis=1) < 3.5
        moves = tissue.follow(region, np.array([40]), np.array([[0.0, 0.0, 2.0]]))
        assert moves[40].tolist() == [0, 0, 2]
        assert not moves[~region].any()
        assert 0 < moves[41, 2] < 2

    def test_blend_is_between_zero_and_one(self, sheet: tuple[np.ndarray, Tissue]) -> None:
        points, tissue = sheet
        weight = tissue.blend(points[:, 0] == 0, points[:, 0] == 8)
        assert weight.min() >= 0
        assert weight.max() <= 1
        assert weight.reshape(9, 9)[4, 4] == pytest.approx(0.5, abs=0.02)


class TestParts:
    @pytest.mark.parametrize("upper", [True, False])
    def test_teeth_are_finite_and_mirrored(self, *, upper: bool) -> None:
        made = parts.teeth(upper=upper)
        assert len(made) == 14
        assert all(np.isfinite(tooth.points).all() for tooth in made)
        for left, right in zip(made[:7], made[7:], strict=True):
            assert np.array_equal(left.points * [-1, 1, 1], right.points)

    def test_eyeball_has_its_radius(self) -> None:
        eye = parts.eyeball()
        away = np.linalg.norm(eye.points - sculpt.EYE_CENTRE, axis=1)
        assert np.allclose(away, sculpt.EYE_RADIUS)
        assert eye.part is Part.EYE_LEFT
