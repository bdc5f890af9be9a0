"""A client that plays a script, and a recorder that keeps what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from llmhub_tui.domain.chunks import Chunk, FinishChunk, OpenedChunk, TextChunk
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import ChatError, StorageError
from llmhub_tui.domain.messages import Message
from llmhub_tui.domain.requests import ChatRequest

HANG = "hang"
Step = Chunk | ChatError | float | str
"""A chunk to yield, an error to raise, seconds to wait, or `HANG`."""


def saying(*texts: str, reason: str | None = "stop") -> list[Step]:
    """A script of a whole reply."""
    return [OpenedChunk(), *map(TextChunk, texts), FinishChunk(reason)]


def cut(*texts: str) -> list[Step]:
    """A script of a reply whose stream ends too early."""
    return [OpenedChunk(), *map(TextChunk, texts)]


@dataclass
class ScriptedClient:
    """Plays one script for each request, in turn; the last one again and again."""

    scripts: Sequence[Sequence[Step]]
    requests: list[ChatRequest] = field(default_factory=list)
    closed: int = 0
    """How many streams were closed, by whatever means."""

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Plays the next script."""
        script = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
        self.requests.append(request)
        try:
            for step in script:
                match step:
                    case str():
                        await asyncio.Event().wait()
                    case float():
                        await asyncio.sleep(step)
                    case ChatError():
                        raise step
                    case _:
                        yield step
        finally:
            self.closed += 1

    async def models(self) -> list[str]:
        """One model."""
        return ["scripted"]

    async def aclose(self) -> None:
        """Has nothing to close."""


@dataclass
class MemoryRecorder:
    """Keeps everything; refuses where it is told to."""

    full: bool = False
    begun: list[Message] = field(default_factory=list)
    appended: dict[str, str] = field(default_factory=dict)
    reasoning: dict[str, str] = field(default_factory=dict)
    finished: list[Message] = field(default_factory=list)

    async def begin(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Keeps the messages."""
        self.begun += messages
        if self.full:
            raise StorageError("the disk is full")

    def append(self, reply_id: str, text: str, reasoning: str) -> None:
        """Keeps the text."""
        self.appended[reply_id] = self.appended.get(reply_id, "") + text
        self.reasoning[reply_id] = self.reasoning.get(reply_id, "") + reasoning

    async def finish(self, conversation: Conversation, reply: Message) -> None:
        """Keeps the reply."""
        self.finished.append(reply)
        if self.full:
            raise StorageError("the disk is full")
