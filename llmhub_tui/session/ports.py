"""What a session needs from the outside, as protocols. The command line plugs the real things in."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from llmhub_tui.domain.chunks import Chunk
from llmhub_tui.domain.consent import Answer, ConsentRequest
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message
from llmhub_tui.domain.requests import ChatRequest


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
