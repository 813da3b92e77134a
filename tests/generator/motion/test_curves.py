from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import DocumentError
from generator.motion.curves import TANGENTS, CurvePoint, evaluate

NAMES = st.sampled_from(TANGENTS)


@given(
    rows=st.dictionaries(st.floats(0.0, 100.0), st.tuples(st.floats(-1.0, 1.0), NAMES), min_size=1)
)
def test_every_point_is_reached(rows):
    points = [CurvePoint(time_s, value, kind) for time_s, (value, kind) in rows.items()]
    times = np.array([point.time_s for point in points])
    spaced = sorted(times)
    if min(np.diff(spaced), default=1.0) < 1e-6:
        return
    assert evaluate(points, times) == pytest.approx([point.value for point in points], abs=1e-9)


@given(values=st.lists(st.floats(0.0, 1.0), min_size=2, max_size=8))
def test_auto_clamped_never_leaves_its_neighbours(values):
    points = [CurvePoint(float(i), value) for i, value in enumerate(values)]
    times = np.linspace(0.0, len(values) - 1, 301)
    curve = evaluate(points, times)
    left = np.minimum(times.astype(int), len(values) - 2)
    given_values = np.array(values)
    low = np.minimum(given_values[left], given_values[left + 1])
    high = np.maximum(given_values[left], given_values[left + 1])
    assert (curve >= low - 1e-9).all()
    assert (curve <= high + 1e-9).all()


def test_outside_its_points_a_curve_keeps_the_nearest_value():
    points = [CurvePoint(1.0, 0.2, (5.0, 5.0)), CurvePoint(2.0, 0.7, (5.0, 5.0))]
    assert list(evaluate(points, np.array([0.0, 9.0]))) == [0.2, 0.7]
    assert list(evaluate(points[:1], np.array([0.0, 9.0]))) == [0.2, 0.2]


def test_each_kind_of_tangent():
    def at(kind, time_s=0.25):
        points = [
            CurvePoint(0.0, 0.0, kind),
            CurvePoint(1.0, 1.0, kind),
            CurvePoint(2.0, 3.0, kind),
        ]
        return float(evaluate(points, np.array([time_s]))[0])

    assert at("linear") == pytest.approx(0.25)
    assert at("flat") == pytest.approx(0.15625)
    assert at("step") == 0.0
    assert at("step", 1.0) == 1.0
    assert at((0.0, 4.0)) > at("flat")
    assert at("free", 1.25) > at("flat", 1.25)


def test_given_slopes_are_slopes():
    points = [CurvePoint(0.0, 0.0, (0.0, 0.0)), CurvePoint(1.0, 0.5, (0.3, -0.2)), CurvePoint(2, 0)]
    before, at, after = evaluate(points, np.array([1.0 - 1e-5, 1.0, 1.0 + 1e-5]))
    assert (at - before) / 1e-5 == pytest.approx(0.3, abs=1e-3)
    assert (after - at) / 1e-5 == pytest.approx(-0.2, abs=1e-3)


def test_of_two_points_at_one_time_the_last_counts():
    assert list(evaluate([CurvePoint(1, 0.1), CurvePoint(1, 0.9)], np.array([1.0]))) == [0.9]


@pytest.mark.parametrize("tangents", ["step", (0.5, -1.0)])
def test_json_and_back(tangents):
    point = CurvePoint(1.5, 0.25, tangents)
    assert CurvePoint.from_json(point.to_json()) == point


def test_tangents_may_be_left_out():
    assert CurvePoint.from_json({"time_s": 1, "value": 0}).tangents == "auto-clamped"


@pytest.mark.parametrize(
    "document",
    [
        {"time_s": 1.0},
        {"time_s": "soon", "value": 0.0},
        {"time_s": -1.0, "value": 0.0},
        {"time_s": 1.0, "value": float("nan")},
        {"time_s": 1.0, "value": None},
        {"time_s": 1.0, "value": 0.0, "tangents": "wavy"},
        {"time_s": 1.0, "value": 0.0, "tangents": [1.0]},
        {"time_s": 1.0, "value": 0.0, "tangents": [1.0, "x"]},
        {"time_s": 1.0, "value": 0.0, "tangents": [True, 1.0]},
        {"time_s": 1.0, "value": 0.0, "tangents": [1.0, 1e9]},
        {"time_s": 1.0, "value": 0.0, "tangents": 3},
    ],
)
def test_documents_out_of_form_are_refused(document):
    with pytest.raises(DocumentError):
        CurvePoint.from_json(document)
