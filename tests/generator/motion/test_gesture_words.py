from __future__ import annotations

import time

import pytest

from generator.motion.gesture_words import Gesture, denies_blinking, mentions


@pytest.mark.parametrize(
    ("text", "gesture"),
    [
        ("She winks at the camera.", Gesture.WINK),
        ("Finger guns implied, wink included.", Gesture.WINK),
        ("He blinks, then stares.", Gesture.BLINK),
        ("bats her eyelashes", Gesture.BLINK),
        ("A nod to nobody, and the game face comes down.", Gesture.NOD),
        ("He nodded.", Gesture.NOD),
        ("shakes her head", Gesture.SHAKE),
        ("the smallest shake of the head", Gesture.SHAKE),
        ("a tiny head-shake", Gesture.SHAKE),
        ("'No.' One tiny shake, mouth turned down", Gesture.SHAKE),
        ("her head slowly shakes", Gesture.SHAKE),
        ("rolls her eyes at the ceiling", Gesture.EYE_ROLL),
        ("an eye-roll in full", Gesture.EYE_ROLL),
        ("Eyes rolling.", Gesture.EYE_ROLL),
        ("B-b-brrr: teeth chattering, face scrunched down", Gesture.CHATTER),
        ("her jaw begins to chatter", Gesture.CHATTER),
        ("chattering so hard that his teeth hurt", Gesture.CHATTER),
        ("a diplomatic sniff", Gesture.SNIFF),
        ("a dignified sniffle", Gesture.SNIFF),
    ],
)
def test_a_gesture_is_found_in_its_words(text, gesture):
    assert [mention.gesture for mention in mentions(text)] == [gesture]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He does not blink.",
        "He doesn't even blink.",
        "She doesn\u2019t nod.",
        "No winking at the audience, no smile.",
        "nobody else has blinked",
        "over before we can blink",
        "not so much as a blink",
        "A blink-less, stupid stare.",
        "an unblinking look",
        "gone in the blink of an eye",
        "For a blink, the interviewee marks the interviewer",
        "For a blink and a half, the truth.",
        "way cuter than the wink",
        "not a wink of sleep",
        "she never shakes her head",
        "refuses to nod",
        "starting to nod off",
        "shaking with laughter",
        "they shake hands",
        "a shaky breath",
        "it starts to shake at one end",
        "a twinkle in the eye",
        "Shakespeare",
        "chattering monkeys",
        "It blinked. IT BLINKED.",
        "She rolls the dice.",
    ],
)
def test_denials_and_turns_of_phrase_are_left_out(text):
    assert mentions(text) == ()


def test_a_denial_reaches_to_the_end_of_its_clause():
    assert [m.gesture for m in mentions("No, he nods.")] == [Gesture.NOD]
    assert [m.gesture for m in mentions("He does not smile but winks.")] == [Gesture.WINK]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("she blinks", 1),
        ("an us-two-know wink", 1),
        ("she blinks twice", 2),
        ("Technical note: two sniffs", 2),
        ("Sniff, sniff... oh, that is not the campfire.", 2),
        ("Sniff-sniff-sniff, then a hold", 3),
        ("blinkblinkblink", 3),
        ("nods three times", 3),
        ("nodding along", 3),
        ("one small nod, one hundred smiles", 1),
        ("blinks again and again", 4),
        ("blink " * 50, 6),
    ],
)
def test_how_often(text, count):
    (mention,) = mentions(text)
    assert mention.count == count


@pytest.mark.parametrize(
    ("text", "size", "pace"),
    [
        ("nods", 1.0, 1.0),
        ("a tiny nod", 0.5, 1.0),
        ("a deep, slow nod", 1.0, 1.6),
        ("a deep slow nod", 1.5, 1.6),
        ("a quick nod", 1.0, 0.65),
        ("A tiny smile. A nod.", 1.0, 1.0),
    ],
)
def test_how_large_and_how_fast_by_the_words_of_the_clause(text, size, pace):
    (mention,) = mentions(text)
    assert (mention.size, mention.pace) == (size, pace)


def test_the_side_is_the_one_of_the_clause_then_of_the_text():
    (mention,) = mentions("A wink on the left eye, the grin on the right.")
    assert mention.side == "left"
    (mention,) = mentions("He winks. Only the right eye shuts.")
    assert mention.side == "right"
    (mention,) = mentions("He winks.")
    assert mention.side == ""


def test_several_gestures_come_in_the_order_of_the_text():
    found = [mention.gesture for mention in mentions("He sniffs, winks and nods twice.")]
    assert found == [Gesture.SNIFF, Gesture.WINK, Gesture.NOD]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Nobody blinks.", True),
        ("unblinking", True),
        ("a lidless stare", True),
        ("She blinks.", False),
        ("She does not smile.", False),
    ],
)
def test_words_can_deny_blinking(text, denied):
    assert denies_blinking(text) is denied


@pytest.mark.parametrize(
    "word", ["blink ", "never ", "nods ", "no-", "n't ", "shake ,", "roll ", "-"]
)
def test_endless_texts_are_read_quickly(word):
    text = (word * 20_000)[:20_000]
    started_s = time.process_time()
    mentions(text)
    denies_blinking(text)
    assert time.process_time() - started_s < 0.5
