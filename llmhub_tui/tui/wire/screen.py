"""F12: the request, the answer, and every event as it came, while it comes."""

from __future__ import annotations

import time
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from llmhub_tui.domain.plain import plain_line
from llmhub_tui.domain.wire_log import Exchange, WireLog
from llmhub_tui.tui.clipboard import copy_text
from llmhub_tui.tui.wire.pane import WirePane
from llmhub_tui.tui.wire.telling import outcome, pauses

_LOOK_S: Final = 0.25
_HINT: Final = "Esc closes · ← → other exchanges · Shift+← → long lines · End · y copies"


class WireScreen(Screen[None]):
    """Shows the log of the wire; with each new exchange it goes to that one, unless an older one is read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f12,q", "close", "Close", id="wire.close", tooltip="Back to the chat"),
        Binding("left", "step(-1)", "Older", id="wire.older", tooltip="The exchange before", priority=True),
        Binding("right", "step(1)", "Newer", id="wire.newer", tooltip="The exchange after", priority=True),
        Binding("y", "copy", "Copy", id="wire.copy", tooltip="All that is shown, without the key"),
    ]

    def __init__(self, log: WireLog) -> None:
        """Takes the log, which goes on growing."""
        super().__init__()
        self._log = log
        self._number: int | None = None
        """The exchange that is looked at; `None` for the newest, whichever that is."""
        self._version = -1

    def compose(self) -> ComposeResult:
        """The summary stands still, the details scroll."""
        with Vertical(id="wire-summary"):
            yield Static(id="wire-title")
            yield Static(id="wire-outcome")
            yield Static(id="wire-gaps")
        yield WirePane()
        yield Static(Content(_HINT), id="wire-hint")

    def on_mount(self) -> None:
        """Looks at the log now and then, for as long as the view is open."""
        self.query_one(WirePane).focus()
        self._look()
        self.set_interval(_LOOK_S, self._look)

    def on_resize(self) -> None:
        """Makes the plot as wide as the screen."""
        self._version = -1
        self._look()

    def _shown(self) -> Exchange | None:
        known = list(self._log.exchanges)
        found = [one for one in known if one.asked.exchange == self._number]
        return found[0] if found else known[-1] if known else None

    def _look(self) -> None:
        exchange = self._shown()
        running = exchange is not None and exchange.ended is None
        if self._version == self._log.version and not running:
            return
        self._version = self._log.version
        if exchange is None:
            self._tell("#wire-title", "Nothing has been sent yet")
            return
        place = [one.asked.exchange for one in self._log.exchanges].index(exchange.asked.exchange) + 1
        count = len(self._log.exchanges)
        which = f"\u2039{place}/{count}\u203a " if count > 1 else ""
        self._tell("#wire-title", f"{which}{exchange.asked.method} {exchange.asked.url}")
        self._tell("#wire-outcome", outcome(exchange, time.monotonic()))
        self._tell("#wire-gaps", "gaps " + pauses(exchange, self.size.width - 8))
        self.query_one(WirePane).show(exchange)

    def _tell(self, where: str, text: str) -> None:
        self.query_one(where, Static).update(Content(plain_line(text, 1000)))

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss()

    def action_step(self, step: int) -> None:
        """Looks at another exchange."""
        numbers = [one.asked.exchange for one in self._log.exchanges]
        shown = self._shown()
        if shown is None:
            return
        at = numbers.index(shown.asked.exchange) + step
        if 0 <= at < len(numbers):
            self._number = numbers[at] if at < len(numbers) - 1 else None
            self._version = -1
            self._look()

    def action_copy(self) -> None:
        """Copies what is shown."""
        copy_text(self.app, self.query_one(WirePane).text())
        self.notify("Copied the exchange, without the key", markup=False)
