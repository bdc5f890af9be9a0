"""Runs the demo on loopback: for a person, or as the child of the chat."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from contextlib import suppress
from typing import Final

import uvicorn

from llmhub_tui.demo.server import Demo

PACE: Final = 80.0
"""Tokens per second: about what a good server gives."""


def serve(port: int, pace: float = PACE, *, child: bool = False) -> int:
    """Serves until it is told to stop; answers with the exit status.

    Args:
        port: on 127.0.0.1; 0 for any free one.
        pace: tokens per second; 0 for no limit.
        child: whether it belongs to a chat: it then says where it listens as JSON, and ends when its
            standard input is closed, which also happens where the parent was killed.
    """
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        print(f"llmhub-chat: port {port} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    port = int(listener.getsockname()[1])
    config = uvicorn.Config(
        Demo(pace).app(),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    if child:
        threading.Thread(target=_end_with_parent, daemon=True).start()
        print(json.dumps({"port": port}), flush=True)
    else:
        print(f"The demo answers at http://127.0.0.1:{port}/v1 (no key needed). Ctrl+C ends it.", flush=True)
    with suppress(KeyboardInterrupt):
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
    return 0


def _end_with_parent() -> None:
    """Ends this process when nobody holds the other end of its standard input any more."""
    while sys.stdin.buffer.read(1024):
        pass
    os._exit(0)
