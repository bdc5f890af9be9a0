"""`python -m llmhub_tui` and the `llmhub-chat` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line, and exits with its status."""
    from llmhub_tui.cli.main import run  # click: 60 ms, which `--version` does not need

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
