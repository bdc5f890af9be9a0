"""When the program itself fails: one line, a log, the terminal as it was, and nothing lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support.bytecheck import flags
from support.demo import DemoServer
from support.terminal import Terminal, isolated

TESTS = Path(__file__).parent.parent


def environment(home: Path) -> dict[str, str]:
    """With the key in it as well."""
    return isolated(
        home,
        PYTHONPATH=str(TESTS),
        LLMHUB_DATA_DIR=str(home / "chats"),
        LLMHUB_API_KEY="planted-key-0123456789",
    )


def last_words(terminal: Terminal) -> str:
    """What stands on the terminal after the program has left its screen."""
    return bytes(terminal.recorded).rpartition(b"\x1b[?1049l")[2].decode()


def leaves_nothing(home: Path, *recorded: bytes) -> None:
    """Asserts that the key is in no file and in nothing that was written."""
    for path in home.rglob("*"):
        if path.is_file():
            assert b"planted" not in path.read_bytes(), path
    assert not any(b"planted" in data for data in recorded)


@pytest.mark.parametrize("fault", ["action", "render", "start"])
def test_a_crash_of_the_chat_says_one_line_and_restores_the_terminal(fault: str, tmp_path: Path) -> None:
    with DemoServer(pace=30) as server:
        arguments = [fault, "--base-url", server.url]
        with Terminal(arguments, env=environment(tmp_path), cwd=tmp_path, module="security.failing") as chat:
            if fault != "start":
                chat.wait_for("ready")
                chat.send("long\r")
                if fault == "action":
                    chat.wait_for("quiet")
                    chat.send("\x1bOP")
            assert chat.exit_status() == 70
            said = last_words(chat)
            recorded = bytes(chat.recorded)
    lines = [line for line in said.replace("\x1b[?25h", "").replace("\x1b[?1004l", "").splitlines() if line]
    assert len(lines) == 1, said
    log = tmp_path / "chats" / "llmhub-chat.log"
    assert "ValueError: [key removed]" in lines[0]
    assert f"What happened is in {log}" in lines[0]
    assert "in fail" in log.read_text()
    assert flags(recorded) == []
    leaves_nothing(tmp_path, recorded)
    if fault != "start":
        database = sqlite3.connect(tmp_path / "chats" / "chats.db")
        saved = " ".join(str(row) for row in database.execute("SELECT role, text FROM messages"))
        database.close()
        assert "'long'" in saved
        assert "quiet" in saved or fault == "render"


@pytest.mark.parametrize("fault", ["task", "start"])
def test_a_crash_of_one_shot_mode_says_one_line(fault: str, tmp_path: Path) -> None:
    with DemoServer() as server:
        done = subprocess.run(
            [sys.executable, "-m", "security.failing", fault, "ask", "--base-url", server.url, "hello"],
            capture_output=True,
            env=environment(tmp_path),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            timeout=50,
        )
    assert done.returncode == (70 if fault == "start" else 1)
    assert len(done.stderr.splitlines()) == 1
    assert b"[key removed]" in done.stderr
    assert flags(done.stderr) == []
    leaves_nothing(tmp_path, done.stdout, done.stderr)
