"""The real command in a real pseudo-terminal, and its screen as text."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte

ANSWERS = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[c"), b"\x1b[?62;22c"),
)
"""What a terminal is asked at the start, and what this one says."""
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$[a-z]|\x1bP[^\x1b]*\x1b\\")
"""Sequences that the emulator would print instead of ignoring them."""


def isolated(home: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of the real user can be seen or touched."""
    for name in ("config", "data", "cache", "state"):
        (home / name).mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        **more,
    }


class Terminal:
    """A program in a terminal; used in a `with` block, at whose end it is killed if it still runs."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        columns: int = 100,
        lines: int = 30,
        module: str = "llmhub_tui",
        emulate: bool = True,
    ) -> None:
        """Starts `llmhub-chat` with these arguments.

        Args:
            arguments: of the command.
            env: its environment.
            cwd: its working directory.
            columns: of the terminal.
            lines: of the terminal.
            module: another program to start, by the name of its module.
            emulate: whether there is a screen to look at, or only a record of bytes.
        """
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._news = threading.Condition()
        self.emulating = emulate
        """Whether the screen follows; without it, output is only recorded, as fast as it comes."""
        self.recorded = bytearray()
        self.reading = threading.Event()
        """Cleared, it makes a terminal that has stopped reading."""
        self.reading.set()
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", module, *arguments],
            env=dict(env),
            cwd=str(cwd),
            dimensions=(lines, columns),
            timeout=30,
        )
        self.child.delaybeforesend = (
            None  # 50 ms before each key otherwise, which no hand and no measurement wants
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.reading.set()
        self.child.close(force=True)
        self._reader.join(5)

    def _read(self) -> None:
        while True:
            self.reading.wait()
            try:
                data = os.read(self.child.child_fd, 65536)
            except (OSError, ValueError):
                data = b""
            if not data:
                break
            for question, answer in ANSWERS:
                if question.search(data):
                    self.child.send(answer)
            with self._news:
                self.recorded += data
                if self.emulating:
                    self._stream.feed(_UNKNOWN.sub(b"", data))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    @property
    def process(self) -> int:
        """The program's number."""
        assert self.child.pid is not None
        return self.child.pid

    @property
    def text(self) -> str:
        """What is on the screen."""
        with self._news:
            return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_until(self, holds: Callable[[str], bool], timeout: float = 30.0) -> str:
        """Waits until something holds of the screen; returns the screen."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                text = "\n".join(line.rstrip() for line in self.screen.display)
                if holds(text):
                    return text
                left = deadline - time.monotonic()
                assert left > 0, f"not within {timeout} s; the screen:\n{text}"
                self._news.wait(min(left, 0.5))

    def wait_for(self, *words: str, timeout: float = 30.0) -> str:
        """Waits until all these words are on the screen."""
        try:
            return self.wait_until(lambda text: all(word in text for word in words), timeout)
        except AssertionError as error:
            raise AssertionError(f"waited for {words!r}: {error}") from None

    def resize(self, columns: int, lines: int) -> None:
        """Makes the terminal larger or smaller."""
        with self._news:  # the reader may be painting just now
            self.screen.resize(lines, columns)
            self.child.setwinsize(lines, columns)

    def send(self, keys: str) -> None:
        """Presses keys."""
        self.child.send(keys)

    def paste(self, text: str) -> None:
        """Pastes, and waits for as long as it takes a hand to reach for another key."""
        self.child.send(f"\x1b[200~{text}\x1b[201~")
        time.sleep(0.1)  # what follows within 50 ms counts as a part of the paste

    def kill(self) -> None:
        """Ends the program as a power cut would."""
        self.child.kill(signal.SIGKILL)
        self.child.wait()

    def exit_status(self, seconds: float = 60.0) -> int:
        """Waits until the program has ended by itself; returns its status, or 128 and the signal."""
        self._reader.join(seconds)
        self.child.wait()
        if self.child.signalstatus is not None:
            return 128 + int(self.child.signalstatus)
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)
