"""Ways to a server, made so that its end is noticed and its standard error stays off the screen."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import IO, TYPE_CHECKING, Final

import anyio
import httpx2
from mcp import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage

from llmhub_tui.tools.mcp.config import ServerConfig

if TYPE_CHECKING:
    from mcp.client._transport import TransportStreams as Streams  # its only name; needed for types alone

_CONNECT_S: Final = 15.0
_READ_S: Final = 300.0
_KEPT: Final = 20
"""Lines of standard error that are kept."""


class LastWords:
    """Takes a server's standard error and keeps its end, so that a failed start can be explained."""

    def __init__(self) -> None:
        """Opens a pipe and reads from it in a thread."""
        self._lines: deque[str] = deque(maxlen=_KEPT)
        source, sink = os.pipe()
        self.sink = os.fdopen(sink, "w")
        reader = os.fdopen(source, "rb")
        self._thread = threading.Thread(target=self._read, args=(reader,), name="mcp stderr", daemon=True)
        self._thread.start()

    def _read(self, source: IO[bytes]) -> None:
        with source:
            while line := source.readline(4096):
                self._lines.append(line.decode("utf-8", "replace").rstrip())

    def close(self) -> str:
        """No more will come; the last line that says anything."""
        self.sink.close()
        self._thread.join(0.5)
        return next((line for line in reversed(self._lines) if line.strip()), "")


@asynccontextmanager
async def stdio_way(config: ServerConfig, words: LastWords, ended: asyncio.Event) -> AsyncIterator[Streams]:
    """Starts the program; its environment holds what the configuration names and no keys of ours."""
    parameters = StdioServerParameters(
        command=config.command, args=list(config.args), env=dict(config.env), cwd=config.cwd
    )
    async with _watched(stdio_client(parameters, errlog=words.sink), ended) as streams:
        yield streams


@asynccontextmanager
async def http_way(config: ServerConfig, ended: asyncio.Event) -> AsyncIterator[Streams]:
    """Connects over streamable HTTP. Redirects are followed within the same origin only, by the SDK."""
    patience = httpx2.Timeout(_CONNECT_S, read=_READ_S)
    async with (
        httpx2.AsyncClient(headers=dict(config.headers), timeout=patience) as client,
        _watched(streamable_http_client(config.url, http_client=client), ended) as streams,
    ):
        yield streams


@asynccontextmanager
async def _watched(way: AbstractAsyncContextManager[Streams], ended: asyncio.Event) -> AsyncIterator[Streams]:
    """The same streams, and an event that is set when nothing more will come."""
    send, receive = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    async with way as (source, sink), anyio.create_task_group() as group:

        async def pump() -> None:
            try:
                async with send:
                    async for item in source:
                        await send.send(item)
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                pass  # whoever listened has gone
            finally:
                ended.set()

        group.start_soon(pump)
        try:
            yield receive, sink
        finally:
            group.cancel_scope.cancel()
