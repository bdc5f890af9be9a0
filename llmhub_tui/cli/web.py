"""The chat in a browser on this machine; needs the `web` extra.

A page that is open in the same browser can reach this machine's ports too, and so can other users of
the machine. So the address holds a secret, and only requests that know it reach the chat.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import shlex
import socket
import sys
from collections.abc import Sequence
from typing import Final

from aiohttp import web
from textual_serve.server import Server

from llmhub_tui.ask.diagnostics import ExitCode

_HOST: Final = "127.0.0.1"
_COOKIE: Final = "llmhub_chat"
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{origin}; frame-ancestors 'none'"
)
"""Nothing is loaded from elsewhere, and no other page may frame the chat."""


class LocalServer(Server):
    """Serves the chat to whoever has its address, and to nobody else."""

    def __init__(self, command: Sequence[str], port: int) -> None:
        """Takes what each browser tab runs."""
        super().__init__(shlex.join(command), _HOST, port, title="llmhub-chat")
        self._origin = f"{_HOST}:{port}"
        self._secret = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """Where to point the browser."""
        return f"http://{self._origin}/?key={self._secret}"

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page, to whoever brings the secret; a cookie then keeps it."""
        self._check_host(request)
        if not self._knows(request.query.get("key", "")) and not self._has_cookie(request):
            raise web.HTTPForbidden(text="Open the whole address that llmhub-chat has printed.")
        response: web.StreamResponse = await super().handle_index(request)
        response.set_cookie(_COOKIE, self._secret, httponly=True, samesite="Strict")
        response.headers["Content-Security-Policy"] = _POLICY.format(origin=self._origin)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """The chat itself; never to another site's page."""
        self._check_host(request)
        if request.headers.get("Origin") != f"http://{self._origin}" or not self._has_cookie(request):
            raise web.HTTPForbidden(text="This page may not talk to llmhub-chat.")
        return await super().handle_websocket(request)

    def initialize_logging(self) -> None:
        """Logs nothing: a log of requests would hold the secret."""

    async def on_startup(self, app: web.Application) -> None:
        """Says where the chat is, as soon as it can be reached."""
        self._announcing = asyncio.create_task(self._announce())

    async def on_shutdown(self, app: web.Application) -> None:
        """Nobody waits for the address any more."""
        self._announcing.cancel()

    async def _announce(self) -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection(_HOST, self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                print(f"The chat is at {self.address}\nCtrl+C ends it.", flush=True)
                return

    def _check_host(self, request: web.Request) -> None:
        """Refuses names that lead here by trickery."""
        if request.host != self._origin:
            raise web.HTTPForbidden(text=f"Open http://{self._origin}/ instead.")

    def _has_cookie(self, request: web.Request) -> bool:
        return self._knows(request.cookies.get(_COOKIE, ""))

    def _knows(self, value: str) -> bool:
        return hmac.compare_digest(value.encode(), self._secret.encode())


def serve_web(arguments: Sequence[str], port: int) -> int:
    """Serves until it is interrupted; answers with the exit status.

    Args:
        arguments: options of the chat that each browser tab runs.
        port: 0 for any free one.

    Raises:
        OSError: if the port is taken.
    """
    with socket.create_server((_HOST, port)) as probe:  # says at once if it is taken
        port = probe.getsockname()[1]
    LocalServer([sys.executable, "-P", "-m", "llmhub_tui", *arguments], port).serve()
    return ExitCode.FINISHED
