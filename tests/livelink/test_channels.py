"""The table of channels: complete, consistent, and as independent sources have it."""

from __future__ import annotations

import pytest

from livelink.channels import (
    CHANNEL_HASH,
    CHANNELS,
    CSV_NAMES,
    CSV_NAMES_2021,
    SHAPE_COUNT,
    SIDE_PAIRS,
    WIRE_NAMES,
    Channel,
    CsvConvention,
    Region,
    Side,
    channel_named,
    csv_channel,
    of_region,
)


def test_wire_order_has_the_numbers_of_epics_python_page() -> None:
    known = {
        "EyeBlinkLeft": 0,
        "JawLeft": 15,
        "JawRight": 16,
        "MouthLeft": 21,
        "MouthRight": 22,
        "TongueOut": 51,
        "HeadYaw": 52,
        "RightEyeRoll": 60,
    }
    assert {name: Channel[name].value for name in known} == known
    assert len(WIRE_NAMES) == len(set(WIRE_NAMES)) == 61


def test_hash_is_pinned() -> None:
    # Model cards carry it: a change here makes every trained adapter refuse to load.
    assert CHANNEL_HASH == "18e71be35d5cdcce"


def test_every_channel_is_described_and_in_its_region() -> None:
    assert [info.channel for info in CHANNELS] == list(Channel)
    for info in CHANNELS:
        assert info.meaning
        assert "{s}" not in info.meaning
        assert info.low < info.high
        assert (info.low == 0.0) == (info.channel < SHAPE_COUNT)
    assert sum(len(of_region(region)) for region in Region) == 61
    assert of_region(Region.HEAD) == (Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll)


def test_mirror_is_an_involution_that_exchanges_sides() -> None:
    for info in CHANNELS:
        other = CHANNELS[info.mirror]
        assert other.mirror is info.channel
        assert other.mirror_sign == info.mirror_sign
        if info.side is Side.NONE:
            assert info.mirror is info.channel
        else:
            assert {info.side, other.side} == {Side.LEFT, Side.RIGHT}
    assert all("Left" in left.name and "Right" in right.name for left, right in SIDE_PAIRS)
    assert len(SIDE_PAIRS) == 23


@pytest.mark.parametrize("name", ["JawOpen", "jawOpen", "JAWOPEN"])
def test_a_name_is_found_in_any_case(name: str) -> None:
    assert channel_named(name) is Channel.JawOpen


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        channel_named("JawAjar")


def test_csv_header_differs_from_the_wire_in_two_pairs_only() -> None:
    differing = {i: CSV_NAMES[i] for i in range(61) if CSV_NAMES[i] != WIRE_NAMES[i]}
    assert differing == {15: "JawRight", 16: "JawLeft", 21: "MouthRight", 22: "MouthLeft"}


def test_the_header_of_2021_is_camel_case_with_right_first() -> None:
    assert CSV_NAMES_2021[0] == "eyeBlinkRight"
    assert CSV_NAMES_2021[15:17] == ("jawRight", "jawLeft")
    assert CSV_NAMES_2021[23] == "mouthSmileRight"
    assert CSV_NAMES_2021[52] == "headYaw"
    assert {name.casefold() for name in CSV_NAMES_2021} == {n.casefold() for n in WIRE_NAMES}


@pytest.mark.parametrize(
    ("convention", "jaw", "mouth"),
    [
        (CsvConvention.MEASURED, Channel.JawRight, Channel.MouthLeft),
        (CsvConvention.BY_NAME, Channel.JawRight, Channel.MouthRight),
        (CsvConvention.BY_POSITION, Channel.JawLeft, Channel.MouthLeft),
    ],
)
def test_csv_conventions(convention: CsvConvention, jaw: Channel, mouth: Channel) -> None:
    assert csv_channel("JawRight", convention) is jaw
    assert csv_channel("mouthright", convention) is mouth
    assert csv_channel("EyeBlinkLeft", convention) is Channel.EyeBlinkLeft
    assert {csv_channel(name, convention) for name in CSV_NAMES} == set(Channel)
