"""Finding in the conversation: every hit is marked and counted, and one is where the reader is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from textual.message import Message as Posted
from textual.timer import Timer

from llmhub_tui.tui.widgets.pane.pacer import SLICE_S
from llmhub_tui.tui.widgets.pane.selecting import MARGIN
from llmhub_tui.tui.widgets.selectable import SelectablePane

if TYPE_CHECKING:
    from llmhub_tui.render.lines import Line
    from llmhub_tui.tui.widgets.pane.finding import Finder
    from llmhub_tui.tui.widgets.pane.painter import Marks

_PAUSE_S: Final = 0.005


class FindablePane(SelectablePane):
    """Marks what is looked for, and moves from hit to hit."""

    @dataclass
    class Found(Posted):
        """Where the reader is among the hits: `at` counts from 1, and is 0 for none."""

        at: int
        total: int
        complete: bool
        """Whether all messages were looked at."""

    def __init__(self, *, wall: Callable[[], float] = time.time, id: str | None = None) -> None:
        """Begins with nothing to look for."""
        super().__init__(wall=wall, id=id)
        self._finder: Finder | None = None
        self._finding: Timer | None = None

    @property
    def needle(self) -> str:
        """What is looked for, in lower case; empty for nothing."""
        return self._finder.needle if self._finder is not None else ""

    def find(self, needle: str) -> None:
        """Marks every occurrence of a text, and goes to the first one from here on."""
        from llmhub_tui.tui.widgets.pane.finding import Finder  # loads what the first frame does not need

        if self._finder is not None:
            self._fold_again(self._finder)
        self.clear_find()
        if not needle.strip() or self.messages is None:
            self.post_message(self.Found(0, 0, True))
            return
        self.show_all()
        self._finder = Finder(needle, self.messages, self.messages.at(self.scroll_offset.y))
        self._look_on()

    def find_again(self) -> None:
        """The messages have changed: looks anew for the same, without moving."""
        if self._finder is not None and self.messages is not None:
            known, start = self._finder, self.messages.at(self.scroll_offset.y)
            self._finder = type(known)(known.needle, self.messages, start)
            self._finder.current, self._finder.opened = known.current, known.opened
            self._look_on()

    def clear_find(self) -> None:
        """Takes the marks away; of what was opened for a hit only that stays open at which the reader is."""
        finder, self._finder = self._finder, None
        if finder is not None:
            self._fold_again(finder, keep=finder.current[0] if finder.current else "")
        if self._finding is not None:
            self._finding.stop()
        self.refresh()

    def _fold_again(self, finder: Finder, keep: str = "") -> None:
        """Closes what was opened for hits; what is read stays where it is."""
        layout = self.messages
        if layout is None or not layout.views or not finder.opened:
            return
        number = layout.at(self.scroll_offset.y)
        offset = self.scroll_offset.y - layout.top(number)
        finder.fold_again(keep)
        layout.measure()
        self.resized()
        if not self.following:
            self.place_at(min(layout.top(number) + offset, max(0, layout.total - self.size.height)))
        self.relaid()

    def find_next(self, step: int = 1) -> None:
        """Goes to the next hit, or to the one before."""
        finder = self._finder
        if finder is None or self.messages is None:
            return
        if not finder.complete:
            finder.advance()
        if finder.step(step):
            self._go_to_hit()
        self._tell()

    def is_marked_up(self) -> bool:
        """Hits as well."""
        return self._finder is not None or super().is_marked_up()

    def marks(self, row: int, line: Line) -> Marks:
        """The hits as well."""
        marks, finder, layout = super().marks(row, line), self._finder, self.messages
        if finder is None or layout is None:
            return marks
        number = layout.at(row)
        view, row = layout.views[number], row - layout.top(number)
        current = finder.current[1] if finder.current and finder.current[0] == view.entry.key else -1
        spans = tuple(
            (start + MARGIN, end + MARGIN, at == current)
            for at, hit in enumerate(finder.hits(view))
            for span_row, start, end in hit.spans
            if span_row == row
        )
        return replace(marks, hits=spans) if spans else marks

    def _look_on(self) -> None:
        """Looks through some more messages, and comes back for the rest."""
        finder = self._finder
        if finder is None or self.messages is None:
            return
        more = finder.advance(time.perf_counter() + SLICE_S)
        self.messages.measure()
        if finder.current is None and finder.step(1):
            self._go_to_hit()
        self.relaid()
        self._tell()
        if more:
            self._finding = self.set_timer(_PAUSE_S, self._look_on)

    def _go_to_hit(self) -> None:
        """Brings the hit into sight, if it is not."""
        finder, layout = self._finder, self.messages
        number = layout.number(finder.current[0]) if finder and finder.current and layout else None
        if finder is None or finder.current is None or layout is None or number is None:
            return
        view = layout.views[number]
        layout.make(view)
        layout.measure()
        found = finder.hits(view)
        if not found:
            return
        self.resized()
        row = layout.top(number) + found[min(finder.current[1], len(found) - 1)].row
        top, height = self.scroll_offset.y, self.size.height
        if not top <= row < top + height - 1:
            self.following = False
            self.relaid()
            self.go_to(layout.top(number) + found[min(finder.current[1], len(found) - 1)].row - height // 3)
        self.refresh()

    def _tell(self) -> None:
        if self._finder is not None:
            self.post_message(self.Found(*self._finder.place(), self._finder.complete))
