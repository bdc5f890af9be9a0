"""A server that speaks numbered words at a steady pace, and knows when it has sent each of them."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Speaker:
    """An OpenAI-compatible server; used in a `with` block."""

    def __init__(self, words: int = 1000, pace: float = 150.0) -> None:
        """Takes how many words a reply has, and how many it sends in a second."""
        self.words = words
        self.pace = pace
        self.asked = threading.Semaphore(0)
        """Released once for each chat request that has arrived."""
        self.sent_at: list[float] = []
        """When each word of the reply that runs now, or ran last, was sent; on the monotonic clock."""
        speaker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                data = json.dumps({"object": "list", "data": [{"id": "speaker", "object": "model"}]}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                speaker.speak(self)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def speak(self, handler: BaseHTTPRequestHandler) -> None:
        """Sends one reply, as long as somebody listens."""
        sent: list[float] = []
        self.sent_at = sent
        self.asked.release()
        began = time.monotonic()
        try:
            for number in range(self.words):
                time.sleep(max(0.0, began + (number + 1) / self.pace - time.monotonic()))
                delta = {"choices": [{"index": 0, "delta": {"content": word(number)}}]}
                handler.wfile.write(f"data: {json.dumps(delta)}\n\n".encode())
                handler.wfile.flush()
                sent.append(time.monotonic())
            last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
            handler.wfile.write(f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode())
        except OSError:
            return  # who listened is gone


def word(number: int) -> str:
    """The word with this number, with the space behind it."""
    return f"w{number:05d} "


def lost_ms(kept: int, sent_at: list[float], end: float) -> float:
    """How many milliseconds of a reply are missing: from the first word not kept to the end."""
    if kept >= len(sent_at) or sent_at[kept] >= end:
        return 0.0
    return (end - sent_at[kept]) * 1000
