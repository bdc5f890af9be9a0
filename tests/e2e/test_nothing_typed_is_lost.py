"""The real command: what is typed survives kills and signals, and is found again."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from support.demo import DemoServer
from support.terminal import Terminal, isolated

CTRL_B, CTRL_C, CTRL_O, CTRL_Q = "\x02", "\x03", "\x0f", "\x11"
UP = "\x1b[A"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """A demo server that writes about as fast as a person reads."""
    with DemoServer(pace=60) as server:
        yield server


def chat(home: Path, server: DemoServer, *arguments: str) -> Terminal:
    """The chat, in a folder of its own."""
    return Terminal(["--base-url", server.url, *arguments], env=isolated(home), cwd=home, lines=40)


def until_kept(home: Path, text: str) -> None:
    """Waits until a draft is on the disk."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for file in home.rglob("chats.db"):
            with closing(sqlite3.connect(file)) as connection, suppress(sqlite3.OperationalError):
                if (text,) in connection.execute("SELECT text FROM drafts").fetchall():
                    return
        time.sleep(0.01)
    raise AssertionError(f"{text!r} was never kept")


def test_what_was_never_sent_is_in_the_composer_after_a_kill(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, server) as terminal:
        terminal.wait_for("ready")
        terminal.send("a thought\x1b\rwith two lines")  # Alt+Enter
        until_kept(tmp_path, "a thought\nwith two lines")
        terminal.kill()
    with chat(tmp_path, server) as terminal:
        terminal.wait_for("ready", "a thought", "with two lines")
        terminal.send(CTRL_C)
        terminal.wait_until(lambda text: "with two lines" not in text)
        terminal.send(CTRL_C)
        terminal.wait_for("Ctrl+Q quits")
        terminal.send(UP)
        terminal.wait_for("with two lines", "Earlier prompt 1 of 1")
        terminal.send(CTRL_Q)
        assert terminal.exit_status() == 0


def test_a_signal_ends_it_with_all_that_was_typed_saved(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, server) as terminal:
        terminal.wait_for("ready")
        terminal.send("the last words")  # perhaps before the saved conversations are open
        terminal.wait_for("the last words")
        terminal.child.kill(signal.SIGTERM)
        assert terminal.exit_status() == 128 + signal.SIGTERM
    until_kept(tmp_path, "the last words")


def test_a_reply_that_a_kill_has_cut_is_offered_and_found(server: DemoServer, tmp_path: Path) -> None:
    with chat(tmp_path, server) as terminal:
        terminal.wait_for("ready")
        terminal.send("slow\r")
        terminal.wait_for("One word at a time")
        terminal.kill()
    with chat(tmp_path, server) as terminal:
        terminal.wait_for("A reply in “slow” was cut", "Ctrl+O opens it")
        terminal.send(CTRL_O)
        terminal.wait_for("Today", "slow")
        terminal.send("word at")
        terminal.wait_for("In messages", "One word at a")
        terminal.send("\r")
        terminal.wait_for("You ·", "⚠ incomplete", "what had arrived")
        terminal.send(CTRL_B)
        terminal.wait_for("Filter by title", "⚠ incomplete · ")
        terminal.send(CTRL_B)
        terminal.send(CTRL_Q)
        assert terminal.exit_status() == 0
