"""The worker protocol, version 1: message forms, sizes and errors. Pure; no numpy.

One JSON object a line, ASCII, ended by a newline. Requests `{id, op, ...}` go to the worker, events
`{id, event, ...}` come back; `ready`, `result`, `error` and `cancelled` end a request, everything
else leads up to its end. `FIELDS` says what a request may hold, `EVENT_FIELDS` what an event must.
Both ends decode with the functions here, so that nothing out of form gets past a border.
"""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from generator import errors
from generator.errors import GeneratorError, ModelError, WorkerError
from livelink.channels import WIRE_NAMES

VERSION: Final = 1
"""Of the protocol. A later one is refused by both ends."""

MAX_LINE_BYTES: Final = 8 * 1024 * 1024
"""Longest line in either direction, its newline not counted."""

MAX_ID_CHARACTERS: Final = 64
MAX_ERROR_CHARACTERS: Final = 4000
MAX_SEED: Final = 2**63 - 1


class ProtocolError(WorkerError):
    """A message that is out of form, too long, or of a later version.

    Attributes:
        request_id: The request it belongs to, where that could be read.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        request_id: str | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message, hint, kind="ProtocolError", retryable=retryable)
        self.request_id = request_id


class UnsupportedError(WorkerError):
    """Something the protocol knows and this installation does not have."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, kind="Unsupported")


class Op(enum.StrEnum):
    """What a request asks for."""

    HELLO = "hello"
    LOAD = "load"
    STANDARDISE = "standardise"
    KEYFRAMES = "keyframes"
    CANCEL = "cancel"
    TRAIN = "train"
    EVALUATE = "evaluate"
    DESCRIBE = "describe"
    SHUTDOWN = "shutdown"


class EventKind(enum.StrEnum):
    """What an event says."""

    READY = "ready"
    PROGRESS = "progress"
    SCRIPT = "script"
    KEYFRAME = "keyframe"
    METRICS = "metrics"
    RESULT = "result"
    ERROR = "error"
    CANCELLED = "cancelled"

    @property
    def is_last(self) -> bool:
        """Whether no further event of the request follows."""
        return self in _LAST


_LAST = frozenset((EventKind.READY, EventKind.RESULT, EventKind.ERROR, EventKind.CANCELLED))

