"""The conversation pane: one widget over lines, whatever the number of messages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.growing import GrowingPane

_AT_FIRST: Final = 100
"""Messages that are shown at once; those above them follow while nothing else is to do."""
_SLICE: Final = 500
_SLICE_S: Final = 0.02


class Transcript(GrowingPane):
    """Shows entries; follows the end of the one that grows, unless the reader has scrolled up."""

    def __init__(self, *, wall: Callable[[], float] = time.time, id: str | None = None) -> None:
        """Begins empty; `wall` tells which day it is, in seconds since the Unix epoch."""
        super().__init__(wall=wall, id=id)
        self._older: list[Entry] = []
        """Entries above those that are shown so far."""

    def on_mount(self) -> None:
        """Follows the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.restyle())

    def on_resize(self) -> None:
        """Lays out what can be seen for the new width."""
        self.restyle()

    def show(self, entries: Sequence[Entry]) -> None:
        """Shows these entries instead of all others, from the end of the last one."""
        self.end_live()
        self._older = list(entries[:-_AT_FIRST])
        if entries or self.messages is not None:
            self.the_layout().replace([self.view_entry(entry) for entry in entries[-_AT_FIRST:]])
        self.following, self.marked = True, ""
        self.relaid()
        if self._older:
            self.set_timer(_SLICE_S, self._show_older)

    def _show_older(self) -> None:
        """Adds a slice of the messages above; what can be seen stays where it is."""
        layout = self.the_layout()
        views = [self.view_entry(entry) for entry in self._older[-_SLICE:]]
        del self._older[-_SLICE:]
        if not views:
            return
        before = layout.total
        layout.replace([*views, *layout.views])
        top = self.scroll_offset.y + layout.total - before
        self.resized()
        self.set_reactive(Transcript.scroll_target_y, float(top))
        self.set_reactive(Transcript.scroll_y, float(top))
        self.vertical_scrollbar.position = top
        if self._older:
            self.set_timer(_SLICE_S, self._show_older)

    def show_all(self) -> None:
        """Adds all messages above at once, for whoever wants to go there."""
        while self._older:
            self._show_older()

    def add(self, entry: Entry) -> None:
        """Adds an entry below all others, and follows it."""
        layout = self.the_layout()
        layout.replace([*layout.views, self.view_entry(entry)])
        self.following = True
        self.relaid()

    def update(self, entry: Entry) -> None:
        """Takes a newer version of an entry; one that is no longer live gets all of its text at once."""
        view = self.find_entry(entry.key)
        if view is not None:
            if view is self.live and not entry.live:
                self.end_live()
            view.update(entry)
            self.relaid()

    def remove_from(self, key: str) -> None:
        """Drops an entry and all below it."""
        layout = self.the_layout()
        number = layout.number(key)
        if number is not None:
            self.end_live()
            layout.replace(layout.views[:number])
            self.relaid()

    def reveal(self, key: str, needle: str = "") -> None:
        """Puts the message cursor on a message, and scrolls to it, or to the first hit in it."""
        self.show_all()
        number = self.the_layout().number(key)
        if number is None:
            return
        if needle:
            self.find(needle)
        self.mark(key)
        self.relaid()
        self.go_to(self.the_layout().top(number))
        if needle:
            self.find_next(0)

    def restyle(self) -> None:
        """Takes the width and the theme as they are now; what is being read stays in sight."""
        self.forget_paint()
        layout = self.messages
        if layout is None or not layout.views or not self.size.width:
            return
        number = layout.at(self.scroll_offset.y)
        share = (self.scroll_offset.y - layout.top(number)) / max(1, layout.views[number].height)
        look = self.look
        for view in layout.views:
            view.restyle(look)
        if not self.following:
            layout.views[number].make()
            layout.measure()
            self.resized()
            self.go_to(layout.top(number) + round(share * layout.views[number].height))
        self.relaid()
