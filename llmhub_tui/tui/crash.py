"""What happens when the app itself fails: the terminal is restored, and nothing is printed but one line."""

from __future__ import annotations

import sys
import traceback

from rich.console import RenderableType

from llmhub_tui.tui.terminal.guard import TerminalGuard


class CrashGuard(TerminalGuard):
    """An app that keeps its own failure instead of printing it with all its variables.

    Textual's crash screen shows local variables, which may hold a key, and text from outside, which
    may hold escape sequences. This class replaces `panic`, and the one private method that renders it;
    a test fails when Textual calls something else.
    """

    crash_report: str = ""
    """The traceback without variables, for a log file; empty while all is well."""

    def crash(self, error: BaseException) -> None:
        """Ends the app because of a failure that no one has expected."""
        if not self.crash_report:
            self.crash_report = "".join(traceback.format_exception(error))
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Ends the app, as Textual's own method does, but quietly."""
        self.crash(sys.exc_info()[1] or RuntimeError("Textual has given up"))

    def _fatal_error(self) -> None:
        self.crash(sys.exc_info()[1] or RuntimeError("Textual has failed"))
