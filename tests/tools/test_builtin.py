"""What the built-in tools answer."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.boxes import built_ins, call_of, request_of, run_tool

from llmhub_tui.domain.tools import Problem
from llmhub_tui.tools.builtin import confined
from llmhub_tui.tools.builtin.calculator import evaluate
from llmhub_tui.tools.tool import ToolError


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("6 * 7", "42"),
        ("2^10", "1024"),
        ("0.1 + 0.2", "0.3"),
        ("-7 // 2", "-4"),
        ("sqrt(2) ** 2", "2"),
        ("factorial(20)", "2432902008176640000"),
        ("comb(52, 5)", "2598960"),
        ("sin(pi / 2)", "1"),
        ("csqrt(-4)", "0 + 2i"),
        ("max(1, 2.5, 2)", "2.5"),
        ("10 ** 5000", "1" + "0" * 5000),
    ],
)
def test_the_calculator_works_out_arithmetic(expression: str, value: str) -> None:
    assert evaluate(expression) == value


HARMFUL = [
    "__import__('os').system('true')",
    "().__class__.__bases__",
    "open('/etc/passwd')",
    "[x for x in (1,)]",
    "lambda: 1",
    "'a' * 10",
    "f'{1}'",
    "True",
    "pi.real",
    "sqrt(*(1,))",
    "round(number=1)",
    "9 ** 9 ** 9 ** 9",
    "10 ** 100000",
    "factorial(10 ** 9)",
    "1 << 10 ** 9",
    "1 / 0",
    "sqrt(-1)",
    "(" * 100 + "1" + ")" * 100 + "+" * 2000,
    "-" * 1500 + "1",
    "1 +",
    "",
]


@pytest.mark.parametrize("expression", HARMFUL)
def test_the_calculator_refuses_what_is_no_arithmetic_or_too_large(expression: str) -> None:
    began = time.process_time()
    with pytest.raises(ToolError):
        evaluate(expression)
    assert time.process_time() - began < 1


async def test_the_clock_knows_zones_and_converts() -> None:
    box = built_ins()
    there = await run_tool(box, "current_time", zone="Asia/Tokyo", at="2026-03-01T18:00+01:00")
    assert there.text == "Monday 2026-03-02T02:00:00+09:00 (JST)"
    now = await run_tool(box, "current_time", zone="UTC")
    assert now.text.endswith("+00:00 (UTC)")
    for zone in ("Nowhere/City", "../../etc/passwd", "/etc/passwd"):
        assert (await run_tool(box, "current_time", zone=zone)).problem is Problem.FAILED


async def test_files_are_read_in_part_listed_and_searched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("one\ntwo\nthree\nfour\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "code.py").write_text("def two(): ...\n")
    (tmp_path / "data.bin").write_bytes(b"\0\1two")
    box = built_ins(tmp_path)
    assert (await run_tool(box, "read_file", path="notes.txt", first_line=2, lines=2)).text == "two\nthree\n"
    assert (await run_tool(box, "list_directory", path="")).text == (
        "data.bin (5 bytes)\nnotes.txt (19 bytes)\nsub/"
    )
    hits = (await run_tool(box, "search_files", path=".", text="TWO", ignore_case=True)).text
    assert hits.split("\n") == [f"{tmp_path}/notes.txt:2: two", f"{tmp_path}/sub/code.py:1: def two(): ..."]
    only = (await run_tool(box, "search_files", path=".", text="two", name="*.py")).text
    assert only.count("\n") == 0
    assert "no text file" in (await run_tool(box, "read_file", path="data.bin")).text


async def test_a_large_file_is_cut_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_text("line\n" * 200_000)
    result = await run_tool(built_ins(tmp_path), "read_file", path="large.txt")
    assert len(result.text) < 60_000
    assert "left out" in result.text


async def test_a_write_shows_its_diff_first_and_writes_what_was_shown(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n")
    (tmp_path / "a.txt").chmod(0o640)
    box = built_ins(tmp_path)
    request = await request_of(box, "write_file", path="a.txt", content="one\nthree\n")
    assert "-two\n+three" in request.detail
    result = await run_tool(box, "write_file", path="a.txt", content="one\nthree\n")
    assert result.problem is None
    assert (tmp_path / "a.txt").read_text() == "one\nthree\n"
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640
    new = await request_of(box, "write_file", path="b.txt", content="hello")
    assert new.detail == f"A new file, {tmp_path}/b.txt:\n+hello\n"


async def test_a_file_that_changed_after_the_diff_was_shown_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\n")
    box = built_ins(tmp_path)
    request = await request_of(box, "write_file", path="a.txt", content="two\n")
    assert request.detail
    (tmp_path / "a.txt").write_text("somebody else's work\n")
    result = await box.run(call_of("write_file", path="a.txt", content="two\n"))
    assert result.problem is Problem.FAILED
    assert (tmp_path / "a.txt").read_text() == "somebody else's work\n"


async def test_a_snippet_runs_and_its_failure_is_a_value() -> None:
    box = built_ins()
    assert (await run_tool(box, "run_python", code="print(6 * 7)")).text == "42"
    failed = await run_tool(box, "run_python", code="1 / 0")
    assert failed.problem is Problem.FAILED
    assert "ZeroDivisionError" in failed.text


async def test_a_snippet_has_no_keys_no_memory_to_waste_and_no_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LLMHUB_API_KEY", "sk-planted")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted")
    box = built_ins()
    request = await request_of(box, "run_python", code="1")
    assert "planted" not in (await run_tool(box, "run_python", code="import os; print(os.environ)")).text
    greedy = await run_tool(box, "run_python", code="x = bytearray(2 << 30)")
    assert "MemoryError" in greedy.text
    if "It has no network." in request.detail:  # this system can deny it
        probe = await run_tool(box, "run_python", code=confined.PROBE)
        assert probe.text == confined.OFFLINE
    long = await run_tool(box, "run_python", code="print('x' * 10_000_000)")
    assert "left out" in long.text
