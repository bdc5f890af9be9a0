"""The same session for every server: list models, stream, tools, length, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import count

from servers.strangers import KEY
from support.scripted import MemoryRecorder

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.events import TextArrived, TurnFailed, TurnFinished, TurnStopped
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.domain.requests import ToolSpec
from llmhub_tui.domain.secret import Secret
from llmhub_tui.domain.tools import ToolResult
from llmhub_tui.domain.wire import How
from llmhub_tui.domain.wire_log import WireLog
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session
from llmhub_tui.session.turn import Turn

TEXT = "Seven foxes crossed the river at dawn: naïve café 東京 🦊, and **bold**."
STOPS = ("models", "stream", "tools", "length", "cancel", "wrong key")


class ClockTool:
    """One tool, which everybody may use."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []

    async def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The clock."""
        schema = '{"type": "object", "properties": {"zone": {"type": "string"}}}'
        return (ToolSpec("clock", "Says what time it is", schema),)

    async def check(self, call: ToolCall) -> ConsentRequest | ToolResult:
        """Always in order."""
        return ConsentRequest(call.name, "the tour", call.arguments)

    async def run(self, call: ToolCall) -> ToolResult:
        """Noon, always."""
        self.calls.append(call)
        return ToolResult("12:00")

    async def ask(self, request: ConsentRequest) -> Answer:
        """Yes."""
        return Answer.ONCE


class Tour:
    """Goes to one server."""

    def __init__(self, url: str, lacks: frozenset[str]) -> None:
        self._url = url
        self._lacks = lacks
        self._log = WireLog()
        self._client = ChatClient(Endpoint(url, Secret(KEY)), (self._log,))
        self._model = ""

    async def stops(self) -> AsyncIterator[tuple[str, str]]:
        """Each stop, with what is wrong there: nothing for all is well."""
        for stop in STOPS:
            if stop in self._lacks:
                yield stop, "-"
                continue
            try:
                yield stop, await getattr(self, "_" + stop.replace(" ", "_"))()
            except Exception as error:  # whatever it is, it is what the tour is about
                yield stop, f"{type(error).__name__}: {error}"
        await self._client.aclose()

    def _session(self, tools: ClockTool | None = None) -> Session:
        ids = map(str, count(1))
        plugged = {} if tools is None else {"toolbox": tools, "gate": tools}
        ports = Ports(
            self._client,
            MemoryRecorder(),
            LoopClock(),
            jitter=lambda: 0.5,
            new_id=lambda: next(ids),
            **plugged,
        )
        options = TurnOptions(model=self._model, tools=("clock",) if tools is not None else ())
        return Session(Conversation("tour"), ports=ports, options=options)

    async def _models(self) -> str:
        names = await self._client.models()
        self._model = "gpt-4o" if "gpt-4o" in names else names[0] if names else ""
        return "" if names else "no models"

    async def _stream(self) -> str:
        reply = await _played(await self._session().send("tour:text"))
        right = (reply.text, reply.ending) == (TEXT, Ending.COMPLETE)
        pieces = self._log.exchanges[-1].chunks
        return "" if right and pieces > 1 else f"{reply.ending} {reply.text!r} in {pieces} pieces"

    async def _tools(self) -> str:
        tool = ClockTool()
        session = self._session(tool)
        turn, seen = await session.send("tour:tool"), 0
        async with turn:
            async for _ in turn:
                seen = len(tool.calls)
                if seen > 2:
                    break  # a server that does not know results asks for ever
        calls = [(call.name, call.arguments.replace(" ", "")) for call in tool.calls]
        results = [one.text for one in session.conversation.messages if one.role is Role.TOOL]
        right = calls[:1] == [("clock", '{"zone":"Europe/Paris"}')] and "12:00" in results
        return "" if right else f"{calls} {results}"

    async def _length(self) -> str:
        reply = await _played(await self._session().send("tour:length"))
        right = reply.ending is Ending.LENGTH and reply.text
        return "" if right else f"{reply.ending} {reply.text!r}"

    async def _cancel(self) -> str:
        turn = await self._session().send("tour:slow")
        reply: Message | None = None
        async with turn:
            async for event in turn:
                if isinstance(event, TextArrived):
                    turn.cancel()
                if isinstance(event, TurnFinished | TurnStopped | TurnFailed):
                    reply = event.reply
        ended = self._log.exchanges[-1].ended
        closed = ended is not None and ended.how is How.CLOSED
        right = reply is not None and reply.text and reply.ending in (Ending.STOPPED, Ending.COMPLETE)
        return "" if right and closed else f"{reply and reply.ending}, closed: {closed}"

    async def _wrong_key(self) -> str:
        client = ChatClient(Endpoint(self._url, Secret("sk-wrong-key-0000")))
        ids = map(str, count(1))
        ports = Ports(client, MemoryRecorder(), LoopClock(), jitter=lambda: 0.5, new_id=lambda: next(ids))
        session = Session(Conversation("tour"), ports=ports, options=TurnOptions(model=self._model))
        reply = await _played(await session.send("tour:text"))
        await client.aclose()
        right = reply.failure is not None and reply.failure.kind == "auth"
        return "" if right else f"{reply.ending} {reply.failure}"


async def _played(turn: Turn) -> Message:
    """The reply that a turn ends with."""
    async with turn:
        async for event in turn:
            if isinstance(event, TurnFinished | TurnStopped | TurnFailed):
                return event.reply
    raise RuntimeError("a turn ends with its reply")
