from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import PromptError
from generator.models.protocols import Standardiser
from generator.script import MAX_TEXT, Script
from generator.standardise import RuleStandardiser

RULES = RuleStandardiser()

CASES: list[tuple[str, list[str]]] = [
    # verbs one after the other up to a 'then'
    (
        "she reads the letter, fights back tears, then forces a smile",
        ["She reads the letter.", "She fights back tears.", "She forces a smile."],
    ),
    ("he frowns, blinks, then laughs", ["He frowns.", "He blinks.", "He laughs."]),
    ("smiles, then cries", ["Smiles.", "Cries."]),
    ("looks left, then right, then left again", ["Looks left.", "Right.", "Left again."]),
    ("First surprise, then joy, and finally tears", ["First surprise.", "Joy.", "Tears."]),
    ("She glares. Then she softens.", ["She glares.", "She softens."]),
    ("smile for 1.5s; then frown", ["Smile for 1.5s.", "Frown."]),
    ("he stares and then bursts out laughing", ["He stares.", "He bursts out laughing."]),
    ("pensive... then the lightbulb", ["Pensive...", "The lightbulb."]),
    ("a gasp, followed by a giggle", ["A gasp.", "A giggle."]),
    ("He pouts. After that, he grins.", ["He pouts.", "He grins."]),
    # changes
    ("shock gives way to relief", ["Shock.", "Relief."]),
    ("Her grin melts into horror", ["Her grin.", "Horror."]),
    ("his smile hardens into a sneer", ["His smile.", "A sneer."]),
    ("fear turns to rage", ["Fear.", "Rage."]),
    ("the frown slowly softens into a smile", ["The frown.", "A smile."]),
    ("anger fades into sadness", ["Anger.", "Sadness."]),
    (
        "His smile hardens into a sneer and then fades.",
        ["His smile.", "A sneer.", "He fades."],
    ),
    # from X to Y
    (
        "She goes from bored through curious to delighted.",
        ["She is bored.", "She is curious.", "She is delighted."],
    ),
    ("snaps from bored to alert", ["The face is bored.", "The face is alert."]),
    ("from a nervous smile to outright terror", ["A nervous smile.", "Outright terror."]),
    ("looks from left to right", ["Looks from left to right."]),
    # arrows, numbers, bullets, lines
    ("angry -> sad -> calm", ["Angry.", "Sad.", "Calm."]),
    ("angry → sad", ["Angry.", "Sad."]),
    ("1. smile 2. frown 3. wink", ["Smile.", "Frown.", "Wink."]),
    ("1) smile\n2) frown", ["Smile.", "Frown."]),
    ("- smile\n- frown", ["Smile.", "Frown."]),
    ("One: a smile. Two: a frown.", ["A smile.", "A frown."]),
    (
        "WEREWOLF TURN, three panels. 1 clench. 2 jaw goes left. 3 full snarl.",
        ["Clench.", "Jaw goes left.", "Full snarl."],
    ),
    # the order of events
    ("Before she cries, she looks up to the left.", ["She looks up to the left.", "She cries."]),
    ("After he sneezes, he smiles.", ["He sneezes.", "He smiles."]),
    ("She smiles after crying.", ["Crying.", "She smiles."]),
    ("he smiles until he sees her", ["He smiles.", "He sees her."]),
    ("Until he sees her, he smiles.", ["He smiles.", "He sees her."]),
    ("a flash of fear before a grin", ["A flash of fear.", "A grin."]),
    # pauses belong to what came before
    (
        "smiles, holds it for three seconds, then frowns",
        ["Smiles, holds it for three seconds.", "Frowns."],
    ),
    ("A beat later, she laughs.", ["She laughs."]),
    ("After a long beat, he laughs.", ["He laughs."]),
    ("She freezes. A beat. Then she laughs.", ["She freezes. A beat.", "She laughs."]),
    ("stares; two seconds later he blinks", ["He stares.", "He blinks."]),
    # what happens at the same time is one beat
    ("She smiles while he talks", ["She smiles while he talks."]),
    ("He laughs as she falls", ["He laughs as she falls."]),
    # what looks like a boundary and is none
    ('"I hate you, then I love you," he sneers', ['"I hate you, then I love you," he sneers.']),
    ("he says 'first this. Then that.'", ["He says 'first this. Then that.'"]),
    ("nods now and then", ["Nods now and then."]),
    ("even then he smiles", ["Even then he smiles."]),
    ("Dr. Smith nods", ["Dr. Smith nods."]),
    ("smiles at 0.5 strength", ["Smiles at 0.5 strength."]),
    ("back then she smiled", ["Back then she smiled."]),
    ("grins, and then some", ["Grins, and then some."]),
    ("don't smile, not even a little", ["Don't smile, not even a little."]),
    ("raise the left eyebrow", ["Raise the left eyebrow."]),
    ("sad", ["Sad."]),
    ("He is not angry, just disappointed", ["He is not angry, just disappointed."]),
    # emoji, emoticons, other languages
    ("😢➡️😂", ["Crying.", "Laughing with tears of joy."]),
    ("😡", ["Furious."]),
    ("😡😡😡", ["Furious."]),
    ("😢😂", ["Crying.", "Laughing with tears of joy."]),
    ("calm :) then sad", ["Calm smiling.", "Sad."]),
    ("el sonríe, luego llora", ["El sonríe.", "Llora."]),
    ("Erst lacht er, dann weint er", ["Erst lacht er.", "Weint er."]),
    ("彼女は笑う。そして泣く。", ["彼女は笑う.", "そして泣く。"]),
]


