from __future__ import annotations

from bridge.bench import motion
from generator.motion.report import BlinkFigures, MotionReport, RegionRow


def test_rows_say_what_is_reached_and_what_is_not(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    blinks = BlinkFigures(10, (80, 90, 100), (170, 180, 190), (12, 16, 19), (1, 3, 9))
    rows = (RegionRow("mouth", "velocity", 2.0, 3.0, 1.0), RegionRow("jaw", "jerk", 1.0, 3.0, 2.0))
    report = MotionReport(2, 100, 1e-7, (0.01, 0.02), 0.0, 9.0, blinks, rows)
    monkeypatch.setattr(motion, "motion_report", lambda: report)
    reached = {row.what: row.reached for row in motion.measure()}
    assert reached["overshoot of range"] is True
    assert reached["velocity of the mouth: distance to a real stream"] is True
    assert reached["jerk of the jaw: distance to a real stream"] is False
