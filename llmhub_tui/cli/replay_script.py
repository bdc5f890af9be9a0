"""What a recording makes happen: its prompts are sent again, in order, and its own answers come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from llmhub_tui.api.replaying import ReplayTransport
from llmhub_tui.api.request import CONTINUE
from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.domain.requests import ToolSpec
from llmhub_tui.domain.tools import Problem, ToolResult
from llmhub_tui.session.session import Session
from llmhub_tui.session.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    MakeTurn = Callable[[Session], Awaitable[Turn]]

Fields = Mapping[str, Any]
_SPEAKERS: Final = frozenset({Role.USER, Role.ASSISTANT, Role.TOOL})


@dataclass(frozen=True, slots=True)
class Script:
    """The turns of a recording. Each is made when the one before it is over."""

    transport: ReplayTransport

    def __iter__(self) -> Iterator[MakeTurn]:
        """Goes on until every recorded request was made again."""
        left = len(self.transport.left)
        while (body := self._next_body()) is not None:
            yield partial(make_turn, body)
            if len(self.transport.left) == left:
                return  # the turn asked for nothing, so the next one would not either
            left = len(self.transport.left)

    def _next_body(self) -> Fields | None:
        for recorded in self.transport.left:
            if recorded.asked.method == "POST":
                return body_of(recorded.asked.body)
        return None


def body_of(text: str) -> Fields:
    """A recorded request's body; empty where it is none."""
    try:
        body = json.loads(text)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def make_turn(body: Fields, session: Session) -> Turn:
    """The turn that sends a recorded request again: a prompt, another attempt, or the rest of a reply."""
    talk = [message for message in _messages(body) if message.get("role") in _SPEAKERS]
    path = session.conversation.path()
    last = talk[-1] if talk else {}
    reply = session.conversation.last(Role.ASSISTANT)
    continues = last.get("role") == Role.ASSISTANT or _text(last) == CONTINUE
    if continues and reply is not None:
        return await session.resume(reply.id)
    before = talk[:-1] if last.get("role") == Role.USER else talk
    if not path:
        _add_history(session, before)
    elif reply is not None and path[-1] is reply and len(before) + 2 == len(path):
        return await session.retry(reply.id)
    return await session.send(_text(last) if last.get("role") == Role.USER else "(the request has no prompt)")


def _add_history(session: Session, talk: Sequence[Fields]) -> None:
    """What was said before the recording began."""
    parent: str | None = None
    for number, message in enumerate(talk):
        role = Role(message["role"])
        calls = tuple(_call(call) for call in message.get("tool_calls") or () if isinstance(call, dict))
        found = Message(
            f"recorded-{number}",
            parent,
            role,
            _text(message),
            tool_calls=calls if role is Role.ASSISTANT else (),
            tool_call_id=str(message.get("tool_call_id") or "") if role is Role.TOOL else "",
        )
        session.conversation.add(found)
        parent = found.id


def _messages(body: Fields) -> list[Fields]:
    messages = body.get("messages")
    return [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []


def _text(message: Fields) -> str:
    content = message.get("content")
    if isinstance(content, list):
        texts = [str(part.get("text") or "") for part in content if isinstance(part, dict)]
        content = "\n\n".join(text for text in texts if text)
    return content if isinstance(content, str) else ""


def _call(call: Fields) -> ToolCall:
    function = call.get("function")
    function = function if isinstance(function, dict) else {}
    return ToolCall(str(call.get("id")), str(function.get("name")), str(function.get("arguments") or ""))


class RecordedTools:
    """The tools of a recording: each call gets the result that it got then. Nothing runs."""

    def __init__(self, bodies: Sequence[Fields]) -> None:
        """Takes the bodies of all recorded requests."""
        self._results = {
            str(message.get("tool_call_id")): _text(message)
            for body in bodies
            for message in _messages(body)
            if message.get("role") == Role.TOOL
        }
        self._specs = {spec.name: spec for body in bodies for spec in _specs(body)}

    @property
    def names(self) -> tuple[str, ...]:
        """The tools that were offered."""
        return tuple(self._specs)

    async def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools as they were offered."""
        return tuple(self._specs[name] for name in names if name in self._specs)

    async def check(self, call: ToolCall) -> ConsentRequest | ToolResult:
        """Lets a call through that has a recorded result."""
        if call.id in self._results:
            return ConsentRequest(call.name or "tool", "the recording", call.arguments)
        return ToolResult("The recording holds no result of this call.", Problem.UNKNOWN)

    async def run(self, call: ToolCall) -> ToolResult:
        """The recorded result."""
        return ToolResult(self._results[call.id])

    async def ask(self, request: ConsentRequest) -> Answer:
        """Yes: nothing runs."""
        return Answer.ONCE


def _specs(body: Fields) -> Iterator[ToolSpec]:
    tools = body.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        function = tool.get("function") if isinstance(tool, dict) else None
        if isinstance(function, dict) and function.get("name"):
            schema = json.dumps(function.get("parameters") or {})
            yield ToolSpec(str(function["name"]), str(function.get("description") or ""), schema)