_REQUIRED: Final = object()


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a message: the types it may have, and its value where it is left out."""

    types: tuple[type, ...]
    default: Any = _REQUIRED


_TEXT, _WHOLE, _NUMBER = (str,), (int,), (int, float)
_OBJECT, _LIST, _NULL, _FLAG = (dict,), (list,), (type(None),), (bool,)

FIELDS: Mapping[Op, Mapping[str, _Field]] = {
    Op.HELLO: {"version": _Field(_WHOLE)},
    Op.LOAD: {"model": _Field(_TEXT, "auto"), "standardiser": _Field(_TEXT, "rules")},
    Op.STANDARDISE: {"prompt": _Field(_TEXT), "model": _Field(_TEXT, "rules")},
    Op.KEYFRAMES: {
        "script": _Field(_OBJECT),
        "model": _Field(_TEXT, "auto"),
        "indices": _Field(_LIST + _NULL, None),
        "text": _Field(_TEXT, "auto"),
        "seed": _Field(_WHOLE, 0),
    },
    Op.CANCEL: {"target": _Field(_TEXT)},
    Op.TRAIN: {
        "model": _Field(_TEXT),
        "out": _Field(_TEXT),
        "options": _Field(_OBJECT + _NULL, None),
    },
    Op.EVALUATE: {
        "model": _Field(_TEXT, "auto"),
        "standardiser": _Field(_TEXT, "rules"),
        "text": _Field(_TEXT, "all"),
        "baselines": _Field(_FLAG, default=False),
        "share": _Field(_NUMBER + _NULL, None),
        "seed": _Field(_WHOLE + _NULL, None),
    },
    Op.DESCRIBE: {"values": _Field(_OBJECT), "seed": _Field(_WHOLE, 0)},
    Op.SHUTDOWN: {},
}
"""Every field of every request; what is not named here is refused."""

EVENT_FIELDS: Mapping[EventKind, Mapping[str, tuple[type, ...]]] = {
    EventKind.READY: {"version": _WHOLE, "process": _WHOLE},
    EventKind.PROGRESS: {"done": _WHOLE, "total": _WHOLE, "eta_s": _NUMBER + _NULL},
    EventKind.SCRIPT: {"script": _OBJECT, "note": _TEXT},
    EventKind.KEYFRAME: {
        "index": _WHOLE,
        "values": _OBJECT,
        "source": _OBJECT,
        "fell_back": _FLAG,
        "note": _TEXT,
    },
    EventKind.METRICS: {"step": _WHOLE},
    EventKind.RESULT: {},
    EventKind.ERROR: {"kind": _TEXT, "message": _TEXT, "hint": _TEXT, "retryable": _FLAG},
    EventKind.CANCELLED: {},
}
"""What each event must hold; it may hold more."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for.

    Attributes:
        id: 1 ... 64 characters, unique among the requests under way.
        op: What to do.
        fields: The rest by name, complete (defaults filled in) when it was decoded.
    """

    id: str
    op: Op
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """What the worker says.

    Attributes:
        id: The request it belongs to; None when that could not be read.
        kind: What it says.
        fields: The rest by name.
    """

    id: str | None
    kind: EventKind
    fields: Mapping[str, Any] = field(default_factory=dict)


def encode(message: Request | Event) -> bytes:
    r"""Return the line of a message, its `\n` included.

    Raises:
        ProtocolError: Longer than 8 MiB, or a value that JSON does not have (NaN, infinity ...).
    """
    head = (
        {"id": message.id, "op": message.op}
        if isinstance(message, Request)
        else {"id": message.id, "event": message.kind}
    )
    try:
        # ASCII: a lone surrogate of a broken command line travels too.
        text = json.dumps(
            {**message.fields, **head}, allow_nan=False, separators=(",", ":"), default=_plain
        )
    except (TypeError, ValueError, RecursionError) as exc:
        raise ProtocolError(
            f"A message cannot be written as JSON: {exc}.", request_id=message.id
        ) from exc
    line = text.encode("ascii")
    if len(line) > MAX_LINE_BYTES:
        raise ProtocolError(
            f"A message of {len(line)} bytes is longer than the {MAX_LINE_BYTES} allowed.",
            "Shorten the script, or generate it in parts.",
            request_id=message.id,
        )
    return line + b"\n"


def _plain(value: Any) -> Any:
    """Return the number in a scalar of numpy or torch, which training reports now and then."""
    try:
        return value.item()
    except (AttributeError, RuntimeError) as exc:
        raise TypeError(f"{type(value).__name__} has no JSON form") from exc


def decode_request(line: bytes) -> Request:
    """Return the request of a line, its fields checked and complete.

    Raises:
        ProtocolError: Not a request of version 1; `request_id` is set where it could be read.
    """
    data = _object(line)
    identity = _identity(data.pop("id", None))
    if identity is None:
        raise ProtocolError(f"A request needs an id, a text of 1 to {MAX_ID_CHARACTERS} letters.")
    named = data.pop("op", None)
    try:
        op = Op(named)
    except ValueError:
        known = ", ".join(Op)
        raise ProtocolError(
            f"There is no op {named!r:.60}.", f"Known: {known}.", request_id=identity
        ) from None
    fields = FIELDS[op]
    for name in data:
        if name not in fields and op is not Op.HELLO:  # a later version's greeting may hold more
            raise ProtocolError(f"{op} has no field {name!r:.60}.", request_id=identity)
    complete = {}
    for name, spec in fields.items():
        value = data.get(name, spec.default)
        if value is _REQUIRED:
            raise ProtocolError(f"{op} needs the field {name!r}.", request_id=identity)
        _check_type(value, spec.types, f"{op}: {name}", identity)
        complete[name] = value
    return Request(identity, op, complete)


def decode_event(line: bytes) -> Event:
    """Return the event of a line, its required fields checked.

    Raises:
        ProtocolError: Not an event of version 1.
    """
    data = _object(line)
    given = data.pop("id", None)
    identity = _identity(given)
    if identity is None and given is not None:
        raise ProtocolError(f"An event has the id {given!r:.60}, which no request can have.")
    named = data.pop("event", None)
    try:
        kind = EventKind(named)
    except ValueError:
        raise ProtocolError(f"There is no event {named!r:.60}.", request_id=identity) from None
    for name, types in EVENT_FIELDS[kind].items():
        if name not in data:
            raise ProtocolError(f"A {kind} event lacks {name!r}.", request_id=identity)
        _check_type(data[name], types, f"{kind}: {name}", identity)
    return Event(identity, kind, data)


def _object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE_BYTES:
        raise too_long()
    try:
        data = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError:
        raise ProtocolError("A message is nested too deeply.") from None
    except ValueError as exc:
        raise ProtocolError(f"A message is not JSON: {exc}.") from None
    if not isinstance(data, dict):
        raise ProtocolError("A message is JSON, but not an object.")
    return data


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _identity(value: object) -> str | None:
    return value if isinstance(value, str) and 1 <= len(value) <= MAX_ID_CHARACTERS else None


def _check_type(value: object, types: tuple[type, ...], what: str, identity: str | None) -> None:
    right = isinstance(value, types) and (bool in types or not isinstance(value, bool))
    if not right or (isinstance(value, float) and not math.isfinite(value)):
        wanted = " or ".join("null" if kind is type(None) else kind.__name__ for kind in types)
        raise ProtocolError(f"{what} must be {wanted}, not {value!r:.60}.", request_id=identity)


def check_version(version: int, who: str) -> None:
    """Refuse to go on with the other end when it speaks a later version.

    Args:
        version: What it said.
        who: The other end, as the message names it ("worker", "program").

    Raises:
        ProtocolError: Not a version known here.
    """
    if not 1 <= version <= VERSION:
        raise ProtocolError(
            f"The {who} speaks version {version} of the worker protocol; "
            f"this end knows up to {VERSION}.",
            "Both ends come with Facewright: install it again, then start it again.",
        )


def pack_values(values: Iterable[float]) -> dict[str, float]:
    """Return the 61 values of a pose by wire name; they read back to the same float32."""
    return {name: float(f"{value:.9g}") for name, value in zip(WIRE_NAMES, values, strict=True)}


def unpack_values(named: Mapping[str, Any], *, complete: bool = True) -> list[float]:
    """Return the 61 values of a pose in wire order.

    Args:
        named: Values by wire name.
        complete: Whether all 61 must be there; otherwise what is not named is 0.

    Raises:
        ProtocolError: A name that is missing or unknown, or a value that no float32 can have.
    """
    for name, value in named.items():
        if name not in _NAMES:
            raise ProtocolError(f"There is no channel {name[:60]!r}.")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not -_LARGEST <= value <= _LARGEST:  # false for NaN as well
            raise ProtocolError(f"{name} must be a finite number, not {value!r:.60}.")
    if complete and len(named) != len(WIRE_NAMES):
        missing = next(name for name in WIRE_NAMES if name not in named)
        raise ProtocolError(f"A keyframe has all {len(WIRE_NAMES)} channels; {missing} is missing.")
    return [float(named.get(name, 0.0)) for name in WIRE_NAMES]


_NAMES = frozenset(WIRE_NAMES)
_LARGEST = 3.40282347e38  # of float32, in the nine digits that `pack_values` writes


def too_long() -> ProtocolError:
    """Return the error of a line longer than 8 MiB."""
    return ProtocolError(
        f"A line is longer than the {MAX_LINE_BYTES} bytes allowed; it is skipped."
    )


class LineSplitter:
    """Cuts a stream of bytes into lines, never holding more than one line of the longest size.

    Sans-I/O: bytes come in by `feed`, lines come out; None stands for a line that was too long and
    is skipped up to its newline.
    """

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """Yield the lines that `data` completes, without newline; empty lines are left out."""
        *ends, rest = data.split(b"\n")
        for end in ends:
            line = self._close(end)
            if line is None or line.strip():
                yield line
        self._keep(rest)

    def _close(self, end: bytes) -> bytes | None:
        self._keep(end)
        line = None if self._skipping else b"".join(self._parts)
        self._parts, self._size, self._skipping = [], 0, False
        return line

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            self._parts, self._skipping = [], True
        elif part:
            self._parts.append(part)


def error_fields(exc: BaseException) -> dict[str, Any]:
    """Return the fields of the error event that tells of an exception.

    Our own errors keep message and hint under the name of the class that `generator.errors` has
    for them; anything else is a fault of the program and says so.
    """
    if isinstance(exc, GeneratorError):
        kind = getattr(exc, "kind", "") or next(
            cls.__name__ for cls in type(exc).__mro__ if cls.__module__ == errors.__name__
        )
        message, hint = exc.message, exc.hint
        retryable = bool(getattr(exc, "retryable", False))
    elif isinstance(exc, MemoryError):
        kind, message, retryable = ModelError.__name__, "The worker ran out of memory.", True
        hint = "Close other programs, or choose a smaller model."
    elif isinstance(exc, OSError):
        kind, retryable = type(exc).__name__, False
        where = f"{exc.filename}: " if exc.filename else ""
        message = f"The worker could not go on: {where}{exc.strerror or exc}."
        hint = "Look at that file's rights and the disk's free space."
    else:
        kind, retryable = type(exc).__name__, False
        message = f"The worker failed: {kind}: {exc}"
        hint = "This is a fault in Facewright; its log has the details."
    return {
        "kind": kind,
        "message": message[:MAX_ERROR_CHARACTERS],
        "hint": hint[:MAX_ERROR_CHARACTERS],
        "retryable": retryable,
    }


def exception_of(fields: Mapping[str, Any]) -> GeneratorError:
    """Return the exception that an error event's fields tell of, message and hint kept."""
    kind, message, hint = fields["kind"], fields["message"], fields["hint"]
    retryable = fields["retryable"]
    if kind == "ProtocolError":
        return ProtocolError(message, hint, retryable=retryable)
    if kind == "Unsupported":
        return UnsupportedError(message, hint)
    known = getattr(errors, kind, None) if kind in _KNOWN else None
    if known is None or issubclass(known, WorkerError):
        return (known or WorkerError)(message, hint, kind=kind, retryable=retryable)
    error: GeneratorError = known(message, hint)
    return error


_KNOWN = frozenset(
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, GeneratorError)
)
