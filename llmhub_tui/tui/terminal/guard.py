"""The app's share in guarding the terminal: filters, driver, and what the driver tells."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import Final

from textual.app import App
from textual.driver import Driver
from textual.events import Resize
from textual.filter import LineFilter
from textual.geometry import Size
from textual.timer import Timer

from llmhub_tui.tui.terminal.driver import GuardedDriver, TerminalGone, TerminalMissed
from llmhub_tui.tui.terminal.wall import CELLS

_REST_S: Final = 0.05
"""A terminal that has not changed its size for this long has come to rest."""


class TerminalGuard(App[int]):
    """An app whose terminal is guarded."""

    _resting: Timer | None = None
    _shown = False
    """Whether there has been a first frame, which has the size that there is."""

    @property
    def terminal_stuck(self) -> bool:
        """Whether the terminal had stopped reading when the app ended."""
        return GuardedDriver.stuck

    def get_driver_class(self) -> type[Driver]:
        """Our own driver, but where another was asked for, as for a browser."""
        if os.environ.get("TEXTUAL_DRIVER") or sys.platform == "win32":
            return super().get_driver_class()
        return GuardedDriver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and the outer wall last of all."""
        return [*super().get_line_filters(), CELLS]

    def on_terminal_gone(self, _: TerminalGone) -> None:
        """Ends the app: there is nobody to talk to."""
        self.exit(129)

    def on_ready(self) -> None:
        """The first frame is there."""
        self._shown = True

    def on_resize(self) -> None:
        """Sees to it that the screen has the terminal's size, and is painted, once that has come to rest.

        In between the terminal may have been smaller, and have lost what had no room. And of several sizes in
        a row Textual may take the last but one for the last: a signal may interrupt the handler of another,
        and a screen's own event overtake the terminal's.
        """
        if self._resting is not None:
            self._resting.stop()
        if self._shown:
            self._resting = self.set_timer(_REST_S, self._rested)

    def _rested(self) -> None:
        self._resting = None
        if not self.screen_stack:  # the app has ended
            return
        on_terminal = self.get_driver_class() is GuardedDriver and not self.is_headless
        size = Size(*shutil.get_terminal_size()) if on_terminal else self.size
        if size != self.size:
            self.post_message(Resize(size, size))
            return
        late = [screen for screen in self.screen_stack if screen.size != size and not self.is_inline]
        for screen in late:
            screen.post_message(Resize(size, size))
        if late:
            self.on_resize()
        self.screen.refresh(layout=True)

    def on_terminal_missed(self, _: TerminalMissed) -> None:
        """Paints everything anew."""
        self.screen.refresh(layout=True)
