"""Whole turns with tools against a real server: our own client, a real toolbox, answers from a list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from support.boxes import built_ins
from support.scripted import MemoryRecorder
from support.toolbox import FakeGate

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.consent import Answer
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.events import Event
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session
from llmhub_tui.tools.toolbox import Toolbox

When = Callable[[Event], bool]


@dataclass
class Round:
    """What is behind one turn, and what came of it."""

    endpoint: Endpoint
    toolbox: Toolbox = field(default_factory=built_ins)
    answers: Sequence[Answer] = (Answer.ONCE,)
    options: TurnOptions = field(default_factory=lambda: TurnOptions(model="", tools=("*",)))
    events: list[Event] = field(default_factory=list)
    conversation: Conversation = field(default_factory=lambda: Conversation("c"))
    stop: Callable[[], None] = lambda: None
    """Presses Escape."""

    async def play(self, prompt: str, *, stop: When = lambda _: False) -> list[Event]:
        """Sends a prompt; presses Escape at the first event for which `stop` says so."""
        client = ChatClient(self.endpoint)
        ports = Ports(
            client,
            MemoryRecorder(),
            LoopClock(),
            lambda: 0.5,
            lambda: uuid4().hex,
            self.toolbox,
            FakeGate(self.answers),
        )
        session = Session(self.conversation, ports=ports, options=self.options)
        try:
            async with asyncio.timeout(40), await session.send(prompt) as turn:
                self.stop = turn.cancel
                async for event in turn:
                    self.events.append(event)
                    if stop(event):
                        turn.cancel()
        finally:
            with suppress(Exception):
                await client.aclose()
        return self.events

    @property
    def results(self) -> list[Message]:
        """The messages that answer calls, in order."""
        return [message for message in self.conversation.path() if message.role is Role.TOOL]
