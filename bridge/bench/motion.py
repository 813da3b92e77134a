"""Motion between keyframes: exactness, range, speed, blinks, and how close it is to a real face."""

from __future__ import annotations

from bridge.bench import Row, at_most
from generator.motion.report import MotionReport, RegionRow, motion_report


def measure() -> list[Row]:
    """Return the rows of the motion report, made now."""
    report = motion_report()
    return [
        at_most(
            "keyframe poses reached at their times, layers off",
            report.pose_error,
            "",
            1e-6,
            f"{report.scripts} corpus scripts",
        ),
        at_most("overshoot of range", report.overshoot, "", 0.0, f"{report.frames} frames"),
        at_most("rendering 10 s at 60 Hz, all layers", report.render_ms, "ms", 20.0),
        *_blinks(report),
        *(_region(row) for row in report.rows),
    ]


def _blinks(report: MotionReport) -> list[Row]:
    blinks = report.blinks
    spans = (
        ("blink closing time", blinks.closing_ms, "ms"),
        ("blink opening time", blinks.opening_ms, "ms"),
        ("time between blinks", blinks.interval_s, "s"),
    )
    return [
        Row(
            f"{what}, median",
            span[1],
            unit,
            "published human range",
            blinks.human,
            f"{span[0]:.3g} to {span[2]:.3g}; sources in generator/motion/blinks.py",
        )
        for what, span, unit in spans
    ]


def _region(row: RegionRow) -> Row:
    nearest = min(row.linear, row.minimum_jerk)
    return Row(
        f"{row.measure} of the {row.region}: distance to a real stream",
        row.living,
        "",
        f"< {nearest:.4g}",
        row.closer,
        f"linear {row.linear:.4g}, minimum jerk without layers {row.minimum_jerk:.4g}",
    )
