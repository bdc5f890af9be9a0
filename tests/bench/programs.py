"""Runs a program in a pseudo-terminal and measures it from outside."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

TICK = os.sysconf("SC_CLK_TCK")
FLOORS = Path(__file__).parent / "floors"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run cost."""

    first_frame_s: float
    """From the start to the first thing on the screen that is text."""
    cpu_s: float
    """User and system time, from the start or, with keys, from the first key, to the end."""
    output_bytes: int


def cpu_of(child: pexpect.spawn[str]) -> float:
    """CPU seconds that a program has used so far."""
    pid = child.pid
    fields = Path(f"/proc/{pid}/stat").read_bytes().rsplit(b")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def run(arguments: Sequence[str], home: Path, *, ready: str, keys: str = "", end: str = "") -> Measured:
    """Starts Python with these arguments.

    Args:
        arguments: for the interpreter.
        home: a folder for everything that the program keeps.
        ready: text that stands on the first frame.
        keys: pressed once it is ready and has had a second to settle.
        end: text whose appearance ends the run; without one it ends when it is ready.
    """
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LLMHUB_DATA_DIR": str(home / "data"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }
    began = time.monotonic()
    child = pexpect.spawn(sys.executable, [*arguments], env=env, dimensions=(40, 120), timeout=60)
    try:
        child.expect_exact(ready.encode())
        first = time.monotonic() - began
        start = 0.0
        if keys:
            time.sleep(1.5)
            start = cpu_of(child)
            child.send(keys)
        size = 0
        if end:
            child.expect_exact(end.encode())
            size = len(child.before or b"")
            time.sleep(0.5)
        return Measured(first, cpu_of(child) - start, size)
    finally:
        child.close(force=True)
