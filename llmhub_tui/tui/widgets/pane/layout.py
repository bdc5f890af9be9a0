"""Where each message stands. Only those near what is looked at have lines; other heights are guessed."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Final

from llmhub_tui.render.lines import Line
from llmhub_tui.tui.widgets.pane.message_view import MessageView

_MOST_LINES: Final = 20_000
"""Lines that are kept of messages that are not looked at."""


class Layout:
    """Messages one below the other. Lines are counted from the top of the first."""

    def __init__(self) -> None:
        self.views: list[MessageView] = []
        self.unfinished = False
        """Whether time did not suffice to make all that `prepare` was asked for."""
        self._tops: list[int] = []
        self._index: dict[str, int] = {}
        self._kept: dict[int, MessageView] = {}
        """Messages that have lines, those first that were made first."""

    @property
    def total(self) -> int:
        """Lines of all messages."""
        return self._tops[-1] + self.views[-1].height if self.views else 0

    def replace(self, views: list[MessageView]) -> None:
        """Takes other messages."""
        self.views = views
        self.measure()

    def measure(self, first: int = 0) -> None:
        """Takes the heights as they are now, from a message on; those before it have not changed."""
        if not first:
            self._index = {view.entry.key: number for number, view in enumerate(self.views)}
        top = self._tops[first] if 0 < first < len(self._tops) else 0
        del self._tops[first:]
        for view in self.views[first:]:
            self._tops.append(top)
            top += view.height

    def number(self, key: str) -> int | None:
        """Which message has this key."""
        return self._index.get(key)

    def top(self, number: int) -> int:
        """The first line of a message."""
        return self._tops[number]

    def at(self, line: int) -> int:
        """The message at a line."""
        return max(0, bisect_right(self._tops, line) - 1)

    def line(self, at: int) -> Line | None:
        """A line, if there is one and its message was made."""
        if not 0 <= at < self.total:
            return None
        number = self.at(at)
        view = self.views[number]
        return view.line(at - self._tops[number]) if view.made else None

    def lines(self, top: int, height: int) -> list[Line | None]:
        """The lines of a window, as far as there are any; `None` for those that are not made."""
        found: list[Line | None] = []
        number = self.at(top) if self.views else 0
        while len(found) < height and number < len(self.views):
            view, at = self.views[number], top + len(found) - self._tops[number]
            count = max(0, min(view.height - at, height - len(found)))
            found += [view.line(at + row) if view.made else None for row in range(count)]
            number += 1
        return found

    def prepare(self, top: int, height: int, until: float = math.inf) -> int:
        """Makes the lines of every message in a window, as far as time allows.

        Returns the window's new top: where guesses above it were wrong, what can be seen stays in place.
        """
        self.unfinished = False
        while self.views and not self.unfinished:
            first, last = self.at(top), self.at(top + height - 1)
            missing = [view for view in self.views[first : last + 1] if not view.made]
            if not missing:
                break
            anchor = next((at for at in range(first, last + 1) if self.views[at].made), first)
            offset = self._tops[anchor] - top
            for view in missing:
                self.unfinished = not self.make(view, until) or self.unfinished
            self.measure(first)
            top = max(0, self._tops[anchor] - offset)
            self._trim(top, height)
        return top

    def make(self, view: MessageView, until: float = math.inf) -> bool:
        """Makes the lines of a message, and keeps count of those that have some."""
        if view.make(until):
            self._kept.pop(id(view), None)
            self._kept[id(view)] = view
        return view.made

    def _trim(self, top: int, height: int) -> None:
        """Drops the lines of messages that are not looked at, where there are too many; oldest first."""
        lines = sum(view.height for view in self._kept.values() if view.made)
        if lines <= _MOST_LINES:
            return
        seen = {id(view) for view in self.views[self.at(top) : self.at(top + height) + 1]}
        for key, view in list(self._kept.items()):
            if key in seen or view.entry.live:
                continue
            lines -= view.height
            view.drop()
            del self._kept[key]
            if lines <= _MOST_LINES // 2:
                break
