"""What a session needs from the outside, as protocols. The command line plugs the real things in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from llmhub_tui.domain.chunks import Chunk
from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message, ToolCall
from llmhub_tui.domain.requests import ChatRequest, ToolSpec
from llmhub_tui.domain.tools import Problem, ToolResult


class Client(Protocol):
    """A server that answers chat completion requests."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Sends the request and yields the reply as it arrives.

        The first chunk is an `OpenedChunk`. A stream that ends without a `FinishChunk` was cut.
        `aclose()` closes the connection, so that the server sees it.

        Raises:
            ChatError: for every failure, before the first chunk or after it.
        """
        ...

    async def models(self) -> list[str]:
        """The names of the server's models.

        Raises:
            ChatError: for every failure.
        """
        ...

    async def aclose(self) -> None:
        """Closes all connections."""
        ...


class Recorder(Protocol):
    """The disk, as a turn sees it. It writes in order, in a thread of its own."""

    async def begin(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Makes the conversation's head and these messages durable before it returns.

        Raises:
            StorageError: if the disk refuses; the messages are kept in memory and tried again.
        """
        ...

    def append(self, reply_id: str, text: str, reasoning: str) -> None:
        """Adds to a reply in flight; on the disk within 250 ms. Never blocks and never raises."""
        ...

    async def finish(self, conversation: Conversation, reply: Message) -> None:
        """Replaces a reply's fragments by the finished message.

        Raises:
            StorageError: if the disk refuses; the message is kept in memory and tried again.
        """
        ...


class ConsentGate(Protocol):
    """Asks the user before a tool runs."""

    async def ask(self, request: ConsentRequest) -> Answer:
        """The user's answer. Whatever goes wrong, and where nobody can be asked, it is `Answer.NO`."""
        ...


class Toolbox(Protocol):
    """The tools there are. Nothing that a tool does wrong is raised."""

    async def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools that these names stand for, as far as they are there."""
        ...

    async def check(self, call: ToolCall) -> ConsentRequest | ToolResult:
        """Parses a call's arguments strictly: what to ask the user, or the problem with the call."""
        ...

    async def run(self, call: ToolCall) -> ToolResult:
        """Runs a call that was checked and allowed. When canceled, it stops what it has started."""
        ...


class NoToolbox:
    """Has no tools."""

    async def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """None."""
        return ()

    async def check(self, call: ToolCall) -> ConsentRequest | ToolResult:
        """There is no such tool."""
        return ToolResult(f"There is no tool {call.name!r}.", Problem.UNKNOWN)

    async def run(self, call: ToolCall) -> ToolResult:
        """There is no such tool."""
        return ToolResult(f"There is no tool {call.name!r}.", Problem.UNKNOWN)


class NobodyToAsk:
    """A gate that stays closed."""

    async def ask(self, request: ConsentRequest) -> Answer:
        """No."""
        return Answer.NO


class Clock(Protocol):
    """Time, so that tests can own it."""

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def wall(self) -> float:
        """Seconds since the Unix epoch."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits; a wait of zero or less lets other tasks run once."""
        ...
