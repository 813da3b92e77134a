from __future__ import annotations

from bridge.bench import starting


def test_a_warm_prompt_reaches_the_wire(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(starting, "MODEL", "lexical")
    row = starting.warm()
    assert row.unit == "ms"
    assert 1.0 < row.value < 2000.0
