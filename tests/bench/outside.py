"""What whole programs cost, measured from outside: in a pseudo-terminal, against a server with a clock."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.inside import entries
from bench.server import END, PacedServer
from bench.texts import mixed
from support.terminal import Terminal, isolated

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Message
from llmhub_tui.store.library import Library

TICK = os.sysconf("SC_CLK_TCK")
FLOORS = Path(__file__).parent / "floors"
RATE = 100
"""Tokens a second."""
LETTERS = "QWERTYUIOPASDFGHJKLZXCVBNM" * 4
_FRAME = re.compile(rb"\x1b\[\?2026l")


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a streamed reply cost a program."""

    cpu_s: float
    """User and system time for each thousand tokens."""
    bytes_per_token: float
    last_word_s: float
    """From the server's last word to the screen."""
    paints_per_s: float


def cpu_of(process: int) -> float:
    """CPU seconds that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_bytes().rsplit(b")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(process: int) -> float:
    """Megabytes that a process has in memory, without what it shares."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    fields = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
    return (int(fields["Private_Clean"]) + int(fields["Private_Dirty"])) / 1024


def chat(home: Path, *arguments: str, emulate: bool = False) -> Terminal:
    """The chat, in a home of its own."""
    env = isolated(home, LLMHUB_DATA_DIR=str(home / "data"))
    return Terminal(arguments, env=env, cwd=home, columns=120, lines=40, emulate=emulate)


def floor(home: Path, name: str, *arguments: str) -> Terminal:
    """One of the programs to compare with."""
    env = isolated(home, PYTHONPATH=str(FLOORS))
    return Terminal(arguments, env=env, cwd=home, columns=120, lines=40, module=name, emulate=False)


def until_sent(terminal: Terminal, text: bytes, timeout: float = 300.0) -> float:
    """When a text was first in the program's output, on the monotonic clock."""
    deadline = time.monotonic() + timeout
    while text not in terminal.recorded:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{text!r} never came")
        time.sleep(0.001)
    return time.monotonic()


def start_up(home: Path) -> tuple[float, float]:
    """Seconds to the first frame of the chat, and of an empty Textual app; best of seven, in turn."""
    ours: list[float] = []
    empty: list[float] = []
    with PacedServer(mixed, RATE) as server:
        for _ in range(7):
            began = time.monotonic()
            with chat(home, "--base-url", server.url) as terminal:
                ours.append(until_sent(terminal, b"ype a") - began)
            began = time.monotonic()
            with floor(home, "empty_app") as terminal:
                empty.append(until_sent(terminal, b"ype a") - began)
    return min(ours), min(empty)


def streamed(terminal: Terminal, server: PacedServer, tokens: int, keys: str = "") -> Streamed:
    """One reply: from the keys that ask for it, or from the request of a program that asks by itself.

    With keys to a second after its end; what a script does to end is left out, as its start is.
    """
    if keys:
        until_sent(terminal, b"ype a")
        time.sleep(2.0)
    else:
        server.asked.wait(60)
    cpu, size, began = cpu_of(terminal.process), len(terminal.recorded), time.monotonic()
    terminal.send(keys)
    lag = until_sent(terminal, END.encode(), 600) - server.sent_at
    took = time.monotonic() - began
    recorded = bytes(terminal.recorded[size:])
    time.sleep(1.0 if keys else 0.0)
    return Streamed(
        (cpu_of(terminal.process) - cpu) / tokens * 1000,
        len(recorded) / tokens,
        max(0.0, lag),
        len(_FRAME.findall(recorded)) / took,
    )


def stream(home: Path, program: str, tokens: int) -> Streamed:
    """The same reply in the chat, or in one of the floors."""
    limit = str(tokens)
    with PacedServer(mixed, RATE) as server:
        if program == "chat":
            arguments = ("--base-url", server.url, "-m", "bench", "--max-tokens", limit)
            with chat(home, *arguments) as terminal:
                return streamed(terminal, server, tokens, "long\r")
        with floor(home, program, server.url, limit) as terminal:
            return streamed(terminal, server, tokens)


def key_echo(home: Path, presses: int = 60) -> float:
    """Seconds within which 95 of 100 keys are on the screen while a reply streams."""
    arguments = ("-m", "bench", "--max-tokens", "4000")
    with (
        PacedServer(mixed, RATE) as server,
        chat(home, "--base-url", server.url, *arguments, emulate=True) as terminal,
    ):
        terminal.wait_for("ype a")
        time.sleep(1.5)
        terminal.send("go\r")
        terminal.wait_for("Head 1")
        took: list[float] = []
        for at in range(presses):
            wanted = LETTERS[: at + 1]
            time.sleep(0.23)
            began = time.monotonic()
            terminal.send(wanted[-1])
            terminal.wait_for(wanted)
            took.append(time.monotonic() - began)
    return sorted(took)[int(len(took) * 0.95)]


def leaving(home: Path) -> tuple[float, float]:
    """Per cent of a core that an idle chat uses, and the seconds that it takes to leave; best of three."""
    idle: list[float] = []
    left: list[float] = []
    with PacedServer(mixed, RATE) as server:
        for _ in range(3):
            with chat(home, "--base-url", server.url, "-m", "bench") as terminal:
                until_sent(terminal, b"ype a")
                time.sleep(3.0)
                cpu = cpu_of(terminal.process)
                time.sleep(5.0)
                idle.append(cpu_of(terminal.process) - cpu)
                began = time.monotonic()
                terminal.send("\x11")
                terminal.exit_status()
                left.append(time.monotonic() - began)
    return min(idle) / 5 * 100, min(left)


def keep(home: Path, count: int) -> None:
    """Saves a conversation of so many messages as the last one used."""
    messages: list[Message] = []
    for entry in entries(count):
        parent = messages[-1].id if messages else None
        messages.append(replace(entry.message, parent=parent))
    library = Library(home / "data")
    asyncio.run(
        library.begin(Conversation("long", title="Long", created_at=1.0, messages=messages), messages)
    )
    library.close()


def memory(home: Path, count: int) -> float:
    """Megabytes of the whole program once such a conversation was opened and paged through for a while."""
    keep(home, count)
    with (
        PacedServer(mixed, RATE) as server,
        chat(home, "--base-url", server.url, "-m", "bench", "-c", emulate=True) as terminal,
    ):
        terminal.wait_for(f"{count - 1} Some", timeout=60)
        terminal.send("\t")
        for keys in ("\x1b[H", *["\x1b[6~"] * 40, "\x1b[F", *["\x1b[5~"] * 40):
            terminal.send(keys)
            time.sleep(0.1)
        time.sleep(1.0)
        return memory_of(terminal.process)


def all_of(home: Path, programs: Sequence[str], tokens: int) -> dict[str, Streamed]:
    """The same reply in each of these programs."""
    return {program: stream(home, program, tokens) for program in programs}
