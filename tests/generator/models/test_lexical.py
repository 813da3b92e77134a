from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from generator.corpus import load_corpus, split, targets
from generator.errors import DamagedModelError
from generator.models.files import WEIGHTS, read_model, write_model
from generator.models.lexical import NAME, LexicalModel, fold, settle, unfold
from generator.models.protocols import TextChoice, reading
from generator.motion import constrain, follow_gaze
from generator.performance import values_of
from generator.scoring import score
from generator.script import Beat, Script
from livelink.channels import CHANNELS, Channel
from livelink.clip import mirror_values

Pose = NDArray[np.float32]


@pytest.fixture(scope="module")
def model() -> LexicalModel:
    return LexicalModel.load()


@pytest.fixture(scope="module")
def say(model: LexicalModel) -> Callable[[str], Pose]:
    return lambda text: model.keyframe(Script(text, "", "", (Beat(text),)), 0)


PAIRS = [
    ("The left eye closes.", "The right eye closes."),
    ("The left brow arches strongly while the right sits low.",) * 1
    + ("The right brow arches strongly while the left sits low.",),
    ("Head tilts to his left, gaze far right.", "Head tilts to his right, gaze far left."),
    (
        "A smirk on the left; the other corner drops.",
        "A smirk on the right; the other corner drops.",
    ),
]


@pytest.mark.parametrize(("text", "mirrored"), PAIRS)
def test_mirrored_texts_give_mirrored_poses(
    say: Callable[[str], Pose], text: str, mirrored: str
) -> None:
    np.testing.assert_allclose(say(mirrored), mirror_values(say(text)), atol=1e-6)


def test_sides_are_the_subjects_own(say: Callable[[str], Pose]) -> None:
    pose = say("The left eye closes.")
    assert pose[Channel.EyeBlinkLeft] > pose[Channel.EyeBlinkRight] + 0.3
    assert say("The head turns to the left.")[Channel.HeadYaw] > 0.1
    assert say("She looks to the left.")[Channel.LeftEyeYaw] < -0.1


def test_negation_takes_away(say: Callable[[str], Pose]) -> None:
    smile = Channel.MouthSmileLeft
    assert say("Eyes closed, no smile.")[smile] < say("Eyes closed, a smile.")[smile] - 0.3
    assert say("Eyes closed, no smile.")[Channel.EyeBlinkLeft] > 0.8


def test_degrees_order(say: Callable[[str], Pose]) -> None:
    texts = ["Jaw open slightly.", "Jaw open moderately.", "Jaw open fully."]
    amounts = [float(say(text)[Channel.JawOpen]) for text in texts]
    assert amounts == sorted(amounts)
    assert amounts[2] > amounts[0] + 0.2


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "你好", "\x00\x07", "12345 !!!"])
def test_nothing_to_read_is_a_neutral_face(say: Callable[[str], Pose], text: str) -> None:
    assert not say(text).any()


@pytest.mark.parametrize("text", ["smile left, " * 1600, "wütend, dann traurig", "x" * 20_000])
def test_strange_texts_give_a_face_in_range_fast(say: Callable[[str], Pose], text: str) -> None:
    started = time.perf_counter()
    pose = say(text)
    assert time.perf_counter() - started < 0.5
    assert_consistent(pose[None])


def test_the_same_words_give_the_same_pose(model: LexicalModel) -> None:
    script = load_corpus()[0].script
    first = model.keyframe(script, 0, seed=1)
    np.testing.assert_array_equal(first, LexicalModel.load().keyframe(script, 0, seed=2))
    assert not first.flags.writeable


def test_the_situation_is_read_with_the_directors_words(model: LexicalModel) -> None:
    beat = Beat("She looks up.", "The eyes turn up.")
    one, other = (Script("", "", word, (beat,)) for word in ("delighted joy", "disgust"))
    poses = [model.keyframe(script, 0, text=TextChoice.ORIGINAL) for script in (one, other)]
    assert np.abs(poses[0] - poses[1]).max() > 0.05
    np.testing.assert_array_equal(model.keyframe(one, 0), model.keyframe(other, 0))


def test_a_prompt_that_is_its_only_beat_is_not_read_twice(model: LexicalModel) -> None:
    text = "The left eye closes."
    alone = model.keyframe(Script("", "", "", (Beat(text),)), 0)
    prompted = model.keyframe(Script(text.upper(), "", "", (Beat(text),)), 0)
    np.testing.assert_allclose(prompted, alone, atol=1e-6)
    assert alone[Channel.EyeBlinkRight] < 0.2
    assert alone[Channel.EyeBlinkLeft] > 0.8


def assert_consistent(poses: NDArray[np.float32]) -> None:
    exact = poses.astype(np.float64)
    assert np.isfinite(exact).all()
    np.testing.assert_allclose(constrain(exact), exact, atol=1e-6)
    np.testing.assert_allclose(follow_gaze(exact), exact, atol=1e-6)
    for one, other in (("EyeLookUpLeft", "EyeLookDownLeft"), ("JawLeft", "JawRight")):
        assert (np.minimum(exact[:, Channel[one]], exact[:, Channel[other]]) == 0).all()


def test_held_out_scripts_are_understood(model: LexicalModel) -> None:
    """Floors a little under the card's scores, on 130 beats the model has not seen."""
    held = split(load_corpus(), model.card.split["seed"], model.card.split["share"])[1][:60]
    truth = targets(held)
    floors = {TextChoice.ANATOMICAL: (0.91, 0.8, 0.8), TextChoice.ORIGINAL: (0.66, 0.4, 0.2)}
    for choice, (f1, side, first) in floors.items():
        read = [reading(s.script, i, choice) for s in held for i in range(len(s.beats))]
        poses = np.stack([model.pose(item) for item in read])
        assert_consistent(poses)
        scores = score(poses, truth, [item.text for item in read])
        assert scores.f1 >= f1
        assert (scores.side or 0) >= side
        assert scores.r1 >= first


def test_folding_and_unfolding_is_the_identity_but_for_the_eyes() -> None:
    rng = np.random.default_rng(0)
    poses = rng.uniform(0, 1, (5, len(CHANNELS)))
    shown = slice(0, Channel.HeadRoll + 1)
    np.testing.assert_allclose(unfold(*fold(poses))[:, shown], poses[:, shown])


def test_settling_keeps_one_direction_and_no_crumbs() -> None:
    raw = values_of({"JawLeft": 0.5, "JawRight": 0.2, "MouthClose": 0.4, "TongueOut": 0.02})
    out = settle(raw.astype(np.float64)[None])[0]
    assert out[Channel.JawLeft] == pytest.approx(0.3)
    assert out[[Channel.JawRight, Channel.MouthClose, Channel.TongueOut]].tolist() == [0, 0, 0]


def test_weights_of_another_form_are_damaged(model: LexicalModel, tmp_path: object) -> None:
    from pathlib import Path

    from assets import asset

    tensors = dict(read_model(asset("models") / NAME)[1][WEIGHTS])
    tensors["side.weights"] = tensors["side.weights"][:-1]
    folder = Path(str(tmp_path)) / "lexical"
    write_model(folder, model.card, {WEIGHTS: tensors})
    with pytest.raises(DamagedModelError, match="side"):
        LexicalModel.load(folder)
