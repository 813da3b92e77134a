"""Errors of the engine, the settings and the files a user hands in.

BridgeError
+-- EngineError (RuntimeError)     the engine was asked for something it cannot do now
+-- SourceError (ValueError)       a source gave values that no frame may carry
+-- LoadError (ValueError)         a file that cannot be played
+-- WouldOverwriteError (OSError)  an output file that exists already
+-- OutputError (OSError)          an output file that cannot be written
+-- SettingsError (OSError)        the settings folder cannot be read or written
    +-- NewerSettingsError         written by a later Facewright
"""

from __future__ import annotations


class BridgeError(Exception):
    """Root of every error raised by `bridge`.

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


class EngineError(BridgeError, RuntimeError):
    """The engine was asked for something it cannot do now."""


class SourceError(BridgeError, ValueError):
    """A source gave values that no frame may carry, or is out of form."""


class LoadError(BridgeError, ValueError):
    """A file that cannot be played.

    Attributes:
        path: The file.
    """

    def __init__(self, path: object, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = str(path)

    def __str__(self) -> str:
        return f"{self.path}: {super().__str__()}"


class SettingsError(BridgeError, OSError):
    """The settings folder cannot be read or written."""

    __str__ = BridgeError.__str__


class NewerSettingsError(SettingsError):
    """A settings file written by a later Facewright; it is left alone."""


class WouldOverwriteError(BridgeError, OSError):
    """An output file exists already, and nothing a user made is overwritten unasked."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} exists already.", "Choose another name, or say --overwrite.")

    __str__ = BridgeError.__str__


class OutputError(BridgeError, OSError):
    """An output file that cannot be written.

    Attributes:
        path: The file as the user named it.
    """

    def __init__(self, path: object, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = str(path)

    def __str__(self) -> str:
        return f"Cannot write {self.path}: {BridgeError.__str__(self)}"
