"""The app's share in guarding the terminal: filters, driver, and what the driver tells."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from textual.app import App
from textual.driver import Driver
from textual.filter import LineFilter

from llmhub_tui.tui.terminal.driver import GuardedDriver, TerminalGone, TerminalMissed
from llmhub_tui.tui.terminal.wall import CELLS


class TerminalGuard(App[int]):
    """An app whose terminal is guarded."""

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

    def on_terminal_missed(self, _: TerminalMissed) -> None:
        """Paints everything anew."""
        self.screen.refresh(layout=True)
