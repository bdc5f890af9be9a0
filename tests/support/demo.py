"""The demo server as a process of its own, on loopback."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from types import TracebackType
from typing import Self


class DemoServer:
    """Runs for the length of a `with` block."""

    def __init__(self, pace: float = 0) -> None:
        """Takes the pace in tokens per second; 0 for no limit."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "llmhub_tui.demo", "--child", "--pace", str(pace)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.port = int(json.loads(self.process.stdout.readline())["port"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.communicate()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def request(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            connection.request(method, path, data, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def status(self) -> dict[str, int]:
        """How many requests came, run, and were left by their clients."""
        found: dict[str, int] = json.loads(self.request("GET", "/_demo/status")[1])
        return found

    def wait_for(self, name: str, value: int, timeout: float = 10.0) -> float:
        """Waits until a count has a value; returns the seconds that it took."""
        began = time.monotonic()
        while self.status()[name] != value:
            assert time.monotonic() - began < timeout, f"{name} is never {value}: {self.status()}"
        return time.monotonic() - began