@pytest.mark.parametrize(("prompt", "beats"), CASES, ids=[prompt[:40] for prompt, _ in CASES])
def test_beats(prompt: str, beats: list[str]) -> None:
    script = RULES.standardise(prompt)
    assert [beat.description for beat in script.beats] == beats
    assert script.prompt == prompt


def test_it_is_a_standardiser() -> None:
    standardiser: Standardiser = RULES
    assert standardiser.name == "rules"


def test_the_same_prompt_gives_the_same_script() -> None:
    prompt = "Nervous smile at her sister's wedding, then the ex walks in."
    assert RuleStandardiser().standardise(prompt) == RULES.standardise(prompt)


def test_emotion_and_background() -> None:
    script = RULES.standardise("at her sister's wedding she fights back tears, forces a smile")
    assert script.emotion == "grief held back behind a forced smile"
    assert script.background == "At her sister's wedding."


@pytest.mark.parametrize("prompt", ["", "   \n\t ", "\x00\x01\u200b", "...", "!?", "🚗", "\ud800"])
def test_nothing_to_perform(prompt: str) -> None:
    with pytest.raises(PromptError) as caught:
        RULES.standardise(prompt)
    assert caught.value.message.startswith("The prompt")
    assert "Describe what the face should do" in caught.value.hint


def test_ten_thousand_words_keep_the_last_ones_read() -> None:
    sentences = [f"She smiles number{i}." for i in range(3333)]
    script = RULES.standardise(" ".join(sentences))
    assert len(script.beats) == 5
    assert len(script.prompt) <= MAX_TEXT
    joined = " ".join(beat.description for beat in script.beats)
    read = [f"number{i}" for i in range(3333) if f"number{i}." in script.prompt]
    assert len(read) > 800
    assert [word for word in read if word not in joined] == []
    sizes = [len(beat.description) for beat in script.beats]
    assert max(sizes) < 2 * min(sizes)


def test_a_long_list_is_shared_out_evenly() -> None:
    script = RULES.standardise(" ".join(f"{i}. smile{i}" for i in range(1, 11)))
    assert len(script.beats) == 5
    joined = " ".join(beat.description for beat in script.beats)
    assert all(f"mile{i}" in joined for i in range(1, 11))


_PIECES = (
    "then|before|after|until|from|to|she|he|smiles|tears|melts|into|holds|for|two|2.5|s|seconds|,|."
    "|;|:|->|...|'|\"|(|)|1.|2.|😀|\n|gives|way|suddenly|a|beat|later"
)
_WORDS = st.sampled_from(_PIECES.split("|"))


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=3000), st.lists(_WORDS, max_size=300).map(" ".join)))
def test_any_text_gives_a_script_or_a_prompt_error(prompt: str) -> None:
    try:
        script = RULES.standardise(prompt)
    except PromptError:
        return
    assert 1 <= len(script.beats) <= 5
    assert all(beat.description.strip() for beat in script.beats)
    assert math.isfinite(script.duration_s)
    assert Script.loads(script.dumps()) == script


@pytest.mark.parametrize(
    "unit", ["'a ", "from a to b ", "half a ", "after a, ", "1. ", "grin melts "]
)
def test_hostile_repetition_is_bounded(unit: str) -> None:
    script = RULES.standardise(unit * 4000)  # quadratic work here would pass the test's time limit
    assert 1 <= len(script.beats) <= 5


def test_import_loads_no_engine() -> None:
    code = (
        "import sys, generator.standardise; slow = {'torch', 'numpy', 'scipy', 'jsonschema'}; "
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
