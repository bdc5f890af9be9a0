"""Writes to the terminal without ever waiting for it."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_MOST: Final = 1 << 20
"""Characters that a slow terminal may be behind; a whole screen is 20 to 100 thousand."""
_MODE: Final = 40
"""Characters; what is shorter sets a mode of the terminal and is never dropped."""


class TerminalWriter:
    """A queue and a thread behind it.

    Textual's own queue makes the whole program wait for a terminal that has stopped reading, as with
    Ctrl+S or over a broken connection. Here what the terminal does not take is dropped, and painted anew
    when it reads again.
    """

    def __init__(self, descriptor: int, encoding: str, on_missed: Callable[[], None]) -> None:
        """Takes where to write.

        Args:
            descriptor: of the terminal.
            encoding: of its text; what it lacks becomes a question mark.
            on_missed: called in the thread, when all is written but something was dropped before.
        """
        self._descriptor = descriptor
        self._encoding = encoding
        self._on_missed = on_missed
        self._queue: deque[str] = deque()
        self._size = 0
        self._missed = False
        self._busy = False
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None

    def write(self, text: str) -> None:
        """Takes text to write; returns at once."""
        with self._news:
            if self._thread is None:  # not before the first: an app that never starts needs none
                self._thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
                self._thread.start()
            self._queue.append(text)
            self._size += len(text)
            if self._size > _MOST:
                self._queue = deque(part for part in self._queue if len(part) <= _MODE)
                self._size = sum(map(len, self._queue))
                self._missed = True
            self._news.notify_all()

    def drain(self, seconds: float) -> bool:
        """Waits until all is written; says whether it is."""
        with self._news:
            return self._news.wait_for(lambda: not self._queue and not self._busy, seconds)

    def _run(self) -> None:
        while True:
            with self._news:
                self._busy = False
                self._news.notify_all()
                missed = self._missed and not self._queue
                if not missed:
                    self._news.wait_for(lambda: self._queue)
                self._missed = self._missed and not missed
                text = "".join(self._queue)
                self._queue.clear()
                self._size = 0
                self._busy = True
            if missed:
                self._on_missed()
            with suppress(OSError):  # the terminal has gone away; a signal ends the program
                self._put(text.encode(self._encoding, "replace"))

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view[:65_536]) :]
