"""The real command, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.terminal import isolated


def run(home: Path, *arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The command, with standard input from a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "llmhub_tui", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=isolated(home, **env),
        cwd=home,
        timeout=50,
    )
