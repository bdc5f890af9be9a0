"""Runs the whole fault harness: `PYTHONPATH=tests .venv/bin/python -m faults`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from faults.kills import kill_again_and_again


def main() -> None:
    """Runs each part, and says what it has shown."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as home:
        print(kill_again_and_again(Path(home), count, limit_ms=300, tell=print))


if __name__ == "__main__":
    main()
