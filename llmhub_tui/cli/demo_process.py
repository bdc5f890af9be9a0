"""The embedded demo as a child process: it can't slow the screen down, and it ends when we end."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from llmhub_tui.domain.errors import ChatError, ErrorKind

MODEL: Final = "llmhub-demo"


class DemoProcess:
    """Starts the demo server on a free port of the loopback interface.

    The child reads our end of a pipe as a sign of life, so that it ends even where we are killed.
    """

    def __init__(self) -> None:
        """Starts the child; it takes some tenths of a second until it answers."""
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "llmhub_tui.demo",
                "--child",
            ],  # -P: no module of the working directory
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C in the terminal is ours to handle
        )

    def base_url(self) -> str:
        """Where the demo listens; waits until it does.

        Raises:
            ChatError: if it does not start.
        """
        line = self._process.stdout.readline() if self._process.stdout else b""
        try:
            port = int(json.loads(line)["port"])
        except (ValueError, KeyError, TypeError) as error:
            raise ChatError(
                ErrorKind.SETUP,
                "the embedded demo did not start",
                advice="Run `llmhub-chat demo-server` to see why.",
            ) from error
        return f"http://127.0.0.1:{port}/v1"

    def stop(self) -> None:
        """Ends the child."""
        self._process.kill()  # it keeps nothing that an orderly end would save
        self._process.communicate()


def serve_demo(port: int, pace: float | None) -> int:
    """Serves the demo in this process; answers with the exit status."""
    from llmhub_tui.demo.serving import PACE, serve  # starlette and uvicorn: 150 ms

    return serve(port, PACE if pace is None else pace)
