"""The conversation pane in a real terminal: what it sends while words flow, and what stands there then."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from support.demo import DemoServer
from support.terminal import Terminal, isolated

END, HOME, TAB, F9 = "\x1b[F", "\x1b[H", "\t", "\x1b[20~"
SCROLLED = re.compile(rb"\x1b\[\d+;\d+r")
"""The terminal is told which of its lines scroll."""


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo server that is quick, but not at once."""
    with DemoServer(pace=600) as server:
        yield server


def pane_of(text: str) -> list[str]:
    """The lines above the prompt editor."""
    return [line.rstrip("▁▂▃▄▅▆▇█ ") for line in text.split("╭")[0].splitlines()]


def has_width(columns: int, text: str) -> bool:
    """Whether the prompt editor is as wide as the terminal."""
    return any(len(line) == columns and line.endswith("╮") for line in text.splitlines())


def is_other(lines: list[str], text: str) -> bool:
    """Whether the conversation's lines below the sixth are not these."""
    return pane_of(text)[6:] != lines


PANEL, COPY = "\x02", "\x19"


@pytest.mark.parametrize("over", ["", PANEL, COPY, TAB + HOME + END], ids=["", "panel", "toast", "reader"])
def test_what_the_terminal_has_after_a_reply_is_what_a_new_picture_shows(
    server: DemoServer, tmp_path: Path, over: str
) -> None:
    options = ("--base-url", server.url, "--max-tokens", "900")
    env = isolated(tmp_path)
    with Terminal(options, env=env, cwd=tmp_path, columns=120, lines=24) as terminal:
        terminal.wait_for("ready", "127.0.0.1")
        before = len(terminal.recorded)
        terminal.send("long\r")
        terminal.wait_for("Chapter 1")
        terminal.send(over)
        terminal.wait_for("raises the limit", "tokens/s")
        sent = bytes(terminal.recorded[before:])
        if not over:
            assert len(SCROLLED.findall(sent)) > 10
            assert len(sent) / 900 < 500
        terminal.wait_until(lambda text: "Copied" not in text and "no reply" not in text)
        written = terminal.text
        for columns in (100, 120):  # which paints everything anew
            terminal.resize(columns, 24)
            terminal.wait_until(partial(has_width, columns))
        terminal.wait_until(lambda text: pane_of(text) == pane_of(written))


def test_a_toast_stands_while_a_reply_grows_under_it(server: DemoServer, tmp_path: Path) -> None:
    env = isolated(tmp_path)
    with Terminal(("--base-url", server.url), env=env, cwd=tmp_path, columns=100, lines=24) as terminal:
        terminal.wait_for("ready", "127.0.0.1")
        terminal.send("long\r")
        terminal.wait_until(lambda text: "Chapter" in text and "You" not in text)
        terminal.send(COPY)
        text = terminal.wait_for("no reply to copy")
        for _ in range(5):
            text = terminal.wait_until(partial(is_other, pane_of(text)[6:]))
            assert "▌ There is no reply to copy yet." in text


def test_a_reply_goes_on_through_every_change_of_size(server: DemoServer, tmp_path: Path) -> None:
    with Terminal(("--base-url", server.url), env=isolated(tmp_path), cwd=tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.send("long\r")
        terminal.wait_for("Chapter 1")
        for columns, lines in ((40, 12), (20, 6), (120, 40), (80, 24)):
            terminal.resize(columns, lines)
            terminal.wait_until(lambda text: bool(text.strip()))
        terminal.wait_for("That was all. The end.", "done")


def test_what_a_terminal_lost_while_it_was_smaller_is_painted_again(
    server: DemoServer, tmp_path: Path
) -> None:
    with Terminal(("--base-url", server.url), env=isolated(tmp_path), cwd=tmp_path) as terminal:
        terminal.wait_for("ready", "127.0.0.1", "sends")
        before = terminal.text
        os.kill(terminal.process, signal.SIGSTOP)  # it hears of the last size alone, which is the one it had
        terminal.resize(20, 6)
        terminal.resize(100, 30)
        assert "sends" not in terminal.text
        os.kill(terminal.process, signal.SIGCONT)
        terminal.wait_until(lambda text: text == before)


def test_the_conversation_is_read_as_plain_text_in_a_pager(server: DemoServer, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\ncp "$1" read.txt\necho PAGER-SHOWS\ngrep -m1 You "$1"\nread answer\n')
    pager.chmod(0o755)
    env = isolated(tmp_path, PAGER=str(pager))
    with Terminal(("--base-url", server.url), env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.send("hello\r")
        terminal.wait_for("done ·")
        terminal.send(F9)
        terminal.wait_for("PAGER-SHOWS", "You")
        terminal.send("\r")
        terminal.wait_for("Type a prompt", "done ·")
    text = (tmp_path / "read.txt").read_text()
    assert "You" in text
    assert "hello" in text
    assert "\x1b" not in text


def test_a_reply_that_runs_is_read_in_a_pager_and_goes_on_meanwhile(
    server: DemoServer, tmp_path: Path
) -> None:
    pager = tmp_path / "pager"
    pager.write_text(
        '#!/bin/sh\ntrap "" INT\ncp "$1" first.txt\nprintf "\\033[2J\\033[H"\necho PAGER-SHOWS\nread answer\n'
        'until grep -q "The end." "$1"; do sleep 0.1; done\n'
        'cp "$1" last.txt\necho IT-HAS-GROWN\nread answer\n'
    )
    pager.chmod(0o755)
    env = isolated(tmp_path, PAGER=str(pager))
    with Terminal(("--base-url", server.url), env=env, cwd=tmp_path, columns=80, lines=24) as terminal:
        terminal.wait_for("ready")
        terminal.send("long\r")
        terminal.wait_for("Chapter 2")
        terminal.send(TAB + HOME)
        terminal.wait_for("more below")
        seen = pane_of(terminal.text)[5:18]
        terminal.send(F9)
        terminal.wait_for("PAGER-SHOWS")
        terminal.send("\x03")  # interrupts the pager, not the chat
        terminal.wait_for("^C")
        terminal.send("\r")
        terminal.wait_for("IT-HAS-GROWN")
        assert "Chapter" not in terminal.text
        terminal.send("\r")
        terminal.wait_until(lambda text: pane_of(text)[5:18] == seen)
        terminal.send(END)
        terminal.wait_for("That was all. The end.", "done")
    first, last = (tmp_path / "first.txt").read_text(), (tmp_path / "last.txt").read_text()
    assert last.startswith(first) and len(last) > len(first)
    assert last.count("The end.") == 1
