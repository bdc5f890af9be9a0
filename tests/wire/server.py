"""A server on loopback that plays the case that the prompt names."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from wire.case import Case

_RESET = struct.pack("ii", 1, 0)
"""Makes a close a reset: linger for zero seconds."""


@dataclass
class CaseServer:
    """Knows the cases; counts the requests for each."""

    cases: Mapping[str, Case]
    requests: Counter[str] = field(default_factory=Counter)
    port: int = 0

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request, and closes the connection as the case says."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").lower()
            length = head.partition("content-length:")[2].split("\r\n")[0].strip()
            body = await reader.readexactly(int(length or 0))
            if head.startswith("post"):
                await self._play(_prompt(json.loads(body)), reader, writer)
            else:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _play(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        case = self.cases[name]
        self.requests[name] += 1
        answer = case.answers[min(self.requests[name], len(case.answers)) - 1]
        for at in range(0, len(answer), case.piece or len(answer) or 1):
            writer.write(answer[at : at + (case.piece or len(answer))])
            await writer.drain()
            await asyncio.sleep(0)
        if case.end == "hang":
            await reader.read()
        elif case.end == "rst":
            await asyncio.sleep(0.02)  # the client shall have read what there is; a reset throws it away
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


def _prompt(body: dict[str, Any]) -> str:
    users = [message["content"] for message in body["messages"] if message["role"] == "user"]
    return str(users[-1])


@asynccontextmanager
async def playing(cases: Mapping[str, Case]) -> AsyncIterator[CaseServer]:
    """The server, for as long as it is needed."""
    server = CaseServer(cases)
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
