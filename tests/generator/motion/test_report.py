from __future__ import annotations

import pytest

from generator.motion.report import RegionRow, motion_report


@pytest.fixture(scope="module")
def report():
    return motion_report(scripts=12)


def test_the_numbers_to_reach_are_reached(report):
    assert report.pose_error <= 1e-6
    assert report.overshoot == 0.0
    assert report.living_error[0] < 0.05
    assert report.blinks.human
    assert report.blinks.count > 100


def test_living_motion_is_closer_to_the_real_stream_than_both_baselines(report):
    far = [(row.region, row.measure) for row in report.rows if not row.closer]
    # The one real stream keeps its tongue in; every performance that shows it is farther away.
    assert [name for name, _ in far if name != "tongue"] == []


def test_a_row_is_closer_only_below_both():
    assert RegionRow("jaw", "speed", 1.0, 2.0, 0.9).closer
    assert not RegionRow("jaw", "speed", 1.0, 2.0, 1.5).closer


def test_the_report_reads_as_text_and_as_json(report):
    text = "\n".join(report.lines())
    assert "overshoot of range: 0 " in text
    assert text.count("closer") >= len(report.rows)
    assert report.to_json()["rows"][0].keys() == {
        "region",
        "measure",
        "linear",
        "minimum_jerk",
        "living",
    }
