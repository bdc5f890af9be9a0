"""Calls are parsed strictly, and what a tool does wrong is a value."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from support.boxes import call_of, offered, run_tool

from llmhub_tui.domain.consent import ConsentRequest
from llmhub_tui.domain.messages import ToolCall
from llmhub_tui.domain.tools import Problem, ToolResult
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city"],
    "additionalProperties": False,
}


class Shelf:
    """A source of a few tools."""

    title = "Test"

    def __init__(self, *tools: Tool) -> None:
        self._tools = tools

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """All of them."""
        return self._tools

    def troubles(self) -> Sequence[str]:
        """None."""
        return ()


def tool_of(work: Callable[[Arguments], Any], schema: Any = SCHEMA, name: str = "weather") -> Tool:
    """A tool that does this."""

    async def run(arguments: Arguments) -> str:
        result = work(arguments)
        return str(await result if asyncio.iscoroutine(result) else result)

    return Tool(name, "", schema, "test", run)


@pytest.mark.parametrize(
    ("arguments", "problem", "words"),
    [
        ('{"city": "Par', Problem.CUT, "incomplete"),
        ('{"city": "Paris"', Problem.CUT, "incomplete"),
        ('{"city": "Paris"} and more', Problem.INVALID, "behind"),
        ('["Paris"]', Problem.INVALID, "no JSON object"),
        ('{"city": "a", "city": "b"}', Problem.INVALID, "twice"),
        ('{"city": NaN}', Problem.INVALID, "NaN"),
        ("{}", Problem.INVALID, "'city' is a required property"),
        ('{"city": 7}', Problem.INVALID, "city: 7 is not of type 'string'"),
        ('{"city": "Paris", "days": 0}', Problem.INVALID, "days: 0 is less than the minimum"),
        ('{"city": "Paris", "unknown": 1}', Problem.INVALID, "unknown"),
    ],
)
async def test_what_is_not_as_the_schema_asks_never_runs(
    arguments: str, problem: Problem, words: str
) -> None:
    ran: list[Arguments] = []
    box = await offered(Shelf(tool_of(ran.append)))
    call = ToolCall("c", "weather", arguments)
    checked = await box.check(call)
    assert isinstance(checked, ToolResult)
    assert checked.problem is problem
    assert words in checked.text
    assert (await box.run(call)).problem is problem
    assert ran == []


async def test_a_good_call_asks_with_its_exact_arguments_and_runs() -> None:
    box = await offered(Shelf(tool_of(lambda arguments: f"rain in {arguments['city']}")))
    call = call_of("weather", city="Zürich")
    checked = await box.check(call)
    assert isinstance(checked, ConsentRequest)
    assert checked.arguments == '{"city": "Zürich"}'
    assert (await box.run(call)).text == "rain in Zürich"


async def test_no_arguments_at_all_are_an_empty_object() -> None:
    box = await offered(Shelf(tool_of(lambda arguments: len(arguments), {"type": "object"})))
    assert (await box.run(ToolCall("c", "weather", ""))).text == "0"


async def test_only_what_was_offered_runs() -> None:
    box = await offered(Shelf(tool_of(str), tool_of(str, name="other")))
    await box.offer(["wea*"])
    assert (await box.run(call_of("other"))).problem is Problem.UNKNOWN


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ToolError("no such city"), "no such city"),
        (KeyError("x"), "KeyError: 'x'"),
        (ToolError(""), "failed"),
    ],
)
async def test_a_tools_failure_is_a_value(error: Exception, text: str) -> None:
    def fail(_: Arguments) -> str:
        raise error

    result = await run_tool(await offered(Shelf(tool_of(fail))), "weather", city="x")
    assert result.problem is Problem.FAILED
    assert text in result.text


async def test_a_tool_that_takes_too_long_is_stopped() -> None:
    stopped: list[bool] = []

    async def wait(_: Arguments) -> str:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(True)
        return ""

    result = await run_tool(await offered(Shelf(tool_of(wait)), limit_s=0.05), "weather", city="x")
    assert (result.problem, stopped) == (Problem.TIMEOUT, [True])


async def test_a_result_without_end_is_cut() -> None:
    result = await run_tool(await offered(Shelf(tool_of(lambda _: "x" * 1_000_000))), "weather", city="x")
    assert len(result.text) < 51_000
    assert "950,000 more characters" in result.text


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"$ref": "http://127.0.0.1:1/schema.json"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "#/nowhere"},
    ],
)
async def test_a_strangers_schema_fetches_nothing_and_breaks_nothing(schema: Any) -> None:
    result = await run_tool(await offered(Shelf(tool_of(str, schema))), "weather", city="x")
    assert result.problem is Problem.INVALID
    assert "schema" in result.text
