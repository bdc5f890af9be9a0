"""Textual's driver for terminals, with our own ways in and out.

What is overridden is public (`run_input_thread`, `write`, `close`); the parser of keys is not. It is used
here alone, and tests in a pseudo-terminal fail when Textual changes any of it.
"""

from __future__ import annotations

import os
import selectors
import sys
import time
from contextlib import suppress
from typing import Any, Final

from textual._xterm_parser import XTermParser
from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste
from textual.message import Message

from llmhub_tui.tui.terminal.keyboard import Keyboard, LargePaste
from llmhub_tui.tui.terminal.wall import written
from llmhub_tui.tui.terminal.writer import TerminalWriter

_READ: Final = 65_536
_TICK_S: Final = 0.1
_ESCAPE_TICK_S: Final = 0.03
"""How soon it is looked again at an escape character that may be the key, or the beginning of a sequence."""
_SOON_S: Final = 0.01
_PATIENCE_S: Final = 3.0
"""How long keys wait at the start for somebody who takes them."""
_LEAVE_S: Final = 1.0
"""How long a terminal may take for what is left when the program ends."""


class TerminalGone(Message):
    """The terminal was closed."""


class TerminalMissed(Message):
    """The terminal had stopped reading, reads again, and has missed something."""


class GuardedDriver(LinuxDriver):
    """Never waits for the terminal, never ends at what it sends, and writes nothing but what it may."""

    stuck = False
    """Whether the terminal did not take the last words of the program."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        """As Textual's."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        stream = sys.__stderr__
        self._writer = TerminalWriter(
            stream.fileno() if stream is not None else 2,
            (stream.encoding if stream is not None else "") or "utf-8",
            lambda: self._tell(TerminalMissed()),
        )
        self._lent = False
        """Whether another program has the terminal."""
        self._ahead: list[Message] = []
        """What was typed before anybody could take it."""
        self._listening = False
        self._until = 0.0
        """When keys are passed on in any case, on the monotonic clock."""

    def suspend_application_mode(self) -> None:
        """Gives the terminal up: what the app still paints goes nowhere."""
        super().suspend_application_mode()
        self._lent = True

    def resume_application_mode(self) -> None:
        """Takes the terminal back."""
        self._lent = False
        super().resume_application_mode()

    def write(self, data: str) -> None:
        """Hands the data to the thread that writes."""
        if not self._lent:
            self._writer.write(written(data))

    def close(self) -> None:
        """Waits for the last words, but not for ever."""
        GuardedDriver.stuck = not self._writer.drain(_LEAVE_S)
        super().close()

    def run_input_thread(self) -> None:
        """Reads until the driver ends, or the terminal does."""
        keyboard = Keyboard(lambda: XTermParser(False), time.monotonic)
        self._until = time.monotonic() + _PATIENCE_S
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            pause = _TICK_S
            while not self.exit_event.is_set():
                ready, pause = selector.select(pause), _TICK_S
                if ready:
                    try:
                        data = os.read(self.fileno, _READ)
                    except InterruptedError:
                        continue
                    except OSError:
                        data = b""
                    if not data:
                        self._tell(TerminalGone())
                        return
                    pause = _ESCAPE_TICK_S if data.endswith(b"\x1b") else _TICK_S
                    self._ahead += keyboard.feed(data)
                self._ahead += keyboard.tick()
                if self._pass_on():
                    pause = min(pause, _SOON_S)

    def _pass_on(self) -> bool:
        """Passes on what was read; says whether keys wait: before the first frame nobody takes them."""
        if not self._listening:
            with suppress(ScreenStackError):  # there is no screen yet
                self._listening = self._app.focused is not None
            self._listening = self._listening or time.monotonic() > self._until
        ahead, self._ahead = self._ahead, []
        for message in ahead:
            if self._listening or not isinstance(message, Key | Paste | LargePaste):
                self.process_message(message)
            else:
                self._ahead.append(message)
        return bool(self._ahead)

    def _tell(self, message: Message) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self.send_message(message)
