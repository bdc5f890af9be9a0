"""The one place that writes to standard error and knows the exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from enum import IntEnum
from typing import TextIO

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.plain import plain_line, printed
from llmhub_tui.domain.secret import redacted

PROGRAM = "llmhub-chat"


class ExitCode(IntEnum):
    """What the command's exit status says."""

    FINISHED = 0
    FAILED = 1
    USAGE = 2
    LENGTH = 3
    CRASHED = 70
    """A bug in llmhub-chat itself (`EX_SOFTWARE`)."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    """Whoever read standard output has gone away."""
    TERMINATED = 143


_BY_ENDING = {
    Ending.COMPLETE: ExitCode.FINISHED,
    Ending.TOOL_CALLS: ExitCode.FINISHED,
    Ending.LENGTH: ExitCode.LENGTH,
    Ending.STOPPED: ExitCode.INTERRUPTED,
}


def exit_code(ending: Ending) -> ExitCode:
    """The exit status that a reply's ending asks for."""
    return _BY_ENDING.get(ending, ExitCode.FAILED)


class Diagnostics:
    """Lines for a human, on standard error, free of anything that could drive the terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Takes another stream than standard error, if wanted."""
        self._stream = stream if stream is not None else sys.stderr

    def say(self, message: str, advice: str = "") -> None:
        """Writes one line: what happened, and what to do."""
        text = plain_line(redacted(message), 600)
        if advice:
            text = f"{text.rstrip('.')}. {plain_line(redacted(advice), 300)}"
        with suppress(OSError, ValueError):  # if nobody listens any more, the exit status still tells
            print(printed(f"{PROGRAM}: {text}"), file=self._stream, flush=True)


def silence(stream: TextIO) -> None:
    """Lets a stream's last flush go nowhere, once its reader is gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
