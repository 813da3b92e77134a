from __future__ import annotations

import pytest

from assets import asset


def test_what_is_shipped_is_found() -> None:
    assert asset("schemas", "script-1.json").is_file()
    assert asset("corpus").is_dir()


def test_what_is_missing_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match="install facewright again"):
        asset("no", "such.file")
