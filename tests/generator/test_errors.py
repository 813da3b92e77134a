from __future__ import annotations

import inspect

import pytest

from generator import errors
from generator.errors import GeneratorError, UnknownModelError, WorkerError


def test_the_message_and_what_to_do_make_one_sentence() -> None:
    assert str(GeneratorError("It broke.", "Mend it.")) == "It broke. Mend it."
    assert str(GeneratorError("It broke.")) == "It broke."


def test_a_key_error_is_not_shown_in_quotes() -> None:
    assert str(UnknownModelError("There is no model 'x'.", "Known: y.")).startswith("There is")


def test_a_worker_error_says_whether_to_try_again() -> None:
    error = WorkerError("Gone.", kind="MemoryError", retryable=True)
    assert (error.kind, error.retryable) == ("MemoryError", True)


@pytest.mark.parametrize(
    "name",
    [n for n, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__],
)
def test_every_error_stands_in_the_tree(name: str) -> None:
    assert issubclass(getattr(errors, name), GeneratorError)
    assert name in (errors.__doc__ or "")
