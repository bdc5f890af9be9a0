"""The list itself: rows of one or two lines, of which only those in sight are made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from llmhub_tui.tui.history.rows import Head, Item, Row

_AHEAD: Final = 60
"""Lines below the last one in sight that should be there before they are needed."""


class HistoryList(ScrollView, can_focus=False):
    """Shows rows, one of which the cursor is on; the keys are its owner's."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"history-list--cursor"}

    class Moved(Message):
        """The cursor is on another row."""

    class Picked(Message):
        """A row was clicked that the cursor was on already."""

    @dataclass
    class MoreWanted(Message):
        """The end of what was loaded is near."""

        loaded: int
        """How many rows are there, heads not counted."""

    def __init__(self, wall: Callable[[], float]) -> None:
        """Begins empty; `wall` tells which day it is, in seconds since the Unix epoch."""
        super().__init__()
        self._wall = wall
        self.rows: list[Row] = []
        self.words = ""
        """What is marked in titles."""
        self._none = ""
        """What stands in the place of rows where there are none."""
        self._tops: list[int] = []
        self._cursor = 0
        self._asked_at = -1

    @property
    def item(self) -> Item | None:
        """What the cursor is on."""
        row = self.rows[self._cursor] if self._cursor < len(self.rows) else None
        return None if row is None or isinstance(row, Head) else row

    @property
    def loaded(self) -> int:
        """How many rows are there, heads not counted."""
        return sum(not isinstance(row, Head) for row in self.rows)

    def show(self, rows: Iterable[Row], words: str = "", *, keep: bool = False) -> None:
        """Shows these rows instead of those before.

        Args:
            rows: the whole list as far as it is loaded.
            words: marked in titles.
            keep: whether the cursor stays on the row that it is on, and the view where it is.
        """
        before, cursor_was = self.item, self._cursor
        self.rows, self.words, self._asked_at = list(rows), words, -1
        self._none = "" if self.rows else "Nothing found" if words.strip() else "Nothing is saved yet"
        self._tops, top = [], 0
        for number in range(len(self.rows)):
            self._tops.append(top)
            top += self._height(number)
        self.virtual_size = Size(self.scrollable_content_region.width, top)
        at = self._at_key(before.key) if keep and before is not None else None
        self._cursor = self._nearest(cursor_was if keep else 0, 1) if at is None else at
        if not keep:
            self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self.refresh()
        self.post_message(self.Moved())
        self._look_ahead()

    def go_to(self, key: str) -> None:
        """Puts the cursor on a row, if it is there."""
        at = self._at_key(key)
        if at is not None:
            self._put_cursor(at)

    def step(self, step: int) -> None:
        """Moves the cursor over that many rows, heads not counted."""
        at = self._cursor
        for _ in range(abs(step)):
            following = self._nearest(at + (1 if step > 0 else -1), 1 if step > 0 else -1)
            if following == at:
                break
            at = following
        self._put_cursor(at)

    def page(self, step: int) -> None:
        """Moves the cursor by a screen."""
        self.step(step * max(1, self.size.height // 2 - 1))

    def end(self, step: int) -> None:
        """Moves the cursor to the first row (-1) or to the last one that is loaded (1)."""
        self._put_cursor(self._nearest(0, 1) if step < 0 else self._nearest(len(self.rows) - 1, -1))

    def on_resize(self) -> None:
        """Asks for more where more is in sight."""
        self._look_ahead()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Asks for more before the end comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._look_ahead()

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor on the row that was clicked; a second click picks it."""
        line = event.y + self.scroll_offset.y
        at = bisect_right(self._tops, line) - 1
        if (
            line >= self.virtual_size.height
            or not 0 <= at < len(self.rows)
            or isinstance(self.rows[at], Head)
        ):
            return
        if at == self._cursor:
            self.post_message(self.Picked())
        self._put_cursor(at)

    def render_line(self, y: int) -> Strip:
        """One line of one row."""
        line, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        at = bisect_right(self._tops, line) - 1
        if at < 0 or line >= self.virtual_size.height:
            none = self._none if line == 0 else ""
            return Strip([Segment(f"  {none}", self.rich_style)]).adjust_cell_length(width, self.rich_style)
        row = self.rows[at]
        number = line - self._tops[at]
        is_head = isinstance(row, Head)
        if is_head and number < self._height(at) - 1:
            return Strip.blank(width, self.rich_style)
        lines = row.lines(self.words, self._wall(), width - 2)
        text = lines[0] if is_head else lines[number]
        on_cursor = at == self._cursor and not is_head
        style = self.get_visual_style("history-list--cursor") if on_cursor else self.visual_style
        mark = "▌" if on_cursor else " "
        indent = " " if is_head or not number else "   "
        content = Content.assemble((mark, "$accent"), indent, text).truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, content, width, 1, style, pad=True)
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def _height(self, at: int) -> int:
        """Lines of a row: a head has a blank one above it, except at the top."""
        return 1 if not at and isinstance(self.rows[at], Head) else 2

    def _at_key(self, key: str) -> int | None:
        return next(
            (at for at, row in enumerate(self.rows) if not isinstance(row, Head) and row.key == key), None
        )

    def _nearest(self, at: int, step: int) -> int:
        """The first row from here on that is no head; looks the other way where there is none."""
        at = min(max(0, at), max(0, len(self.rows) - 1))
        for way in (step, -step):
            here = at
            while 0 <= here < len(self.rows):
                if not isinstance(self.rows[here], Head):
                    return here
                here += way
        return 0

    def _put_cursor(self, at: int) -> None:
        if at >= len(self.rows):
            return
        moved, self._cursor = at != self._cursor, at
        top, height = self._tops[at], self.size.height
        first = self._tops[at - 1] if at and isinstance(self.rows[at - 1], Head) else top
        if first < self.scroll_offset.y:
            self.scroll_to(y=first, animate=False, immediate=True, force=True)
        elif top + 2 > self.scroll_offset.y + height:
            self.scroll_to(y=top + 2 - height, animate=False, immediate=True, force=True)
        self.refresh()
        if moved:
            self.post_message(self.Moved())

    def _look_ahead(self) -> None:
        near = self.scroll_offset.y + self.size.height + _AHEAD >= self.virtual_size.height
        if near and self._asked_at != len(self.rows) and self.rows:
            self._asked_at = len(self.rows)
            self.post_message(self.MoreWanted(self.loaded))
