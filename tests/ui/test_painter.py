from __future__ import annotations

import io
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from generator.head import Camera, render
from tests.helpers.window import pose
from ui import painter as module
from ui.painter import Order, Painter, PainterError

_ORDER = Order(pose(3), (40, 48), (10, 20, 30), 300.0)


@pytest.fixture
def painter() -> Iterator[Painter]:
    made = Painter()
    yield made
    made.close()


def test_it_draws_what_the_rasteriser_draws(painter: Painter) -> None:
    drawn = np.frombuffer(painter.paint(_ORDER), np.uint8).reshape(48, 40, 3)
    camera = Camera(height=300.0, target=module._MIDDLE)
    assert np.array_equal(drawn, render(_ORDER.values, (40, 48), camera, (10, 20, 30)))


def test_it_is_started_again_after_it_died(painter: Painter) -> None:
    first = painter.paint(_ORDER)
    assert painter._process is not None
    painter._process.kill()
    painter._process.wait()
    assert painter.paint(_ORDER) == first


def test_what_cannot_be_started_is_said(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/no/such/python")
    with pytest.raises(PainterError, match="ended"):
        painter.paint(_ORDER)


def test_closing_lets_go_of_whoever_waits() -> None:
    painter = Painter()
    painter.paint(_ORDER)
    caught: list[Exception] = []

    def paint_on() -> None:
        try:
            while True:
                painter.paint(Order(pose(1), (640, 640), (0, 0, 0), 300.0))
        except PainterError as exc:
            caught.append(exc)

    thread = threading.Thread(target=paint_on)
    thread.start()
    painter.close()
    thread.join(10.0)
    assert len(caught) == 1
    painter.close()


def test_hostile_requests_end_it() -> None:
    request = module._REQUEST.pack(60_000, 60_000, 0, 0, 0, 300.0, *np.zeros(61).tolist())
    replies = io.BytesIO()
    module.serve(io.BytesIO(request), replies)
    module.serve(io.BytesIO(request[:10]), replies)
    assert replies.getvalue() == b""
