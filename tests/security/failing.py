"""Starts the real program with a fault in it; run by tests, in a pseudo-terminal.

`python -m security.failing WHERE ARGUMENTS…`: a part of the program raises an error that holds a key and
an escape sequence, as an error of Python's may.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from llmhub_tui.cli import main as command
from llmhub_tui.cli import wiring
from llmhub_tui.domain.secret import Secret
from llmhub_tui.session.attempt import Attempt
from llmhub_tui.tui.app import ChatApp
from llmhub_tui.tui.widgets.status import StatusLine

KEY = Secret("planted-key-0123456789").reveal()


def fail(*_: object, **__: object) -> NoReturn:
    """What is planted."""
    local = KEY  # a variable, which Textual's own report would show
    raise ValueError(f"{local} \x1b]0;pwned\x07\x1b[2J [/] end")


def in_render() -> None:
    """When a widget is painted, after some words of a reply have come."""
    render = StatusLine.render

    def failing(self: StatusLine) -> object:
        return fail() if "token" in self.state or "/s" in self.state else render(self)

    StatusLine.render = failing  # type: ignore[method-assign,assignment]  # the fault


def in_action() -> None:
    """In an action of the app."""
    ChatApp.action_help = fail  # type: ignore[method-assign]  # the fault


def in_task() -> None:
    """In the task that reads a reply."""
    Attempt.run = fail  # type: ignore[method-assign]  # the fault


def at_start() -> None:
    """While the settings are read, in a thread."""
    wiring.read_settings = fail  # type: ignore[attr-defined]  # the fault


FAULTS: dict[str, Callable[[], None]] = {
    "render": in_render,
    "action": in_action,
    "task": in_task,
    "start": at_start,
}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    sys.exit(command.run(sys.argv[2:]))
