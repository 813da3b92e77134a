from __future__ import annotations

import pytest

from generator.errors import DocumentError
from generator.models.protocols import reading
from generator.performance import Keyframe, Performance, Source
from generator.script import Beat, Script
from tests.helpers.window import pose
from ui.draft import Draft, Pose, draft_of

_SCRIPT = Script("p", "b", "e", (Beat("one"), Beat("two", "", 0.5, 2.0), Beat("three")))


def performance() -> Performance:
    sources = [Source("fake", "h", "v", 3, "original"), None, None]
    return Performance.of(_SCRIPT, [pose(i) for i in range(3)], sources, subject="Ann")


def test_a_performance_comes_back_as_it_was() -> None:
    document = performance()
    again = draft_of(document).performance()
    assert again is not None
    assert again.dumps() == document.dumps()


def test_keyframes_moved_by_hand_come_back_too() -> None:
    keyframes = (
        Keyframe("a", 0, 0.25, 0.1, pose(0), locked=True),
        Keyframe("free", None, 1.75, 0.2, pose(4)),
        Keyframe("c", 2, 6.0, 0.5, pose(2)),
    )
    document = Performance(_SCRIPT, keyframes)
    again = draft_of(document).performance()
    assert again is not None
    assert again.dumps() == document.dumps()


def test_a_script_has_no_performance_yet() -> None:
    draft = draft_of(_SCRIPT)
    assert draft.script == _SCRIPT
    assert draft.performance() is None
    assert not draft.has_motion
    assert len(draft.unmade()) == 3


def test_a_pose_is_stale_once_its_words_or_their_setting_change() -> None:
    draft = draft_of(performance())
    key = draft.entries[1].key
    assert draft.stale() == frozenset()
    changed = draft.with_beat(key, Beat("two, but sadly", "", 0.5, 2.0))
    assert changed.stale() == {key}
    assert changed.unmade() == (key,)
    assert draft.with_beat(key, Beat("two", "", 0.9, 1.0)).stale() == frozenset()
    script = changed.script
    assert script is not None
    fresh = changed.with_pose(key, Pose(pose(9), None, reading(script, 1)))
    assert fresh.stale() == frozenset()


def test_seconds_move_the_keyframes() -> None:
    draft = draft_of(performance())
    longer = draft.with_beat(draft.entries[0].key, Beat("one", "", 1.5, 3.0)).performance()
    assert longer is not None
    assert [k.time_s for k in longer.keyframes] == list(longer.script.times_s)
    assert longer.keyframes[0].hold_s == 3.0


def test_beats_are_added_copied_moved_and_deleted() -> None:
    draft = draft_of(performance())
    first, second, third = (entry.key for entry in draft.entries)
    draft, added = draft.with_new_beat(first)
    draft, copied = draft.with_copy(third)
    assert [e.key for e in draft.entries] == [first, added, second, third, copied]
    assert len({e.key for e in draft.entries}) == 5
    draft = draft.moved(third, -1).moved(first, -1)
    assert [e.key for e in draft.entries] == [first, added, third, second, copied]
    draft = draft.without(added)
    made = draft.performance()
    assert made is not None
    assert len({k.id for k in made.keyframes}) == 4
    assert [k.beat for k in made.keyframes] == [0, 1, 2, 3]
    assert draft.index_of(added) is None


def test_without_beats_there_is_no_script() -> None:
    draft = draft_of(Script("p", "", "", (Beat("one"),)))
    assert draft.without(draft.entries[0].key).script is None
    assert Draft().is_empty
    assert Draft().performance() is None


def test_what_was_set_by_hand_and_does_not_fit_any_more_is_said() -> None:
    keyframes = (Keyframe("a", 0, 0.5, 1.0, pose(0)), Keyframe("free", None, 1.6, 0.3, pose(1)))
    draft = draft_of(Performance(_SCRIPT, keyframes))
    longer = draft.with_beat(draft.entries[0].key, Beat("one", "", 0.5, 5.0))
    with pytest.raises(DocumentError, match="begins before"):
        longer.performance()


def test_a_new_script_drops_what_was_made_for_the_old_one() -> None:
    draft = draft_of(performance()).with_script(Script("q", "", "", (Beat("x"),)))
    assert not draft.has_motion
    assert draft.prompt == "q"
