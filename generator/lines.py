"""The lines of batch files (JSON lines): requests, scripts in the corpus form, keyframe answers.

Reading is streaming and in order: each line gives either its value or a `LineError`, so that one
bad line never stops the others. A line is at most 1 MB; its id is kept as it is.

    request  {"id", "prompt"}
    script   {"id", "prompt", "background", "emotion",
              "beats": [{"original", "anatomical", "transition_s", "hold_s"}]}
    answer   {"id", "keyframes": [{"values": {61 wire names: number}}]}
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any, TypeVar

from generator.errors import DocumentError
from generator.script import MAX_BEATS, MAX_SECONDS, MAX_TEXT, MIN_TRANSITION_S, Beat, Script
from generator.standardise.timing import default_timing
from livelink.channels import WIRE_NAMES
from livelink.errors import FrameError
from livelink.frame import Values, as_values

MAX_LINE_BYTES = 1_000_000
MAX_ID = 1000
"""Characters of an id as JSON."""

Identity = str | int | float
Value = TypeVar("Value")


class LineError(DocumentError):
    """A line of a batch file that cannot be used; the other lines still can.

    Attributes:
        line: 1-based number of the line.
        reason: What is wrong with it.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def read_script_lines(stream: IO[bytes]) -> Iterator[tuple[Identity, Script] | LineError]:
    """Yield (id, script) or what is wrong for each line of a file of scripts, in order."""
    return _each(stream, script_of)


def read_request_lines(stream: IO[bytes]) -> Iterator[tuple[Identity, str] | LineError]:
    """Yield (id, prompt) or what is wrong for each line of a file of prompts, in order."""
    return _each(stream, request_of)


def request_of(record: Mapping[str, Any]) -> tuple[Identity, str]:
    """Return the id and prompt of a request.

    Raises:
        DocumentError: A field is missing or out of form; the message names it.
    """
    # A prompt may be longer than a script's text: the standardiser says what it does with that.
    return _identity(record), _text(record, "prompt", "prompt", limit=MAX_LINE_BYTES)


def script_of(record: Mapping[str, Any]) -> tuple[Identity, Script]:
    """Return the id and script of a record in the corpus form.

    `pose` and unknown fields are ignored; `background`, `emotion` and a beat's `anatomical` may be
    empty or absent, and so may its seconds, which then are the standardiser's defaults.

    Raises:
        DocumentError: A field is missing or out of form; the message names it.
    """
    identity = _identity(record)
    found = record.get("beats")
    if not isinstance(found, list):
        raise DocumentError(_problem(record, "beats", "beats", "a list"))
    if not 1 <= len(found) <= MAX_BEATS:
        raise DocumentError(f"beats has {len(found)} entries; a script has 1 to {MAX_BEATS}.")
    beats = tuple(_beat(item, index, len(found)) for index, item in enumerate(found))
    prompt = _text(record, "prompt", "prompt")
    background = _text(record, "background", "background", optional=True)
    emotion = _text(record, "emotion", "emotion", optional=True)
    return identity, Script(prompt, background, emotion, beats)


def script_line(identity: Identity, script: Script) -> dict[str, Any]:
    """Return the record of a script in the corpus form, which `script_of` reads back."""
    return {
        "id": identity,
        "prompt": script.prompt,
        "background": script.background,
        "emotion": script.emotion,
        "beats": [
            {
                "original": beat.description,
                "anatomical": beat.anatomical,
                "transition_s": beat.transition_s,
                "hold_s": beat.hold_s,
            }
            for beat in script.beats
        ],
    }


def keyframes_line(identity: Identity, poses: Sequence[Values]) -> dict[str, Any]:
    """Return the answer record of a script's poses: all 61 names, six decimals.

    Args:
        identity: The script's id.
        poses: One (61,) array a beat.

    Raises:
        DocumentError: A pose of another shape, or NaN or infinity in it.
    """
    return {"id": identity, "keyframes": [{"values": _named(pose)} for pose in poses]}


