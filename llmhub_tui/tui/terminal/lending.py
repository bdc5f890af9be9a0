"""Lends the terminal to another program, while the app goes on behind it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from textual.app import App

_PAUSE_S: Final = 0.3
"""Between two calls of `meanwhile`."""


async def lend_terminal(app: App[Any], command: Sequence[str], meanwhile: Callable[[], None]) -> None:
    """Runs a program in the app's terminal and waits for its end. The loop is free: replies go on.

    Args:
        app: gives up its terminal and paints nothing until it has it back.
        command: the program and its arguments.
        meanwhile: called now and then.

    Raises:
        SuspendNotSupported: if this terminal cannot be given up.
        OSError: if the program cannot be started.
    """
    trouble: OSError | None = None
    with app.suspend(), _interrupts_are_the_programs():
        try:
            await _run(command, meanwhile)
        except OSError as error:  # raised within, it would keep the app from taking its terminal back
            trouble = error
    app.screen.refresh(layout=True)
    if trouble is not None:
        raise trouble


async def _run(command: Sequence[str], meanwhile: Callable[[], None]) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    ended = asyncio.ensure_future(process.wait())
    try:
        while not ended.done():
            await asyncio.wait({ended}, timeout=_PAUSE_S)
            meanwhile()
    finally:
        if process.returncode is None:  # the app is leaving
            process.terminate()
            ended.cancel()


@contextmanager
def _interrupts_are_the_programs() -> Iterator[None]:
    """Ctrl+C reaches everything in the terminal; here it means the other program alone."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
