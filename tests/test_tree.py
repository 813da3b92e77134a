"""The tree itself: every module has its test, files stay small, the README tells the truth."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from bridge.cli import app

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("assets", "livelink", "generator", "bridge", "ui")
README = (ROOT / "README.md").read_text(encoding="utf-8")

TESTED_THROUGH = {
    # Makers of the head's geometry are tested on the head they make.
    "generator/head/test_build.py": (
        "generator/head",
        ("anatomy", "assembly", "hair", "layout", "lids", "lower_face", "openings", "paint"),
    ),
    "generator/head/test_model.py": (
        "generator/head",
        ("parts", "sculpt", "skin", "solve", "surface", "upper_face"),
    ),
    "generator/head/test_picture.py": ("generator/head", ("raster",)),
    "generator/head/test_sheet.py": ("generator/head", ("text",)),
}
"""Test file -> the modules it tests that have no test file of their own."""


def _test_of(module: Path) -> str:
    for file, (package, names) in TESTED_THROUGH.items():
        if str(module.parent) == package and module.stem in names:
            return file
    return f"{module.parent}/test_{module.stem}.py"


def _modules() -> list[str]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(str(p.relative_to(ROOT)) for p in paths if p.name != "__init__.py")


@pytest.mark.parametrize("module", _modules())
def test_every_module_has_its_test(module: str) -> None:
    expected = ROOT / "tests" / _test_of(Path(module))
    assert expected.is_file(), f"{module} is tested by no {expected}"


@pytest.mark.parametrize("module", _modules())
def test_files_and_functions_stay_small(module: str) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert source.count("\n") <= 500
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, functions) and (node.end_lineno or 0) - node.lineno + 1 > 60
    ]
    signature_is_the_command_line = {"perform", "play"}
    assert set(long) <= signature_is_the_command_line


def test_the_readme_names_real_verbs_and_files() -> None:
    known = {info.name for info in app.registered_commands}
    known |= {group.name for group in app.registered_groups}
    named = set(re.findall(r"(?<![\w./-])facewright ([a-z]+)", README))
    assert named <= known | {"app"}
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert all((ROOT / link).exists() for link in links if "://" not in link)


def test_every_package_is_packed() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = set(pyproject["tool"]["setuptools"]["packages"])
    found = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert packed == found


def test_constraints_pin_every_dependency() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    wanted = (
        pyproject["project"]["dependencies"] + pyproject["project"]["optional-dependencies"]["test"]
    )
    assert {name.lower() for name in wanted} <= pinned
