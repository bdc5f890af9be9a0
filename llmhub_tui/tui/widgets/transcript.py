"""The conversation pane: one widget over lines, whatever the number of messages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.growing import GrowingPane
from llmhub_tui.tui.widgets.pane.pacer import SLICE_S
from llmhub_tui.tui.widgets.pane.places import line_of, place_of

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.pane.message_view import MessageView

_AT_FIRST: Final = 100
"""Messages that are shown at once; those above them follow while nothing else is to do."""
_SLICE: Final = 500
_PAUSE_S: Final = 0.02


class Transcript(GrowingPane):
    """Shows entries; follows the end of the one that grows, unless the reader has scrolled up."""

    def __init__(self, *, wall: Callable[[], float] = time.time, id: str | None = None) -> None:
        """Begins empty; `wall` tells which day it is, in seconds since the Unix epoch."""
        super().__init__(wall=wall, id=id)
        self._older: list[Entry] = []
        """Entries above those that are shown so far."""
        self._to_reflow: list[MessageView] = []
        """Messages out of sight whose lines are made anew while nothing else is to do, the next one last."""
        self._idle: Timer | None = None

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
        self._to_reflow = []
        if entries or self.messages is not None:
            self.the_layout().replace([self.view_entry(entry) for entry in entries[-_AT_FIRST:]])
        self.following, self.marked = True, ""
        self.relaid()
        self.find_again()
        self._go_on()

    def add(self, entry: Entry) -> None:
        """Adds an entry below all others, and follows it."""
        layout = self.the_layout()
        layout.replace([*layout.views, self.view_entry(entry)])
        self.following = True
        self.relaid()
        self.find_again()

    def update(self, entry: Entry) -> None:
        """Takes a newer version of an entry; one that is no longer live gets all of its text at once."""
        view = self.find_entry(entry.key)
        if view is None or self.messages is None:
            return
        if view is self.live and not entry.live:
            self.end_live()
        view.update(entry, time.perf_counter() + SLICE_S)
        self.relaid()
        if view.unfinished:
            self._soon(view)
        self.find_again()

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
        self.mark(key)
        self.go_to(self.the_layout().top(number))
        self.relaid()
        self.go_to(self.the_layout().top(number))
        if needle:
            self.find(needle)

    def restyle(self) -> None:
        """Takes the width and the theme as they are now; what is being read stays in sight."""
        self.forget_paint()
        layout = self.messages
        if layout is None or not layout.views or not self.size.width:
            return
        number = layout.at(self.scroll_offset.y)
        view = layout.views[number]
        place = place_of(view, self.scroll_offset.y - layout.top(number)) if view.made else None
        look = self.look
        made = [other for other in layout.views if other.made]
        for other in layout.views:
            other.restyle(look)
        if not self.following:
            layout.make(view)
            layout.measure()
            self.resized()
            self.go_to(layout.top(number) + (line_of(view, place) if place is not None else 0))
        self.relaid()
        self._to_reflow = [other for other in made if not other.made]
        self._go_on()

    def show_all(self) -> None:
        """Adds all messages above at once, for whoever wants to go there."""
        while self._older:
            self._show_older()

    def _go_on(self) -> None:
        """Does what is left to do, slice by slice, while the screen has its turns in between."""
        if self._idle is None and (self._older or self._to_reflow):
            self._idle = self.set_timer(_PAUSE_S, self._slice)

    def _slice(self) -> None:
        self._idle = None
        if self._older:
            self._show_older()
        elif self._to_reflow:
            self._reflow()
        self._go_on()

    def _show_older(self) -> None:
        """Adds a slice of the messages above; what can be seen stays where it is."""
        layout = self.the_layout()
        views = [self.view_entry(entry) for entry in self._older[-_SLICE:]]
        del self._older[-_SLICE:]
        before = layout.total
        layout.replace([*views, *layout.views])
        self._moved(self.scroll_offset.y + layout.total - before)

    def _reflow(self) -> None:
        """Makes lines of messages that had some before the width changed; what can be seen stays."""
        layout = self.the_layout()
        number = layout.at(self.scroll_offset.y)
        offset = self.scroll_offset.y - layout.top(number)
        until = time.perf_counter() + SLICE_S
        while self._to_reflow and time.perf_counter() < until:
            if layout.make(self._to_reflow[-1], until):
                self._to_reflow.pop()
        layout.measure()
        self._moved(layout.top(number) + offset)

    def _moved(self, top: int) -> None:
        """The same lines are seen, but by other numbers."""
        self.resized()
        self.place_at(top)
