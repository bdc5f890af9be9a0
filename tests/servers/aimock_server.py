"""aimock, a mock of the API that nobody here wrote: https://www.npmjs.com/package/@copilotkit/aimock."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PACKAGE: Final = "@copilotkit/aimock"
VERSION: Final = "1.43.0"
FIXTURES: Final = Path(__file__).parent / "aimock.json"


class MissingError(Exception):
    """The server cannot be had here; the message says why."""


def install(folder: Path) -> Path:
    """The server's program, installed below a folder unless it is there already.

    Raises:
        MissingError: without node, npm or a registry.
    """
    program = folder / "node_modules" / PACKAGE / "dist" / "cli.js"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise MissingError("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"name": "servers", "private": True}))
    command = [npm, "install", "--no-fund", "--no-audit", "--ignore-scripts", f"{PACKAGE}@{VERSION}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise MissingError(f"npm could not install {PACKAGE}: {done.stderr.strip()[-300:]}")
    return program


@contextmanager
def aimock(folder: Path) -> Iterator[str]:
    """A running server's base URL."""
    program = install(folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["node", str(program), "-p", str(port), "-h", "127.0.0.1", "-f", str(FIXTURES)]
    with subprocess.Popen(
        [*command, "--latency", "10", "--chunk-size", "6"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _until_open(port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.kill()


def _until_open(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise MissingError("the server did not start")
