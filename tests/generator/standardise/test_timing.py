from __future__ import annotations

import pytest

from generator.standardise import RuleStandardiser
from generator.standardise.timing import default_timing, groups_of, timings

RULES = RuleStandardiser()


def times(prompt: str) -> list[tuple[float, float]]:
    return [(beat.transition_s, beat.hold_s) for beat in RULES.standardise(prompt).beats]


@pytest.mark.parametrize(
    ("prompt", "index", "transition_s", "hold_s"),
    [
        ("She smiles for two seconds, then frowns", 0, None, 2.0),
        ("smile for 1.37s; then frown over 0.4 seconds", 0, None, 1.37),
        ("smile for 1.37s; then frown over 0.4 seconds", 1, 0.4, None),
        ("smile, then snap to a frown in 200 ms", 1, 0.2, None),
        ("smile, then frown within half a second", 1, 0.5, None),
        ("smiles, holds it for three seconds, then frowns", 0, None, 3.0),
        ("stares; two seconds later he blinks", 0, None, 2.0),
        ("She stares. After 2.5 seconds she blinks.", 0, None, 2.5),
        ("he turns over two and a half seconds and holds for 4 s", 0, 2.5, 4.0),
        ("frozen grimace, a second and a half. Then he thaws across three seconds.", 0, None, 1.5),
        ("frozen grimace, a second and a half. Then he thaws across three seconds.", 1, 3.0, None),
        ("She stares. A long beat. Then she laughs.", 0, None, 2.0),
        ("She stares. Half a beat. Then she laughs.", 0, None, 0.4),
        ("a 10-second hold on the grin", 0, None, 10.0),
        ("He grins for 2-3 seconds", 0, None, 2.5),
        ("He stares for a minute", 0, None, 60.0),
        ("He stares for 5000 seconds", 0, None, 600.0),
        ("he frowns in 1 ms", 0, 0.05, None),
    ],
)
def test_stated_seconds_are_kept(
    prompt: str, index: int, transition_s: float | None, hold_s: float | None
) -> None:
    found = times(prompt)[index]
    assert transition_s is None or found[0] == transition_s
    assert hold_s is None or found[1] == hold_s


@pytest.mark.parametrize(
    "prompt",
    [
        "She waits, forty minutes in, and smiles",
        "gives it a second heave",
        "cool at ten seconds, sweating at sixty",
        "loving every second",
        "it happened two seconds ago, he smiles",
        "three seconds to live",
    ],
)
def test_other_numbers_are_no_timing(prompt: str) -> None:
    assert all(hold_s < 4.0 and hold_s != 1.0 for _, hold_s in times(prompt))


def test_fast_and_slow_words_change_the_default() -> None:
    plain, _ = default_timing("she smiles", 0, 1)
    fast, _ = default_timing("she suddenly smiles", 0, 1)
    slow, _ = default_timing("she slowly smiles", 0, 1)
    assert fast < 0.6 * plain
    assert slow > 1.1 * plain


def test_groups() -> None:
    assert groups_of("she snaps", 0, 1) == ("only", ["fast"])
    assert groups_of("she slowly screams", 0, 2) == ("first", ["fast", "slow", "stirred"])
    assert groups_of("bored", 1, 3) == ("middle", ["calm"])
    assert groups_of("a stare", 2, 3) == ("last", ["held"])


def test_a_delay_between_pieces_holds_the_one_before() -> None:
    assert timings(["she stares", "laughs"], [", three seconds later "])[0][1] == 3.0


def test_defaults_lie_on_the_grid() -> None:
    for text in ("she smiles", "snaps", "slowly, gently", "screams, holds"):
        for seconds in default_timing(text, 1, 3):
            assert seconds > 0.0
            assert round(seconds / 0.05) == pytest.approx(seconds / 0.05)
