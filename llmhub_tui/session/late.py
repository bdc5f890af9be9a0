"""A client that is built in the background, because importing the real one takes most of a second."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from llmhub_tui.domain.chunks import Chunk
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.session.ports import Client


class LateClient:
    """Stands in for a client until it is there; whoever asks first waits for it.

    What the building raises is raised to whoever asks, and the next one to ask builds again.
    """

    def __init__(self, build: Callable[[], Client]) -> None:
        """Takes what makes the client; it runs in a thread of its own."""
        self._build = build
        self._client: asyncio.Future[Client] | None = None

    def rebuild(self, build: Callable[[], Client]) -> None:
        """Takes the place of the client for all that is asked from now on; needs a running loop."""
        self._build = build
        self.start()

    def start(self) -> None:
        """Begins to build; needs a running loop."""
        loop = asyncio.get_running_loop()
        future = self._client = loop.create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())

        def deliver(client: Client | None, error: BaseException | None) -> None:
            if future.done():
                return
            if client is not None:
                future.set_result(client)
            elif error is not None:
                future.set_exception(error)

        def build() -> None:
            client, problem = None, None
            try:
                client = self._build()
            except BaseException as error:  # handed over to whoever asks
                problem = error
            if not loop.is_closed():
                loop.call_soon_threadsafe(deliver, client, problem)

        # a daemon, so that a program that is left while it still loads does not wait for it
        threading.Thread(target=build, name="client", daemon=True).start()

    async def _ready(self) -> Client:
        failed = self._client is not None and self._client.done() and self._client.exception() is not None
        if self._client is None or failed:
            self.start()
        future = self._client
        if future is None:
            raise RuntimeError("start() makes the future")
        return await asyncio.shield(future)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """As `Client.stream`, once the client is there."""
        client = await self._ready()
        async with aclosing(client.stream(request)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def models(self) -> list[str]:
        """As `Client.models`, once the client is there."""
        return await (await self._ready()).models()

    async def aclose(self) -> None:
        """Closes the client if it was ever there."""
        if self._client is not None and self._client.done() and self._client.exception() is None:
            await self._client.result().aclose()
