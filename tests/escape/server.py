"""A server that keeps a reply in one phase for as long as anybody waits."""

from __future__ import annotations

import json
import socket
import threading
import time
from types import TracebackType
from typing import Self

PHASES = ("waiting", "streaming", "countdown", "resuming")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
_BUSY = b"HTTP/1.1 429 Busy\r\nRetry-After: 40\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_NO_LIST = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _word(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


class PhaseServer:
    """Runs for the length of a `with` block, in threads of its own."""

    def __init__(self, phase: str) -> None:
        """Takes the phase."""
        self._phase = phase
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._asked = 0
        self._reached = threading.Event()
        self._closed_at: float | None = None
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._socket.close()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def wait(self) -> None:
        """Waits until the request came that the phase is about."""
        assert self._reached.wait(20), "the request never came"

    def closed_after(self, began: float) -> float:
        """Milliseconds from a moment until the client's close was seen."""
        assert self._closed.wait(10), "the close was never seen"
        assert self._closed_at is not None
        return 1000 * (self._closed_at - began)

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client:
            head = client.recv(1 << 20)
            if head.startswith(b"GET"):
                client.sendall(_NO_LIST)
                return
            self._asked += 1
            if self._phase == "countdown":
                client.sendall(_BUSY)
                self._reached.set()
                return
            client.sendall(_HEAD)
            if self._phase == "resuming" and self._asked == 1:
                client.sendall(_word("kept so far "))
                return
            self._reached.set()
            if self._phase == "streaming":
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()
            try:
                while client.recv(1 << 16):
                    pass
            except OSError:
                pass
            self._closed_at = time.monotonic()
            self._closed.set()

    def _talk(self, client: socket.socket) -> None:
        try:
            while True:
                client.sendall(_word("word "))
                time.sleep(0.02)
        except OSError:
            pass
