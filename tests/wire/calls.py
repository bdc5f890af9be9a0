"""Tool calls with indexes, ids, names and arguments in every state but the documented one."""

from __future__ import annotations

from typing import Any

from wire.case import DONE, PARIS, SNOW, Case, Expected, chunk, say, stream

from llmhub_tui.domain.endings import Ending

END = chunk({}, "tool_calls")
ONE = (("call_1", "get_weather", PARIS),)
TWO = (*ONE, ("call_2", "search", SNOW))


def part(arguments: Any = None, index: int | None = None, id: str = "", name: str = "") -> str:
    """A fragment of a call; what is not given is left out."""
    function = {
        key: value for key, value in (("name", name), ("arguments", arguments)) if value not in (None, "")
    }
    if arguments == "":
        function["arguments"] = ""
    call: dict[str, Any] = {"type": "function", "function": function}
    if index is not None:
        call["index"] = index
    if id:
        call["id"] = id
    return chunk({"tool_calls": [call]})


def calling(*parts: str, calls: tuple[tuple[str, str, str], ...] = ONE, text: str = "") -> Case:
    """A reply that asks for tools."""
    return Case((stream(*parts, END, DONE),), Expected(Ending.TOOL_CALLS, text, calls=calls))


CASES = {
    "arguments as an object": calling(part({"city": "Paris", "days": 3}, 0, "call_1", "get_weather")),
    "arguments that are no JSON": calling(
        part('{"city": Paris', 0, "call_1", "get_weather"),
        calls=(("call_1", "get_weather", '{"city": Paris'),),
    ),
    "empty arguments": calling(part("", 0, "call_1", "now"), calls=(("call_1", "now", ""),)),
    "no arguments": calling(part(None, 0, "call_1", "now"), calls=(("call_1", "now", ""),)),
    "an id that changes": calling(part(PARIS[:9], 0, "call_1", "get_weather"), part(PARIS[9:], 0, "call_b")),
    "id and name in every fragment": calling(
        part(PARIS[:9], 0, "call_1", "get_weather"), part(PARIS[9:], 0, "call_1", "get_weather")
    ),
    "fragments interleaved": calling(
        part("", 1, "call_2", "search"),
        part(PARIS[:9], 0, "call_1", "get_weather"),
        part(SNOW[:7], 1),
        part(PARIS[9:], 0),
        part(SNOW[7:], 1),
        calls=TWO,
    ),
    "no id": calling(part(PARIS, 0, "", "get_weather"), calls=(("call_0", "get_weather", PARIS),)),
    "two calls without index": calling(
        part(PARIS, None, "call_1", "get_weather"), part(SNOW, None, "call_2", "search"), calls=TWO
    ),
    "all with index 0": calling(
        part(PARIS, 0, "call_1", "get_weather"), part(SNOW, 0, "call_2", "search"), calls=TWO
    ),
    "no index, arguments in fragments": calling(
        part("", None, "call_1", "get_weather"), part(PARIS[:9]), part(PARIS[9:])
    ),
    "text around the calls": calling(
        say("Let me look. "),
        part(PARIS, 0, "call_1", "get_weather"),
        say("One moment."),
        text="Let me look. One moment.",
    ),
    "a tool that was not offered": calling(
        part("{}", 0, "call_1", "web.search"), calls=(("call_1", "web.search", "{}"),)
    ),
    "the legacy function_call": Case(
        (
            stream(
                chunk({"function_call": {"name": "now", "arguments": "{}"}}), chunk({}, "function_call"), DONE
            ),
        ),
        Expected(Ending.TOOL_CALLS, "", calls=(("call_0", "now", "{}"),)),
    ),
}
