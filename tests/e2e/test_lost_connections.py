"""A reply that is cut three times by a real server is whole: on screen, in the export, in the database."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from support.command import run
from support.terminal import Terminal, isolated

WHOLE = (
    "The lighthouse keeper wrote down the weather every evening, and on calm days the price of bread. "
    "Zażółć gęślą jaźń, 猫も木から落ちる, and a fox 🦊 at the window.\n\n"
    "Nobody ever asked for the book. When the lamp was replaced by a machine, the keeper went on writing, "
    "since the sea had not been told. The last entry says that the wind had turned, that the soup was good, "
    "and that whoever comes after should look to the north, where the ice begins to speak in March.\n\n"
    "A third paragraph closes the matter: it repeats nothing, and it forgets nothing."
)
CUTS = (90, 171, 420)
"""Characters after which the connection is lost; the second is within a word."""


class CuttingServer(ThreadingHTTPServer):
    """Streams the whole reply, but loses the connection three times."""

    asked: ClassVar[list[Any]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """A list of models."""
        body = b'{"data": [{"id": "keeper"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The reply, or the rest of it, up to the next cut."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = len(CuttingServer.asked)
        CuttingServer.asked.append(body)
        last = body["messages"][-1]
        start = len(last["content"]) if last["role"] == "assistant" else 0
        assert WHOLE.startswith(last["content"]) or not start
        end = CUTS[number] if number < len(CUTS) else len(WHOLE)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(start, end, 7):
            self._event({"choices": [{"delta": {"content": WHOLE[at : min(at + 7, end)]}}]})
        if end == len(WHOLE):
            self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def _event(self, value: Any) -> None:
        data = b"data: " + json.dumps(value).encode() + b"\n\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


@pytest.fixture
def url() -> Iterator[str]:
    """The base URL of a cutting server."""
    CuttingServer.asked.clear()
    server = CuttingServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_reply_cut_three_times_is_whole_everywhere(url: str, tmp_path: Path) -> None:
    with Terminal(
        ["--base-url", url], env=isolated(tmp_path), cwd=tmp_path, columns=120, lines=40
    ) as terminal:
        terminal.wait_for("ready")
        terminal.send("go\r")
        screen = terminal.wait_for("joined at 3 places", "done ·", "forgets nothing.")
        terminal.send("\x13")
        terminal.wait_for("Save the transcript")
        terminal.send("\r")
        terminal.wait_for("Saved to")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
    lines = screen.splitlines()
    first = next(at for at, line in enumerate(lines) if "The lighthouse keeper" in line)
    last = next(at for at, line in enumerate(lines) if "forgets nothing." in line)
    reply = [line[2:].strip() for line in lines[first : last + 1]]
    assert squeezed(" ".join(reply)) == squeezed(WHOLE)
    assert sum(line.startswith("┊ ") for line in lines) == 3
    assert len(CuttingServer.asked) == 4
    assert WHOLE in (tmp_path / "go.md").read_text()
    database = next(tmp_path.rglob("chats.db"))
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT text, seams, ending FROM messages WHERE role = 'assistant'"
        [(text, seams, ending)] = connection.execute(query).fetchall()
    assert (text, len(json.loads(seams)), ending) == (WHOLE, 3, "complete")


def squeezed(text: str) -> str:
    """A text without white space, which is where a screen breaks its lines."""
    return "".join(text.split())


def test_a_reply_cut_three_times_is_whole_in_one_shot_mode(url: str, tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "--base-url", url, "go")
    assert done.stdout == WHOLE + "\n"
    assert (done.returncode, done.stderr.count("asking for the rest")) == (0, 3)
