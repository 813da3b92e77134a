"""The process that draws heads: requests in, pictures out. No Qt; run by `ui.portraits`.

    python -m ui.painter

A process of its own, because drawing in a thread keeps Python's lock from the sender: on two cores
with a load of 8, 92 to 192 of 1,190 packets were skipped with a thread, 40 to 109 with this, and
37 to 64 without any head. It gives way to everything else, and ends when its input does.
"""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO

import numpy as np

from generator.client import worker_environment
from livelink.channels import CHANNEL_COUNT
from livelink.frame import Values

Rgb = tuple[int, int, int]

_REQUEST = struct.Struct(f"<HH3Bxf{CHANNEL_COUNT}f")
_REPLY = struct.Struct("<I")  # bytes of the picture that follow
_MIDDLE = (0.0, -4.0, 10.0)  # millimetres; a little above the tip of the nose
_MOST_PX = 4096
_LEAVE_S = 2.0
_NICE = 5


class PainterError(Exception):
    """The painter's process cannot be started or has ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What to draw.

    Attributes:
        values: (61,) in wire order.
        size: Width and height in pixels.
        ground: Colour behind the head.
        height_mm: Millimetres that the picture's height shows.
    """

    values: Values
    size: tuple[int, int]
    ground: Rgb
    height_mm: float


class Painter:
    """The parent's end. Any thread; one picture at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # held while a picture is drawn; guards _process
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def paint(self, order: Order) -> bytes:
        """Return the picture's pixels, 3 bytes each, row by row; waits.

        Raises:
            PainterError: The process cannot be started, or ended twice.
        """
        with self._lock:
            try:
                return self._painted(order)
            except (OSError, EOFError):
                self._end()
            try:
                return self._painted(order)
            except (OSError, EOFError) as exc:
                raise PainterError(f"the process that draws it ended ({exc})") from exc

    def close(self) -> None:
        """End the process; whoever waits for a picture gets PainterError."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()  # it holds nothing that could be lost
        with self._lock:
            self._end()

    def _painted(self, order: Order) -> bytes:
        process = self._started()
        assert process.stdin is not None  # noqa: S101 - asked for
        assert process.stdout is not None  # noqa: S101
        width, height = order.size
        values = np.asarray(order.values, np.float32).tolist()
        process.stdin.write(_REQUEST.pack(width, height, *order.ground, order.height_mm, *values))
        process.stdin.flush()
        (count,) = _REPLY.unpack(_exactly(process.stdout, _REPLY.size))
        if count != 3 * width * height:
            raise EOFError("it answered something else")
        return _exactly(process.stdout, count)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise PainterError("the window is closing")
        if self._process is None:
            self._process = subprocess.Popen(
                (sys.executable, "-P", "-m", "ui.painter"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=worker_environment(),
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LEAVE_S)


def serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    """Draw what is asked for until the requests end."""
    from generator.head import Camera, render

    while True:
        try:
            request = _exactly(requests, _REQUEST.size)
        except EOFError:
            return
        width, height, red, green, blue, height_mm, *values = _REQUEST.unpack(request)
        if not (1 <= width <= _MOST_PX and 1 <= height <= _MOST_PX):
            return
        camera = Camera(height=height_mm, target=_MIDDLE)
        pixels = render(values, (width, height), camera, (red, green, blue)).tobytes()
        replies.write(_REPLY.pack(len(pixels)))
        replies.write(pixels)
        replies.flush()


def _exactly(stream: IO[bytes], count: int) -> bytes:
    """Return so many bytes.

    Raises:
        EOFError: The stream ended before.
    """
    parts = []
    while count > 0:
        part = stream.read(count)
        if not part:
            raise EOFError("nothing more comes")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _give_way() -> None:
    """Let everything else go first, as far as the system allows."""
    import psutil

    with contextlib.suppress(OSError, psutil.Error):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(_NICE)


if __name__ == "__main__":
    _give_way()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, sys.stdout.buffer)
