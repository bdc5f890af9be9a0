"""Servers that nobody here wrote: how each is installed and started. They listen on this machine only."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

CONF = Path(__file__).parent / "conf"
KEY = "sk-tour"
_START_S = 90.0
"""LiteLLM takes its time on a slow machine."""


class MissingError(Exception):
    """What a server needs is not on this machine."""


@dataclass(frozen=True)
class Stranger:
    """A server: what it is, what it needs, how it is started."""

    name: str
    needs: tuple[str, ...]
    """Programs."""
    package: str
    """With its version, for npm or pip."""
    command: Callable[[Path, int], Sequence[str]]
    """Takes the folder of the installation, and the port."""
    behind: str = ""
    """The server that it passes requests on to."""
    lacks: frozenset[str] = frozenset()
    """Stops of the tour that it cannot be brought to make."""

    def install(self, folder: Path) -> None:
        """Puts the package into a folder, unless it is there.

        Raises:
            MissingError: if it cannot be.
        """
        for program in self.needs:
            if shutil.which(program) is None:
                raise MissingError(f"{program} is not installed")
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "installed").exists():
            return
        if "npm" in self.needs:
            steps = [["npm", "install", "--no-fund", "--no-audit", "--ignore-scripts", self.package]]
        else:
            steps = [
                [sys.executable, "-m", "venv", "venv"],
                ["venv/bin/pip", "install", "-q", "--disable-pip-version-check", self.package],
            ]
        for step in steps:
            done = subprocess.run(step, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                raise MissingError(f"{self.package} cannot be installed: {done.stderr.strip()[-300:]}")
        (folder / "installed").touch()


def node(script: str) -> list[str]:
    """A program for node, kept to the loopback interface."""
    return ["node", "-r", str(CONF / "loopback.cjs"), f"node_modules/{script}"]


STRANGERS = {
    stranger.name: stranger
    for stranger in (
        Stranger(
            "aimock",
            ("node", "npm"),
            "@copilotkit/aimock@1.43.0",
            lambda folder, port: [
                *node("@copilotkit/aimock/dist/cli.js"),
                *("-p", str(port), "-h", "127.0.0.1", "-f", str(CONF / "aimock.json")),
                *("--latency", "10", "--chunk-size", "6"),
            ],
        ),
        Stranger(
            "openai-mock-api",
            ("node", "npm"),
            "openai-mock-api@0.4.0",
            lambda folder, port: [
                *node("openai-mock-api/dist/cli.js"),
                *("--config", str(CONF / "openai-mock-api.yaml"), "--port", str(port)),
            ],
            lacks=frozenset({"length"}),
        ),
        Stranger(
            "litellm",
            (),
            "litellm[proxy]==1.100.5",
            lambda folder, port: [
                "venv/bin/litellm",
                *("--config", str(CONF / "litellm.yaml"), "--host", "127.0.0.1", "--port", str(port)),
                *("--telemetry", "False", "--num_workers", "1"),
            ],
            behind="aimock",
            lacks=frozenset({"wrong key"}),  # it wants a database for that
        ),
    )
}


@contextmanager
def running(name: str, keep: Path) -> Iterator[str]:
    """The base URL of a server that runs, with what it needs behind it.

    Raises:
        MissingError: if it cannot be installed or does not start.
    """
    stranger = STRANGERS[name]
    with ExitStack() as stack:
        env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "LLMHUB_"))},
            "AIMOCK_API_KEYS": KEY,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_LOG": "ERROR",
            "DO_NOT_TRACK": "1",
            "NO_DOCS": "True",
            "DISABLE_ADMIN_UI": "True",
        }
        if stranger.behind:
            env["UPSTREAM"] = stack.enter_context(running(stranger.behind, keep))
        folder, port = keep / name, _free_port()
        stranger.install(folder)
        with (folder / "log").open("wb") as log:
            command = stranger.command(folder, port)
            process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        stack.callback(_end, process)
        _wait_for(port, process, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", "/v1/models", headers={"Authorization": f"Bearer {KEY}"})
            asking.getresponse()
            return  # whatever it says, it listens; the tour will tell the rest
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        finally:
            asking.close()
    raise MissingError(f"it does not start: {log.read_text(errors='replace')[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
