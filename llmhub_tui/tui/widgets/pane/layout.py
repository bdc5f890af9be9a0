"""Where each message stands. Only those that are looked at have lines; the heights of others are guessed."""

from __future__ import annotations

from bisect import bisect_right

from llmhub_tui.render.lines import Line
from llmhub_tui.tui.widgets.pane.message_view import MessageView


class Layout:
    """Messages one below the other. Lines are counted from the top of the first."""

    def __init__(self) -> None:
        self.views: list[MessageView] = []
        self._tops: list[int] = []
        self._index: dict[str, int] = {}

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
        """A line, if there is one and its message was looked at."""
        if not 0 <= at < self.total:
            return None
        number = self.at(at)
        view = self.views[number]
        return view.line(at - self._tops[number]) if view.made else None

    def prepare(self, top: int, height: int) -> int:
        """Makes the lines of every message in a window.

        Returns the window's new top: where guesses above it were wrong, what can be seen stays in place.
        """
        while self.views:
            first, last = self.at(top), self.at(top + height - 1)
            missing = [view for view in self.views[first : last + 1] if not view.made]
            if not missing:
                break
            anchor = next((at for at in range(first, last + 1) if self.views[at].made), first)
            offset = self._tops[anchor] - top
            for view in missing:
                view.make()
            self.measure(first)
            top = max(0, self._tops[anchor] - offset)
        return top
