"""Second opinions: what pylivelinkface, an independent reader, makes of the same wire.

It is loaded only when asked. It reads device ids of 36 bytes alone (it takes the length's low byte,
0x24, for a '$' of the id), so other packets are answered with 'cannot judge'. Nothing here raises
because of a packet.
"""

from __future__ import annotations

import enum
import struct
import warnings
from dataclasses import dataclass
from typing import Any

from livelink.channels import CHANNEL_COUNT, Channel
from livelink.errors import PacketError
from livelink.frame import Frame
from livelink.packet import VERSION, decode

_ID_BYTES = 36
_JUDGED = bytes([VERSION]) + struct.pack("!i", _ID_BYTES)


class Judgement(enum.Enum):
    """What a second reader says."""

    AGREES = "agrees"
    DIFFERS = "differs"
    CANNOT_JUDGE = "cannot judge"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A second reader's opinion.

    Attributes:
        judgement: In a word.
        details: The differences, or why it cannot judge; empty when it agrees.
    """

    judgement: Judgement
    details: tuple[str, ...] = ()


def check_channels() -> Opinion:
    """Compare the order and names of our channels with pylivelinkface's enum."""
    module = _load()
    if module is None:
        return _cannot("pylivelinkface is not installed")
    theirs = {item.value: item.name for item in module.FaceBlendShape}
    ours = {int(channel): channel.name for channel in Channel}
    details = tuple(
        f"channel {number}: we say {ours.get(number)}, pylivelinkface says {theirs.get(number)}"
        for number in sorted(ours.keys() | theirs.keys())
        if ours.get(number) != theirs.get(number)
    )
    return Opinion(Judgement.DIFFERS if details else Judgement.AGREES, details)


def check_packet(data: bytes) -> Opinion:
    """Compare our reading of a datagram with pylivelinkface's."""
    module = _load()
    if module is None:
        return _cannot("pylivelinkface is not installed")
    if not data.startswith(_JUDGED):
        return _cannot(f"pylivelinkface reads version {VERSION} with ids of {_ID_BYTES} bytes only")
    try:
        ours: Frame | None = decode(data)
        refusal = ""
    except PacketError as exc:
        ours, refusal = None, str(exc)
    try:
        found, theirs = module.PyLiveLinkFace.decode(data)
    except Exception as exc:  # noqa: BLE001  # foreign code: it raises whatever it stumbles on
        if ours is None:
            return Opinion(Judgement.AGREES)
        return _cannot(f"pylivelinkface fails: {type(exc).__name__}: {exc}")
    if ours is None:
        return Opinion(Judgement.DIFFERS, (f"we refuse it, pylivelinkface reads it: {refusal}",))
    details = _differences(ours, theirs, found=bool(found))
    return Opinion(Judgement.DIFFERS if details else Judgement.AGREES, details)


def _differences(ours: Frame, theirs: Any, *, found: bool) -> tuple[str, ...]:
    if ours.values is None or not found:
        if ours.has_face == found:
            return ()
        return (f"a face: we say {ours.has_face}, pylivelinkface says {found}",)
    pairs = [
        ("device id", ours.device_id, theirs.uuid[1:]),
        ("subject", ours.subject, theirs.name),
        ("frame number", ours.time.frame, theirs._frames),  # noqa: SLF001  # it has no accessor
        ("rate numerator", ours.rate.numerator, theirs.fps),
        ("rate denominator", ours.rate.denominator, theirs._denominator),  # noqa: SLF001
    ]
    details = [
        f"{what}: we say {mine!r}, pylivelinkface says {other!r}"
        for what, mine, other in pairs
        if mine != other
    ]
    shapes = tuple(theirs._blend_shapes)  # noqa: SLF001
    if len(shapes) != CHANNEL_COUNT:
        return (*details, f"pylivelinkface reads {len(shapes)} channels")
    details += [
        f"{channel.name}: we say {ours.values[channel]!r}, pylivelinkface says {shapes[channel]!r}"
        for channel in Channel
        if float(ours.values[channel]) != shapes[channel]
    ]
    return tuple(details)


def _cannot(why: str) -> Opinion:
    return Opinion(Judgement.CANNOT_JUDGE, (why,))


def _load() -> Any | None:  # it has no type information
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its dependencies warn of their own deprecations
            import pylivelinkface  # noqa: PLC0415
    except ImportError:
        return None
    return pylivelinkface
