"""Runs a piece of Python in a process of its own, with little time, little memory and no network."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from llmhub_tui.tools.builtin import confined
from llmhub_tui.tools.processes import Outcome, plain_environment, run_process
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

_LIMIT_S: Final = 30.0
_SCHEMA: Final = {
    "type": "object",
    "properties": {"code": {"type": "string", "description": "Python; what it prints is the result."}},
    "required": ["code"],
    "additionalProperties": False,
}


def snippet_runner() -> Tool:
    """Runs Python."""
    return Tool(
        "run_python",
        "Runs a Python program in an empty folder and answers with what it prints. Standard library only, "
        "no network, no input; state is not kept between calls.",
        _SCHEMA,
        "built-in",
        _run,
        detail=_detail,
        limit_s=_LIMIT_S,
    )


async def _run(arguments: Arguments) -> str:
    with tempfile.TemporaryDirectory(prefix="llmhub-python-") as folder:
        return _said(await _confined(arguments["code"], Path(folder)))


async def _confined(code: str, folder: Path) -> Outcome:
    environ = {**plain_environment(os.environ), "HOME": str(folder), "TMPDIR": str(folder)}
    script = folder / "snippet.py"
    script.write_text(code, encoding="utf-8", errors="replace")
    argv = [sys.executable, "-I", "-B", "-X", "utf8", confined.__file__, str(script)]
    return await run_process(argv, environ=environ, cwd=folder)


async def _detail(_: Arguments) -> str:
    """What the program may do, as far as this system can deny it."""
    with tempfile.TemporaryDirectory(prefix="llmhub-python-") as folder:
        outcome = await _confined(confined.PROBE, Path(folder))
    cut = outcome.out.strip() == confined.OFFLINE
    network = "It has no network." if cut else "This system cannot keep it from the network."
    return (
        f"{network} It can read every file that you can read. It has {confined.CPU_S} s of CPU, "
        f"{confined.MEMORY >> 20} MB of memory, and an environment without keys."
    )


def _said(outcome: Outcome) -> str:
    parts = [outcome.out.rstrip("\n")]
    if outcome.err.strip():
        parts.append(f"Standard error:\n{outcome.err.strip()}")
    text = "\n".join(part for part in parts if part)
    if outcome.code == 0:
        return text or "(it printed nothing)"
    how = f"ended with status {outcome.code}" if outcome.code > 0 else f"was killed by signal {-outcome.code}"
    raise ToolError(f"The program {how}.\n{text}".rstrip())
