"""Every dialect of tool calls, from the bytes of a server to what the model is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest
from support.dialects import Fields, chunk, sse
from support.scripted import MemoryRecorder
from support.sessions import ended, play
from support.toolbox import FakeGate
from support.wire import HI, KEY, SSE, reply, serving

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session
from llmhub_tui.tools.tool import Arguments, Tool
from llmhub_tui.tools.toolbox import Toolbox

PARIS = '{"city": "Paris", "days": 3}'
PIECES = ['{"city"', ': "Pari', 's", "da', 'ys": 3}']
SNOW = '{"q": "snow \\"leopard\\"", "n": 2}'
WEATHER = "get_weather city='Paris' days=3"
SEARCH = "search n=2 q='snow \"leopard\"'"


def call(index: int | None, id: str | None, name: str | None, arguments: Any = ...) -> Fields:
    """One fragment as servers send it; `None` is left out."""
    function = {"name": name} if name is not None else {}
    function |= {"arguments": arguments} if arguments is not ... else {}
    found: Fields = {"type": "function", "function": function}
    return found | ({} if index is None else {"index": index}) | ({} if id is None else {"id": id})


def delta(*fragments: Fields) -> Fields:
    """A chunk with these fragments."""
    return chunk({"tool_calls": list(fragments)})


END = chunk({}, "tool_calls")
DIALECTS: dict[str, tuple[list[Fields], list[str]]] = {
    "arguments as an object": ([delta(call(0, "a", "get_weather", json.loads(PARIS)))], [WEATHER]),
    "no arguments but the empty text": ([delta(call(0, "a", "now", ""))], ["now"]),
    "arguments null, then nothing": ([delta(call(0, "a", "now", None)), delta({"index": 0})], ["now"]),
    "the id changes on the way": (
        [
            delta(call(0, "a", "get_weather", "")),
            *(delta(call(0, "b", None, piece)) for piece in PIECES),
        ],
        [WEATHER],
    ),
    "id and name in every fragment": (
        [delta(call(0, "a", "get_weather", piece)) for piece in ["", *PIECES]],
        [WEATHER],
    ),
    "two calls interleaved, the second first": (
        [
            delta(call(1, "b", "search", "")),
            delta(call(0, "a", "get_weather", "")),
            delta(call(0, None, None, PARIS[:10]), call(1, None, None, SNOW[:20])),
            delta(call(0, None, None, PARIS[10:]), call(1, None, None, SNOW[20:])),
        ],
        [WEATHER, SEARCH],
    ),
    "no id at all": (
        [
            delta(call(0, None, "get_weather", "")),
            *(delta(call(0, None, None, piece)) for piece in PIECES),
        ],
        [WEATHER],
    ),
    "two calls and no index": (
        [delta(call(None, "a", "get_weather", PARIS)), delta(call(None, "b", "search", SNOW))],
        [WEATHER, SEARCH],
    ),
    "no index, arguments follow without an id": (
        [
            delta(call(None, "a", "get_weather", "")),
            *(delta({"function": {"arguments": piece}}) for piece in PIECES),
        ],
        [WEATHER],
    ),
    "text before and after the call": (
        [
            chunk({"content": "Let me look. "}),
            delta(call(0, "a", "get_weather", PARIS)),
            chunk({"content": "One moment."}),
        ],
        [WEATHER],
    ),
}


def toolbox(ran: list[str]) -> Toolbox:
    """The tools that the dialects ask for; they note how they were called."""

    def tool(name: str, **properties: str) -> Tool:
        async def run(arguments: Arguments) -> str:
            shown = " ".join([name, *(f"{key}={value!r}" for key, value in sorted(arguments.items()))])
            ran.append(shown)
            return f"result of {shown}"

        schema = {
            "type": "object",
            "properties": {key: {"type": kind} for key, kind in properties.items()},
            "required": list(properties),
            "additionalProperties": False,
        }
        return Tool(name, "", schema, "test", run)

    class Source:
        title = "Test"

        async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
            return (
                tool("get_weather", city="string", days="integer"),
                tool("search", q="string", n="integer"),
                tool("now"),
            )

        def troubles(self) -> Sequence[str]:
            return ()

    return Toolbox([Source()])


async def played(*chunks: Fields, on: Sequence[str] = ("*",)) -> tuple[list[str], list[Any], Conversation]:
    """What ran, what the server was asked, and the conversation."""
    ran: list[str] = []
    ids = count(1)
    async with serving(reply("200 OK", sse(*chunks), SSE), HI) as seen:
        client = ChatClient(Endpoint(seen.url, KEY))
        ports = Ports(
            client,
            MemoryRecorder(),
            LoopClock(),
            lambda: 0.5,
            lambda: f"m{next(ids)}",
            toolbox(ran),
            FakeGate(),
        )
        session = Session(Conversation("c"), ports=ports, options=TurnOptions(model="m", tools=tuple(on)))
        try:
            ended(await play(await session.send("hi")))
        finally:
            await client.aclose()
        return ran, [body for _, _, body in seen.requests], session.conversation


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_call_in_any_dialect_runs_once_and_its_result_goes_back(dialect: str) -> None:
    chunks, calls = DIALECTS[dialect]
    ran, [first, second], conversation = await played(*chunks, END)
    assert sorted(ran) == sorted(calls)
    assert [tool["function"]["name"] for tool in first["tools"]] == ["get_weather", "search", "now"]
    *_, asked = (message for message in second["messages"] if message["role"] == "assistant")
    answers = [message for message in second["messages"] if message["role"] == "tool"]
    assert [message["tool_call_id"] for message in answers] == [made["id"] for made in asked["tool_calls"]]
    assert [message["content"] for message in answers] == [f"result of {shown}" for shown in calls]
    for made in asked["tool_calls"]:
        assert isinstance(json.loads(made["function"]["arguments"]), dict)
    assert conversation.path()[-1].text == "Hi"


@pytest.mark.parametrize(
    "arguments", ['{"city": Paris', '{"city": "Paris", "da', "nonsense", '{"city": "Paris"}']
)
@pytest.mark.parametrize("reason", ["tool_calls", "length", "stop"])
async def test_a_call_that_never_becomes_valid_is_shown_answered_and_not_run(
    arguments: str, reason: str
) -> None:
    chunks = [delta(call(0, "a", "get_weather", arguments)), chunk({}, reason)]
    ran, [_, second], conversation = await played(*chunks)
    assert ran == []
    assert conversation.path()[1].tool_calls[0].arguments == arguments
    [answer] = [message for message in second["messages"] if message["role"] == "tool"]
    assert answer["content"].startswith("Not run")
    [made] = second["messages"][1]["tool_calls"]
    assert isinstance(json.loads(made["function"]["arguments"]), dict)


async def test_a_call_that_nobody_offered_is_shown_and_never_run() -> None:
    chunks = [delta(call(0, "a", "web.search", "{}")), END]
    ran, requests, conversation = await played(*chunks, on=())
    assert (ran, len(requests)) == ([], 1)
    assert conversation.path()[-1].ending is Ending.TOOL_CALLS
    ran, [_, second], _ = await played(*chunks)
    assert ran == []
    assert "There is no tool 'web.search'" in second["messages"][-1]["content"]