def _named(pose: Values) -> dict[str, float]:
    try:
        values = as_values(pose)
    except FrameError as exc:
        raise DocumentError(f"{str(exc).capitalize()}.") from exc
    # Adding 0.0 turns -0.0, which rounding may leave, into 0.0.
    return {
        name: round(float(value), 6) + 0.0 for name, value in zip(WIRE_NAMES, values, strict=True)
    }


def _each(
    stream: IO[bytes], read: Callable[[Mapping[str, Any]], Value]
) -> Iterator[Value | LineError]:
    empty: list[int] = []  # empty lines at the end of a file are no lines
    for number, line in _numbered(stream):
        if line is not None and not line.strip():
            empty.append(number)
            continue
        yield from (LineError(one, "The line is empty.") for one in empty)
        empty.clear()
        try:
            yield read(_record(line))
        except DocumentError as exc:
            yield LineError(number, str(exc))


def _numbered(stream: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line's number and bytes; None in place of a line that is too long."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 2):
        number += 1
        if len(line.rstrip(b"\r\n")) <= MAX_LINE_BYTES:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES)
        yield number, None


def _record(line: bytes | None) -> Mapping[str, Any]:
    if line is None:
        raise DocumentError(f"The line is longer than {MAX_LINE_BYTES} bytes.")
    try:
        record = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as exc:
        raise DocumentError(f"The line is not UTF-8 text (at byte {exc.start}).") from exc
    except RecursionError as exc:
        raise DocumentError("The line is nested too deeply.") from exc
    except ValueError as exc:
        raise DocumentError(f"The line is not valid JSON: {exc}.") from exc
    if not isinstance(record, dict):
        raise DocumentError("The line is JSON, but not an object.")
    return record


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a face can have")


def _identity(record: Mapping[str, Any]) -> Identity:
    identity = record.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        raise DocumentError(_problem(record, "id", "id", "a string or a number"))
    if isinstance(identity, float) and not math.isfinite(identity):
        raise DocumentError("id is not a finite number.")
    if isinstance(identity, str):
        _text(record, "id", "id", limit=MAX_ID)
    elif isinstance(identity, int) and identity.bit_length() > 3 * MAX_ID:
        raise DocumentError(f"id has more than {MAX_ID} characters.")
    return identity


def _beat(item: Any, index: int, count: int) -> Beat:
    where = f"beats/{index}"
    if not isinstance(item, dict):
        raise DocumentError(f"{where} is not an object.")
    original = _text(item, "original", f"{where}/original", optional="anatomical" in item)
    anatomical = _text(item, "anatomical", f"{where}/anatomical", optional=True)
    if not original.strip() and not anatomical.strip():
        raise DocumentError(f"{where} has neither an original nor an anatomical text.")
    transition_s, hold_s = default_timing(original or anatomical, index, count)
    transition_s = _seconds(item, "transition_s", where, transition_s)
    hold_s = _seconds(item, "hold_s", where, hold_s)
    return Beat(original, anatomical, max(transition_s, MIN_TRANSITION_S), hold_s)


def _seconds(item: Mapping[str, Any], name: str, where: str, default: float) -> float:
    value = item.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DocumentError(f"{where}/{name} is not a number.")
    if not 0.0 <= value <= MAX_SECONDS:
        raise DocumentError(f"{where}/{name} must be 0 to {MAX_SECONDS:g} seconds.")
    return float(value)


def _text(
    record: Mapping[str, Any],
    name: str,
    where: str,
    *,
    optional: bool = False,
    limit: int = MAX_TEXT,
) -> str:
    value = record.get(name)
    if value is None and optional:
        return ""
    if not isinstance(value, str):
        raise DocumentError(_problem(record, name, where, "text"))
    if len(value) > limit:
        raise DocumentError(f"{where} has {len(value)} characters; {limit} are the limit.")
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        raise DocumentError(f"{where} holds half a character (a lone surrogate).") from exc
    return value


def _problem(record: Mapping[str, Any], name: str, where: str, wanted: str) -> str:
    return f"{where} is not {wanted}." if name in record else f"{where} is missing."
