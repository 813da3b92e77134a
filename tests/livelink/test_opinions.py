"""Second opinions: three outcomes, never an exception."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livelink.opinions import Judgement, check_channels, check_packet
from tests.helpers.packets import packet


def test_the_channels_have_the_same_order() -> None:
    assert check_channels().judgement is Judgement.AGREES


@pytest.mark.parametrize(
    ("data", "judgement", "words"),
    [
        (packet(), Judgement.AGREES, ""),
        (packet(face=False), Judgement.AGREES, ""),
        (packet(subject="Zoë".encode()), Judgement.AGREES, ""),
        (packet()[:-1], Judgement.AGREES, ""),  # both refuse it
        (packet(device=b"short"), Judgement.CANNOT_JUDGE, "36 bytes"),
        (packet(version=5), Judgement.CANNOT_JUDGE, "version 6"),
        (b"", Judgement.CANNOT_JUDGE, "36 bytes"),
        (packet() + b"x", Judgement.CANNOT_JUDGE, "fails"),
        (packet(rate=(30, 0)), Judgement.DIFFERS, "we refuse it"),
        (packet(values=[9.0] * 61), Judgement.DIFFERS, "we refuse it"),
    ],
)
def test_opinions(data: bytes, judgement: Judgement, words: str) -> None:
    opinion = check_packet(data)
    assert opinion.judgement is judgement
    assert words in " ".join(opinion.details)


def test_a_difference_is_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    import pylivelinkface

    real = pylivelinkface.PyLiveLinkFace.decode

    def off_by_one(data: bytes) -> object:
        found, face = real(data)
        face._frames += 1
        face._blend_shapes = (0.5, *face._blend_shapes[1:])
        return found, face

    monkeypatch.setattr(pylivelinkface.PyLiveLinkFace, "decode", staticmethod(off_by_one))
    opinion = check_packet(packet())
    assert opinion.judgement is Judgement.DIFFERS
    assert "frame number: we say 1000, pylivelinkface says 1001" in opinion.details
    assert any(detail.startswith("EyeBlinkLeft") for detail in opinion.details)
    assert len(opinion.details) == 2


def test_without_pylivelinkface_it_cannot_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylivelinkface", None)
    assert check_channels().judgement is Judgement.CANNOT_JUDGE
    assert check_packet(packet()).details == ("pylivelinkface is not installed",)


@given(st.binary(max_size=400) | st.binary(max_size=300).map(lambda tail: packet()[:5] + tail))
def test_nothing_makes_it_raise(data: bytes) -> None:
    assert check_packet(data).judgement in Judgement
