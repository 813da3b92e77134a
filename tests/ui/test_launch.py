from __future__ import annotations

import json
import subprocess
import sys

import pytest

_LOADED = """
import json, sys
from ui.launch import main
status = main(sys.argv[1:])
heavy = ("PyQt6", "torch", "transformers", "peft", "sentence_transformers")
print()
print(json.dumps([status, sorted(n for n in heavy if n in sys.modules)]))
"""


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["perform", "--yes", "--no-send", "--model", "lexical", "She smiles."],
        ["simulate", "unreal", "--port", "0", "--seconds", "0.1"],
    ],
)
def test_the_command_line_loads_neither_qt_nor_an_engine(words: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _LOADED, *words], capture_output=True, text=True, check=True
    )
    assert json.loads(ended.stdout.splitlines()[-1]) == [0, []]
