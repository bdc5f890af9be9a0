"""Every terminal either works or is told in one line; none makes the program fail, hang or quit."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.app import Stage, until_open
from support.bytecheck import flags
from support.demo import DemoServer
from support.scenes import REPLY
from support.scripted import saying
from support.terminal import Terminal, isolated

from llmhub_tui.demo import showpieces


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    """A demo server without a pace."""
    with DemoServer() as server:
        yield server


def chat(
    server: DemoServer,
    home: Path,
    size: tuple[int, int] = (100, 30),
    env: dict[str, str] | None = None,
) -> Terminal:
    """The chat in a terminal."""
    columns, lines = size
    arguments = ["--base-url", server.url]
    return Terminal(arguments, env=isolated(home, **(env or {})), cwd=home, columns=columns, lines=lines)


def quits(terminal: Terminal) -> None:
    """Asserts that it still does what it is told; while a reply runs, it asks first."""
    for _ in range(20):
        terminal.send("\x11")
        time.sleep(0.5)
        if not terminal.child.isalive():
            break
    assert terminal.exit_status() == 0
    assert b"\x1b[?1049l" in terminal.recorded


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_that_cannot_be_painted_on_is_told_so(
    term: str, server: DemoServer, tmp_path: Path
) -> None:
    with chat(server, tmp_path, env={"TERM": term}) as terminal:
        assert terminal.exit_status() == 2
        said = bytes(terminal.recorded).decode()
    assert re.fullmatch(r"llmhub-chat: .*TERM is.*`llmhub-chat ask`.*\r\n", said)


def test_without_a_terminal_one_line_points_to_ask(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "llmhub_tui"],
        capture_output=True,
        text=True,
        env=isolated(tmp_path),
        stdin=subprocess.DEVNULL,
        timeout=30,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"llmhub-chat: the chat needs a terminal\. .*`llmhub-chat ask`.*\n", done.stderr)
    assert done.stdout == ""


def test_a_terminal_without_a_size_is_told_so(server: DemoServer, tmp_path: Path) -> None:
    with chat(server, tmp_path, size=(0, 0)) as terminal:
        assert terminal.exit_status() == 2
        assert b"has a size" in terminal.recorded


@pytest.mark.parametrize("size", [(20, 5), (1, 1)])
def test_a_tiny_terminal_works(size: tuple[int, int], server: DemoServer, tmp_path: Path) -> None:
    requests = server.status()["requests"]
    with chat(server, tmp_path, size=size) as terminal:
        terminal.wait_until(lambda _: b"\x1b[?2004h" in terminal.recorded)
        for _ in range(20):
            terminal.send("hello\r")  # what it shows is too little to wait for
            time.sleep(0.5)
            if server.status()["requests"] > requests:
                break
        assert server.status()["requests"] > requests
        quits(terminal)
        assert flags(bytes(terminal.recorded)) == []


def test_a_storm_of_sizes_is_survived(server: DemoServer, tmp_path: Path) -> None:
    with chat(server, tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.send("table\r")
        for at in range(120):
            terminal.child.setwinsize(1 + at * 7 % 40, 1 + at * 13 % 120)
            time.sleep(0.005)
        terminal.child.setwinsize(30, 100)
        terminal.wait_for("done")
        quits(terminal)
        assert flags(bytes(terminal.recorded)) == []


@pytest.mark.parametrize(
    ("name", "env"),
    [
        ("C", {"LANG": "C", "LC_ALL": "C"}),
        ("latin", {"LANG": "de_DE.ISO-8859-1"}),
        ("plain", {"NO_COLOR": "1"}),
    ],
)
def test_old_locales_and_no_color_work(
    name: str, env: dict[str, str], server: DemoServer, tmp_path: Path
) -> None:
    with chat(server, tmp_path, env=env) as terminal:
        terminal.wait_for("ready")
        terminal.send("hello\r")
        terminal.wait_for("offline demo", "done")
        quits(terminal)
        assert flags(bytes(terminal.recorded)) == []
        colors = set(re.findall(rb"[34]8;2;(\d+;\d+;\d+)", bytes(terminal.recorded)))
        gray = {color for color in colors if len(set(color.split(b";"))) == 1}
        assert (colors == gray) == (name == "plain")


def test_impossible_keys_and_bytes_end_nothing(server: DemoServer, tmp_path: Path) -> None:
    with chat(server, tmp_path) as terminal:
        terminal.wait_for("ready")
        for data in (
            b"\xff\xfe",
            b"\x1b[99999999999u",
            b"\x1b[48;0;0;0;0t",
            b"\x1b[<0;9999999999;1M",
            b"\x1bP\x1b",
        ):
            os.write(terminal.child.child_fd, data)
            time.sleep(0.15)
        os.write(terminal.child.child_fd, b"\x1b[200~pasted\x1b[201~\r\x11\x03y")
        terminal.wait_for("pasted")
        time.sleep(0.3)
        assert server.status()["active"] == 0
        terminal.send("\x15" * 5)
        quits(terminal)


def test_a_hang_up_ends_the_program(server: DemoServer, tmp_path: Path) -> None:
    with chat(server, tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.child.kill(signal.SIGHUP)
        assert terminal.exit_status() == 129


def test_a_terminal_that_stops_reading_stops_nothing(tmp_path: Path) -> None:
    with DemoServer(pace=200) as server, chat(server, tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.reading.clear()
        terminal.send("x")  # lets the reader come to its wait
        terminal.send("long\r")
        server.wait_for("requests", 1)
        for at in range(60):  # paints much more than the terminal keeps
            terminal.child.setwinsize(30 + at % 2, 100)
            time.sleep(0.02)
        server.wait_for("active", 0)  # the reply was read to its end meanwhile
        terminal.reading.set()
        terminal.wait_for("done")
        quits(terminal)


def test_a_terminal_that_never_reads_again_does_not_keep_the_program(tmp_path: Path) -> None:
    with DemoServer(pace=200) as server, chat(server, tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.reading.clear()
        terminal.send("x")
        terminal.send("long\r")
        server.wait_for("requests", 1)
        for at in range(60):
            terminal.child.setwinsize(30 + at % 2, 100)
            time.sleep(0.02)
        terminal.child.kill(signal.SIGTERM)
        deadline = time.monotonic() + 15
        while terminal.child.isalive() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not terminal.child.isalive()
        assert terminal.child.exitstatus == 143


def test_the_demo_dies_with_its_parent_however_that_dies(tmp_path: Path) -> None:
    with Terminal(["--demo"], env=isolated(tmp_path), cwd=tmp_path) as terminal:
        terminal.wait_for("Offline demo", "ready")
        terminal.send("hello\r")
        terminal.wait_for("done")
        children = Path(f"/proc/{terminal.child.pid}/task/{terminal.child.pid}/children").read_text().split()
        threads = Path(f"/proc/{terminal.child.pid}/task").iterdir()
        children += [child for thread in threads for child in (thread / "children").read_text().split()]
        assert children
        terminal.kill()
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(Path(f"/proc/{child}").exists() for child in children)


@pytest.mark.parametrize("seed", range(3))
async def test_no_size_of_a_terminal_fails(seed: int) -> None:
    sizes = random.Random(seed)
    stage = Stage([saying(showpieces.TABLE), REPLY])
    async with stage.app.run_test() as pilot:
        await until_open(pilot)
        await pilot.press("h", "enter")
        for number in range(20):
            await pilot.resize_terminal(sizes.randint(1, 30), sizes.randint(1, 12))
            await pilot.pause()
            if number == 10:
                await pilot.press("ctrl+r")
    assert stage.app.crash_report == ""
