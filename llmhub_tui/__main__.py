"""`python -m llmhub_tui` and the `llmhub-chat` command."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def main() -> None:
    """Runs the command line, and exits with its status.

    All that is to be saved has been when `run` returns; the interpreter's own tidying up, which
    takes 150 ms with the SDK loaded, is left out.
    """
    folder = os.getcwd()
    if sys.path[:1] == [folder] and not __file__.startswith(folder):
        del sys.path[0]  # `python -m` would import modules of the working directory
    from llmhub_tui.cli.main import run  # click: 60 ms, which importing this module need not cost

    status = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
