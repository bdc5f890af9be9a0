"""The user's own tools: typed functions in Python files, each read and run in a process of its own."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from llmhub_tui.tools.processes import Outcome, run_process
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

_HOST: Final = Path(__file__).with_name("function_host.py")
"""Run, and never imported: what it needs would be loaded for nothing."""
SOURCE: Final = "your own"
_READ_S: Final = 20.0
"""How long the reading of one file may take; its imports count."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a version of a file has been found to hold."""

    version: tuple[int, int]
    tools: tuple[Tool, ...] = ()
    troubles: tuple[str, ...] = ()


class UserFunctions:
    """Every public, typed function in `*.py` of one folder. Files are read again when they change."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        """Takes the folder, and the environment that the functions will see."""
        self.title = f"Your own ({folder})"
        self._folder = folder
        self._environ = environ
        self._files: dict[Path, _Read] = {}
        self._reading = asyncio.Lock()

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """Those of all files as they are now."""
        async with self._reading:
            found = await asyncio.to_thread(_versions, self._folder)
            stale = [path for path, version in found.items() if self._version(path) != version]
            read = await asyncio.gather(*(self._read(path, found[path]) for path in stale))
            self._files |= dict(zip(stale, read, strict=True))
            self._files = {path: self._files[path] for path in sorted(found)}
        return [tool for file in self._files.values() for tool in file.tools]

    def troubles(self) -> Sequence[str]:
        """What is wrong with which line."""
        return [line for file in self._files.values() for line in file.troubles]

    def _version(self, path: Path) -> tuple[int, int] | None:
        known = self._files.get(path)
        return known.version if known is not None else None

    async def _read(self, path: Path, version: tuple[int, int]) -> _Read:
        if problem := await asyncio.to_thread(_unsafe, path):
            return _Read(version, troubles=(f"{path.name}: {problem}",))
        try:
            async with asyncio.timeout(_READ_S):
                outcome = await self._host("describe", path)
            said = _answer(outcome)
        except TimeoutError:
            return _Read(version, troubles=(f"{path.name}: it takes more than {_READ_S:g} s to load",))
        except ToolError as error:
            return _Read(version, troubles=(f"{path.name}: {error}",))
        tools = tuple(self._tool(path, record) for record in said["tools"])
        return _Read(version, tools, tuple(f"{path.name}, {line}" for line in said["troubles"]))

    def _tool(self, path: Path, record: Mapping[str, Any]) -> Tool:
        name = record["name"]

        async def run(arguments: Arguments) -> str:
            said = _answer(await self._host("call", path, name, stdin=json.dumps(dict(arguments)).encode()))
            if "error" in said:
                raise ToolError(f"{path.name}, {said['error']}")
            return str(said["result"])

        return Tool(name, record["description"], record["schema"], SOURCE, run)

    async def _host(self, what: str, path: Path, *more: str, stdin: bytes = b"") -> Outcome:
        argv = [sys.executable, "-B", "-X", "utf8", str(_HOST), what, str(path), *more]
        return await run_process(argv, environ=self._environ, stdin=stdin, cwd=path.parent)


def _versions(folder: Path) -> dict[Path, tuple[int, int]]:
    """The files there are, with time and size."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("_"):
            try:
                about = path.stat()
            except OSError:
                continue
            found[path] = (about.st_mtime_ns, about.st_size)
    return found


def _unsafe(path: Path) -> str:
    """Why a file is not run: others may have written it."""
    for place in (path, path.parent):
        try:
            mode = place.stat().st_mode
        except OSError as error:
            return str(error.strerror)
        if stat.S_IMODE(mode) & 0o022:
            return f"others may write to {place}; run: chmod go-w {place}"
    return ""


def _answer(outcome: Outcome) -> dict[str, Any]:
    try:
        said = json.loads(outcome.out)
    except ValueError:
        said = None
    if isinstance(said, dict):
        return said
    last = outcome.err.strip().splitlines()[-1:] or [f"it ended with status {outcome.code}"]
    raise ToolError(last[0])
