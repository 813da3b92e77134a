from __future__ import annotations

import inspect

import pytest

from bridge import errors
from bridge.errors import BridgeError, LoadError, WouldOverwriteError


def test_a_load_error_names_its_file() -> None:
    error = LoadError("a.json", "This is a text.", "Open it elsewhere.")
    assert str(error) == "a.json: This is a text. Open it elsewhere."
    assert error.path == "a.json"


def test_overwriting_is_offered_not_done() -> None:
    assert str(WouldOverwriteError("a.json")).endswith("say --overwrite.")
    assert isinstance(WouldOverwriteError("a.json"), OSError)


@pytest.mark.parametrize(
    "name",
    [n for n, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__],
)
def test_every_error_stands_in_the_tree(name: str) -> None:
    assert issubclass(getattr(errors, name), BridgeError)
    assert name in (errors.__doc__ or "")
