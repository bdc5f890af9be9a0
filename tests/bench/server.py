"""A server on loopback that sends replies by the clock, and knows when the last word left it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

END = "THE-END"
"""The last word of every reply."""


class PacedServer:
    """Runs in a thread for the length of a `with` block."""

    def __init__(self, text: Callable[[int], str], rate: float) -> None:
        """Takes what makes a text of so many tokens, and tokens per second."""
        self._text = text
        self._rate = rate
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0
        self.asked = threading.Event()
        """Set when the first request for a reply is there."""
        self.sent_at = 0.0
        """When the last word was written, on the monotonic clock."""

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = next(
                (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")),
                0,
            )
            body = await reader.readexactly(size)
            if head.startswith("GET"):
                await self._list(writer)
            else:
                await self._reply(writer, json.loads(body))
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _list(self, writer: asyncio.StreamWriter) -> None:
        body = b'{"object": "list", "data": [{"id": "bench", "object": "model"}]}'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()

    async def _reply(self, writer: asyncio.StreamWriter, request: dict[str, int]) -> None:
        self.asked.set()
        count = request["max_tokens"]
        tokens = tokens_of(self._text(count * 2 + 1000))[:count]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        for number, token in enumerate(tokens):
            writer.write(event({"content": token}))
            ahead = began + number / self._rate - time.monotonic()
            if ahead > 0:
                await writer.drain()
                await asyncio.sleep(ahead)
        writer.write(event({"content": f"\n\n{END} "}))
        await writer.drain()
        self.sent_at = time.monotonic()
        writer.write(event({}, "stop") + b"data: [DONE]\n\n")
        await writer.drain()


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    """One event of the stream."""
    data = {
        "id": "b",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "bench",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(data)}\n\n".encode()


def tokens_of(text: str) -> list[str]:
    """Text in pieces about as long as a language model's."""
    found, at = [], 0
    while at < len(text):
        end = at + 1
        while end < len(text) and end - at < 6 and not text[end].isspace():
            end += 1
        found.append(text[at:end])
        at = end
    return found
