"""Measures how soon Escape works, in every phase of a reply, with the real command in a real terminal.

PYTHONPATH=tests .venv/bin/python -m escape [--runs N]

For each phase: milliseconds from the key until the screen says so, and until the server sees the
connection close. The promise is 100 and 250. Exit status: 0 if the median of every phase keeps it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from escape.server import PHASES, PhaseServer
from support.terminal import Terminal, isolated
from support.wire import black_hole

SCREEN_MS, SERVER_MS = 100.0, 250.0
SHOWN = {
    "connecting": "Generating",
    "waiting": "waiting for the first token",
    "streaming": "word word",
    "countdown": "next try in",
    "resuming": "kept so far",
}
"""What the screen shows once a phase is reached."""


@contextmanager
def somewhere(phase: str) -> Iterator[tuple[str, PhaseServer | None]]:
    """The base URL of a server that keeps a reply in a phase."""
    if phase == "connecting":
        with black_hole() as url:
            yield url, None
    else:
        with PhaseServer(phase) as server:
            yield server.url, server


def measure(phase: str) -> tuple[float, float | None]:
    """Milliseconds until the screen says stopped, and until the server sees the close."""
    with tempfile.TemporaryDirectory() as folder, somewhere(phase) as (url, server):
        home = Path(folder)
        with Terminal(["--base-url", url, "-m", "m"], env=isolated(home), cwd=home) as terminal:
            terminal.wait_for("ready")
            terminal.send("go\r")
            if server is not None:
                server.wait()
            terminal.wait_for(SHOWN[phase])
            time.sleep(0.3)  # into the middle of the phase, not to its edge
            began = time.monotonic()
            terminal.send("\x1b")
            terminal.wait_until(lambda text: "■ stopped" in text, 10)
            on_screen = 1000 * (time.monotonic() - began)
            closed = server.closed_after(began) if server is not None and phase != "countdown" else None
            return on_screen, closed


def main() -> int:
    """Measures every phase, and says what came out."""
    parser = argparse.ArgumentParser(prog="escape")
    parser.add_argument("--runs", type=int, default=5)
    runs: int = parser.parse_args().runs
    kept = True
    print(f"{'phase':<12}{'screen, ms':>24}{'server, ms':>24}")
    for phase in ("connecting", *PHASES):
        found = [measure(phase) for _ in range(runs)]
        screen = [one for one, _ in found]
        server = [one for _, one in found if one is not None]
        print(f"{phase:<12}{_words(screen):>24}{_words(server):>24}")
        kept = kept and statistics.median(screen) <= SCREEN_MS
        kept = kept and (not server or statistics.median(server) <= SERVER_MS)
    print(f"promised: {SCREEN_MS:g} and {SERVER_MS:g}; median (longest) of {runs}")
    return 0 if kept else 1


def _words(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ({max(values):.0f})" if values else "-"


if __name__ == "__main__":
    raise SystemExit(main())
