"""All tools of all sources, as a session sees them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from llmhub_tui.domain.arguments import ArgumentsError, read_arguments
from llmhub_tui.domain.consent import ConsentRequest
from llmhub_tui.domain.messages import ToolCall
from llmhub_tui.domain.requests import ToolSpec
from llmhub_tui.domain.tools import Problem, ToolResult
from llmhub_tui.tools.consent import patterns_for
from llmhub_tui.tools.schemas import schema_problem
from llmhub_tui.tools.tool import Arguments, Source, Tool, ToolError

_LONGEST: Final = 50_000
"""Characters of a result; what is beyond would fill the model's context."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A source with its tools, for the user to choose from."""

    title: str
    tools: tuple[Tool, ...]
    troubles: tuple[str, ...]


class Toolbox:
    """See `session.ports.Toolbox`. The first source that has a name wins."""

    def __init__(self, sources: Sequence[Source], *, limit_s: float = 60.0) -> None:
        """Takes where tools come from, and how long one may run."""
        self._sources = sources
        self._limit_s = limit_s
        self._offered: dict[str, Tool] = {}

    async def listings(self) -> list[Listing]:
        """What there is, by source."""
        return [
            Listing(source.title, tuple(await source.tools(())), tuple(source.troubles()))
            for source in self._sources
        ]

    async def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """See `session.ports.Toolbox`. A name may be a pattern, such as `time__*`."""
        found: dict[str, Tool] = {}
        for source in self._sources:
            for tool in await source.tools(names):
                if any(fnmatchcase(tool.name, name) for name in names):
                    found.setdefault(tool.name, tool)
        self._offered = found
        return tuple(ToolSpec(tool.name, tool.description, _text(tool.schema)) for tool in found.values())

    def known(self, name: str) -> Tool | None:
        """A tool that was offered."""
        return self._offered.get(name)

    async def check(self, call: ToolCall) -> ConsentRequest | ToolResult:
        """See `session.ports.Toolbox`."""
        try:
            tool, arguments = await self._parsed(call)
            detail = await tool.detail(arguments)
        except _RefusedError as refused:
            return ToolResult(str(refused), refused.problem)
        except ToolError as error:
            return ToolResult(str(error), Problem.FAILED)
        text = json.dumps(arguments, ensure_ascii=False)
        alike = patterns_for(arguments, tool.alike(arguments))
        return ConsentRequest(tool.name, tool.source, text, detail, alike)

    async def run(self, call: ToolCall) -> ToolResult:
        """See `session.ports.Toolbox`."""
        try:
            tool, arguments = await self._parsed(call)
        except _RefusedError as refused:
            return ToolResult(str(refused), refused.problem)
        limit_s = tool.limit_s or self._limit_s
        try:
            async with asyncio.timeout(limit_s) as clock:
                text = await tool.run(arguments)
        except TimeoutError:
            if not clock.expired():
                return ToolResult("The tool waited too long for something.", Problem.TIMEOUT)
            return ToolResult(f"Stopped: it ran longer than {limit_s:g} s.", Problem.TIMEOUT)
        except ToolError as error:
            return ToolResult(_short(str(error) or "The tool failed."), Problem.FAILED)
        except Exception as error:  # the tool boundary: a tool's failure is a value
            return ToolResult(_short(f"{type(error).__name__}: {error}"), Problem.FAILED)
        return ToolResult(_short(text))

    async def _parsed(self, call: ToolCall) -> tuple[Tool, Arguments]:
        tool = self._offered.get(call.name)
        if tool is None:
            there = ", ".join(self._offered) or "none"
            raise _RefusedError(Problem.UNKNOWN, f"There is no tool {call.name!r}. There are: {there}.")
        try:
            arguments = read_arguments(call.arguments)
        except ArgumentsError as error:
            cut = "incomplete" in str(error)
            text = f"Not run: {error}. Call it again with the whole arguments as one JSON object."
            raise _RefusedError(Problem.CUT if cut else Problem.INVALID, text) from error
        problem = await asyncio.to_thread(schema_problem, arguments, tool.schema)
        if problem:
            raise _RefusedError(Problem.INVALID, f"Not run, the arguments are wrong: {_short(problem, 1000)}")
        return tool, arguments


class _RefusedError(Exception):
    """A call that must not run."""

    def __init__(self, problem: Problem, text: str) -> None:
        super().__init__(text)
        self.problem = problem


def _text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False)


def _short(text: str, longest: int = _LONGEST) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest]}\n… ({len(text) - longest:,} more characters were left out)"
