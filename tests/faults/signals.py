"""The terminal goes away, the system shuts down, the user suspends: each in the middle of a reply."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from faults.chats import Place
from faults.speaker import Speaker, lost_ms

_RESTORED = (b"\x1b[?1049l", b"\x1b[?25h")
"""Leaves the alternate screen; shows the cursor."""


@dataclass(frozen=True)
class Ended:
    """How the chat ended on a signal."""

    status: int
    took_s: float
    lost_ms: float
    restored: bool
    offered: bool
    """Whether the next start with `-c` showed the reply."""

    def __str__(self) -> str:
        return f"status {self.status} after {self.took_s:.2f} s, {self.lost_ms:.0f} ms of the reply lost"


def end_by(number: signal.Signals, home: Path) -> Ended:
    """Sends a signal in mid-reply."""
    place = Place(home)
    with Speaker() as speaker:
        with place.chat(speaker.url) as terminal:
            terminal.wait_for("ready")
            terminal.send("speak\r")
            terminal.wait_for("w00030")
            terminal.emulating = False  # the emulator is slower than any real terminal
            end = time.monotonic()
            terminal.child.kill(number)
            status = terminal.exit_status()
            took_s = time.monotonic() - end
            restored = all(sequence in terminal.recorded for sequence in _RESTORED)
        assert place.integrity() == "ok"
        assert place.prompts() == ["speak"]
        lost = lost_ms(place.kept(), speaker.sent_at, end)
        with place.chat(speaker.url, "-c") as terminal:
            terminal.wait_for("w00030")
            offered = "w00030" in terminal.text
    return Ended(status, took_s, lost, restored, offered)


def hang_up(home: Path) -> float:
    """Closes the terminal itself, as its window's close button does; answers with the lost milliseconds."""
    place = Place(home)
    with Speaker() as speaker:
        with place.chat(speaker.url) as terminal:
            terminal.wait_for("ready")
            terminal.send("speak\r")
            terminal.wait_for("w00030")
            child = terminal.process
            end = time.monotonic()
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, terminal.child.child_fd)  # the kernel sends SIGHUP to whoever has it as terminal
            os.close(null)
            _wait_for_state(child, "Z")
        assert place.integrity() == "ok"
        return lost_ms(place.kept(), speaker.sent_at, end)


def suspend_and_go_on(home: Path) -> None:
    """Suspends the chat in mid-reply and wakes it: nothing is missing at the end."""
    place = Place(home)
    with Speaker(words=300) as speaker, place.chat(speaker.url) as terminal:
        terminal.wait_for("ready")
        terminal.send("speak\r")
        terminal.wait_for("w00030")
        terminal.child.kill(signal.SIGTSTP)
        _wait_for_state(terminal.process, "T")
        assert _RESTORED[0] in terminal.recorded, "the terminal was not given back"
        terminal.child.kill(signal.SIGCONT)
        terminal.wait_for("w00299", "done ·")
        terminal.send("\x11")
        assert terminal.exit_status() == 0
        assert place.kept() == 300


def _wait_for_state(process: int, state: str) -> None:
    deadline = time.monotonic() + 20
    while Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != state:
        assert time.monotonic() < deadline, f"process {process} does not come to state {state}"
        time.sleep(0.01)
