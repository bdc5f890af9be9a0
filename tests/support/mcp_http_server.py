"""An MCP server over streamable HTTP, made with the SDK; it wants a header and prints its port."""

from __future__ import annotations

import socket

import uvicorn
from mcp.server.mcpserver import MCPServer
from starlette.types import ASGIApp, Receive, Scope, Send

server = MCPServer("over HTTP")


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


def guarded(app: ASGIApp) -> ASGIApp:
    """Lets nobody in without the header."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers") or ())
        if scope["type"] == "http" and headers.get(b"x-token") != b"sesame":
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return handle


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(guarded(server.streamable_http_app()), log_level="error")
    uvicorn.Server(config).run(sockets=[listener])
