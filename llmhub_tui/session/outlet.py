"""The way from a turn's producer to its front end."""

from __future__ import annotations

import asyncio
from collections import deque

from llmhub_tui.domain.events import Event, ReasoningArrived, TextArrived


class Outlet:
    """A queue of events in which text that waits together leaves together.

    A burst of a thousand deltas so costs a slow front end one event, not a thousand.
    """

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def put(self, event: Event) -> None:
        """Adds an event; ignored once the outlet is closed."""
        if not self._closed:
            self._events.append(event)
            self._news.set()

    def close(self) -> None:
        """No event will follow; those that wait can still be taken."""
        self._closed = True
        self._news.set()

    async def get(self) -> Event | None:
        """The next event, or `None` after the last."""
        while not self._events:
            if self._closed:
                return None
            self._news.clear()
            await self._news.wait()
        event = self._events.popleft()
        match event:
            case TextArrived():
                return TextArrived(event.text + self._more(TextArrived))
            case ReasoningArrived():
                return ReasoningArrived(event.text + self._more(ReasoningArrived))
            case _:
                return event

    def _more(self, kind: type[TextArrived] | type[ReasoningArrived]) -> str:
        texts: list[str] = []
        while self._events and isinstance(event := self._events[0], kind):
            texts.append(event.text)
            self._events.popleft()
        return "".join(texts)
