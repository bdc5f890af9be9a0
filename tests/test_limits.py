"""Files, functions and classes stay small enough to be read in one go, and tests test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("llmhub_tui/**/*.py"), *ROOT.glob("tests/**/*.py")])
VAGUE = {"utils", "helpers", "manager", "common", "types", "base", "misc"}
ALLOWED_AT_TOP = {"pyproject.toml", "README.md", "LICENSE", "llmhub_tui", "tests", "screenshots"}


def long_parts(path: Path) -> Iterator[str]:
    """Says which parts of a file are over their limits."""
    text = path.read_text(encoding="utf-8")
    if len(text.splitlines()) > 300:
        yield f"{len(text.splitlines())} lines in the file (limit 300)"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > 50:
                yield f"{node.name}: {length} lines (limit 50)"
        elif isinstance(node, ast.ClassDef):
            methods = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
            if methods > 20:
                yield f"{node.name}: {methods} methods (limit 20)"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_one_idea(path: Path) -> None:
    assert list(long_parts(path)) == []
    assert path.stem not in VAGUE


def test_no_check_is_silenced_without_a_reason() -> None:
    silenced = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "# noqa" in line or ("# type: ignore" in line and line.count("#") < 2)
    ]
    assert silenced == []


def test_the_top_level_holds_what_belongs_there() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    generated = {"build", "dist", "llmhub_tui.egg-info", "snapshot_report.html"}
    assert found - generated == ALLOWED_AT_TOP & found
    assert {"pyproject.toml", "README.md", "LICENSE"} <= found
