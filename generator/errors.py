"""Errors of scripts, performances, models and the worker.

GeneratorError
+-- DocumentError (ValueError)     a script or performance that cannot be used
|   +-- NewerDocumentError         written by a later Facewright
+-- PromptError (ValueError)       a prompt from which no script can be made
+-- ModelError                     a model that cannot be loaded or run
|   +-- UnknownModelError (KeyError)
|   +-- DamagedModelError          a weight file whose hash is not the card's
|   +-- MissingModelError          something that has to be installed or downloaded first
+-- WorkerError                    the worker process refused, failed or died
    +-- WorkerDiedError
    +-- CancelledError
"""

from __future__ import annotations


class GeneratorError(Exception):
    """Root of every error raised by `generator`.

    Attributes:
        message: What happened and where.
        hint: What the user can do about it, or "".
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class DocumentError(GeneratorError, ValueError):
    """A script or performance that cannot be used; `message` names the field."""


class NewerDocumentError(DocumentError):
    """A document written by a later Facewright."""


class PromptError(GeneratorError, ValueError):
    """A prompt from which no script can be made."""


class ModelError(GeneratorError):
    """A model that cannot be loaded or run."""


class UnknownModelError(ModelError, KeyError):
    """No model has that name; `hint` lists the known ones."""

    __str__ = GeneratorError.__str__


class DamagedModelError(ModelError):
    """A weight file whose hash is not the one on its card."""


class MissingModelError(ModelError):
    """Something that has to be installed or downloaded before this model runs."""


class WorkerError(GeneratorError):
    """The worker process refused or failed.

    Attributes:
        kind: The error's class name on the worker's side.
        retryable: Whether the same request may succeed when sent again.
    """

    def __init__(
        self, message: str, hint: str = "", *, kind: str = "", retryable: bool = False
    ) -> None:
        super().__init__(message, hint)
        self.kind = kind
        self.retryable = retryable


class WorkerDiedError(WorkerError):
    """The worker process ended in the middle of a request."""


class CancelledError(WorkerError):
    """The request was cancelled."""
