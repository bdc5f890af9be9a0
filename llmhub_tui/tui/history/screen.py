"""The full screen of the history: list and search at the left, the conversation at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.clipboard import copy_text
from llmhub_tui.tui.history.browser import Browser
from llmhub_tui.tui.history.preview import Preview
from llmhub_tui.tui.widgets.reading import ReadingPane

if TYPE_CHECKING:
    from llmhub_tui.tui.library import Library

_WIDE: Final = 90
"""Columns from which there is room for a preview."""


class HistoryScreen(Screen[None]):
    """Finds a conversation, or a message in one. The app opens what is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,ctrl+o", "close", "Close", id="history.close", tooltip="Back to the chat", priority=True
        ),
    ]

    def __init__(self, library: Library, wall: Callable[[], float], words: str = "", show: str = "") -> None:
        """Takes what is read, what tells which day it is, the words and the conversation to begin with."""
        super().__init__()
        self._library = library
        self._wall = wall
        self._words = words
        self._first = show

    def compose(self) -> ComposeResult:
        """The list, and what it leads to."""
        with Horizontal():
            yield Browser(self._library, self._wall, everywhere=True, words=self._words, show=self._first)
            yield Preview(self._library, self._wall)

    def on_mount(self) -> None:
        """Takes what is typed as a search at once."""
        self.query_one(Browser).take_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Shows the preview where there is room for it."""
        self.set_class(event.size.width < _WIDE, "-narrow")
        self.set_class(event.size.height < 18, "-short")

    def on_browser_settled(self, event: Browser.Settled) -> None:
        """Shows what the cursor is on."""
        event.stop()
        if not self.has_class("-narrow"):
            self.query_one(Preview).preview(self.query_one(Browser).listed.item)

    def on_reading_pane_copy_wanted(self, event: ReadingPane.CopyWanted) -> None:
        """Copies from the preview."""
        event.stop()
        copy_text(self.app, event.text)
        self.notify(f"Copied {plain_line(event.what, 60)}", markup=False)

    def on_reading_pane_edit_wanted(self, event: ReadingPane.EditWanted) -> None:
        """Nothing is changed from here; Enter opens the conversation first."""
        event.stop()

    def on_reading_pane_fork_wanted(self, event: ReadingPane.ForkWanted) -> None:
        """Nothing is changed from here; Enter opens the conversation first."""
        event.stop()

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss()
