"""A server on loopback that answers as it is told, and the client that asks it."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.chunks import Chunk, TextChunk
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.requests import ChatRequest, Parameters
from llmhub_tui.domain.secret import Secret

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]
KEY = Secret("sk-planted-key-0123456789")


@dataclass
class Seen:
    """What a server was asked."""

    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    secure: bool = False

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http{'s' if self.secure else ''}://127.0.0.1:{self.port}/v1"


@asynccontextmanager
async def serving(*answers: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Seen]:
    """A server that gives these answers in turn, the last one again and again; with `tls` it speaks https."""
    seen = Seen(secure=tls is not None)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            seen.requests.append((lines[0], headers, json.loads(body) if body else None))
            await answers[min(len(seen.requests), len(answers)) - 1](writer)
            if not writer.is_closing():
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            seen.closed.set()
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()


@contextmanager
def black_hole() -> Iterator[str]:
    """The base URL of a port at which connections are neither accepted nor refused."""
    with socket.socket() as listening, ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):  # more than its queue holds, so that the next one waits
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"


def reply(
    status: str, body: bytes, headers: Mapping[str, str] | None = None, *, length: int | None = None
) -> Answer:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    return answer


def events(*texts: str, reason: str | None = "stop", done: bool = True) -> bytes:
    """An event stream that says these texts."""
    lines = [{"choices": [{"delta": {"content": text}}]} for text in texts]
    if reason:
        lines.append({"choices": [{"delta": {}, "finish_reason": reason}]})  # type: ignore[dict-item]  # JSON
    body = "".join(f"data: {json.dumps(line)}\n\n" for line in lines)
    return (body + ("data: [DONE]\n\n" if done else "")).encode()


SSE = {"Content-Type": "text/event-stream"}
JSON = {"Content-Type": "application/json"}
HI = reply("200 OK", events("Hi"), SSE)


def asking(*messages: Message, model: str = "m", stream: bool = True, **parameters: Any) -> ChatRequest:
    """A request."""
    prompt = (Message("p", None, Role.USER, "hi"),)
    return ChatRequest(model, messages or prompt, parameters=Parameters(**parameters), stream=stream)


async def ask(endpoint: Endpoint, request: ChatRequest | None = None) -> list[Chunk]:
    """All chunks of one request."""
    client = ChatClient(endpoint)
    try:
        return [chunk async for chunk in client.stream(request or asking())]
    finally:
        await client.aclose()


async def failing(answer: Answer, path: str = "/v1") -> ChatError:
    """The error that an answer comes to."""
    async with serving(answer) as seen:
        with pytest.raises(ChatError) as caught:
            await ask(Endpoint(seen.url.removesuffix("/v1") + path, KEY))
        return caught.value


def text_of(chunks: list[Chunk]) -> str:
    """The reply's text."""
    return "".join(chunk.text for chunk in chunks if isinstance(chunk, TextChunk))


def problem(message: str, **more: Any) -> bytes:
    """An error as OpenAI states it."""
    return json.dumps({"error": {"message": message, **more}}).encode()
