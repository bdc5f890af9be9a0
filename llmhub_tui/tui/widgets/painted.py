"""The conversation pane's picture: lines to strips, the selection, the hits, the typing cursor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.scrollbar import ScrollBar
from textual.selection import Selection
from textual.strip import Strip

from llmhub_tui.render.lines import NO_FOLD
from llmhub_tui.tui.terminal_scroll import can_shift, shift_up
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.painter import Paint, Painter
from llmhub_tui.tui.widgets.pane.selecting import MARGIN, paragraph_at, selected_text, word_at
from llmhub_tui.tui.widgets.reading import ReadingPane

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.pane.message_view import MessageView


class PaintedPane(ReadingPane):
    """Paints the lines that its layout has. What is in them is its subclass's business."""

    def __init__(self, *, wall: Callable[[], float] = time.time, id: str | None = None) -> None:
        """Begins with nothing to paint; `wall` tells which day it is, in seconds since the Unix epoch."""
        super().__init__(id=id)
        self._wall = wall
        self.following = True
        """Whether the end is in sight and stays so while it grows."""
        self.live: MessageView | None = None
        """The reply in flight."""
        self.cursor_on = True
        self.needle = ""
        """Lower-case text whose occurrences are marked."""
        self._painter: Painter | None = None
        self._look: PaneLook | None = None
        self._pointer = Offset(0, 0)

    @property
    def look(self) -> PaneLook:
        """How messages look at this width, in this theme."""
        width = max(1, self.scrollable_content_region.width - MARGIN - 1)
        then = time.localtime(self._wall())
        today = (then.tm_year, then.tm_mon, then.tm_mday)
        if self._look is None or (self._look.width, self._look.today) != (width, today):
            self._look = PaneLook.of(self.app.theme_variables, width, today)
        return self._look

    def forget_paint(self) -> None:
        """Width or theme have changed."""
        self._painter = self._look = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are, past the styles cache: there is neither border nor padding."""
        painter = self._current_painter()
        top, width = self.scroll_offset.y, self.size.width
        strips = [self._strip(painter, top + y) for y in range(crop.y, crop.bottom)]
        if not self.following and crop.bottom >= self.size.height and strips:
            strips[-1] = painter.flagged(strips[-1], "↓ more below")
        if crop.height == 1:  # asked for by the mouse as well, which wants to know what it is over
            strips = [strips[0].apply_offsets(0, top + crop.y)]
        return strips if crop.width >= width else [strip.crop(crop.x, crop.right) for strip in strips]

    def relaid(self, first: int = 0) -> None:
        """Heights or lines have changed, from a line on: makes what can be seen, and paints it."""
        layout, height = self.messages, self.size.height
        if layout is None or not height:
            return
        layout.measure(layout.at(first) if first else 0)
        before = top = self.scroll_offset.y
        while True:
            top = max(0, layout.total - height) if self.following else top
            found = layout.prepare(top, height)
            if found == top and not (self.following and top != max(0, layout.total - height)):
                break
            top = found
        self.resized()
        top = min(top, max(0, layout.total - height))
        start = min(height, max(0, first - top))
        if first and self.live is not None and 0 < top - before < height and can_shift(self):
            shift_up(self.app, self.region, top - before)
            self.set_reactive(PaintedPane.scroll_target_y, float(top))
            self.set_reactive(PaintedPane.scroll_y, float(top))
            self.vertical_scrollbar.set_reactive(ScrollBar.position, top)  # it is hidden just now
            start = min(start, height - (top - before))
            self.refresh(Region(0, start, self.size.width, height - start))
        elif top != before:
            self.set_reactive(PaintedPane.scroll_target_y, float(top))
            self.scroll_y = top  # paints everything
        else:
            self.refresh(Region(0, start, self.size.width, height - start))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follows the end when it is in sight, and lets go when it is not."""
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y - 0.5
        if not self.following:
            self.remove_class("-flowing")
        if self.messages is not None:
            top = self.scroll_offset.y
            if self.messages.prepare(top, self.size.height) != top or self._stale:
                self.call_next(self.relaid)

    def resized(self) -> None:
        """Tells the scroll bar of the height. No layout follows from it, since the bar is always there."""
        total = self.messages.total if self.messages is not None else 0
        hidden = self.live is not None and self.following
        self.set_class(hidden, "-flowing")  # a bar that moves with each line would cost a paint each
        if total != self.virtual_size.height:
            self.set_reactive(PaintedPane.virtual_size, Size(self.scrollable_content_region.width, total))
            if hidden:
                self.vertical_scrollbar.set_reactive(ScrollBar.window_virtual_size, total)
            else:
                self.vertical_scrollbar.window_virtual_size = total

    def cursor_row(self) -> int | None:
        """The line behind which the typing cursor stands."""
        if self.live is None or self.messages is None:
            return None
        number = self.messages.number(self.live.entry.key)
        return None if number is None else self.messages.top(number) + self.live.cursor_line

    def find(self, needle: str) -> int:
        """Marks every occurrence of a text; returns how many there are in all messages."""
        self.show_all()
        self.needle = needle.lower()
        self.refresh()
        views = self.messages.views if self.messages is not None else []
        return sum(view.entry.message.text.lower().count(self.needle) for view in views) if needle else 0

    def find_next(self, step: int = 1) -> None:
        """Goes to the next message with an occurrence; with a step of -1 to the one before."""
        layout = self.messages
        if layout is None or not self.needle or not layout.views:
            return
        size = len(layout.views)
        start = layout.number(self.marked)
        at = (layout.at(self.scroll_offset.y) if start is None else start) + (
            step if start is not None else 0
        )
        for _ in range(size):
            at %= size
            if self.needle in layout.views[at].entry.message.text.lower():
                self.mark(layout.views[at].entry.key)
                layout.views[at].make()
                layout.measure()
                lines = (
                    layout.views[at].line(row).strip.text.lower() for row in range(layout.views[at].height)
                )
                row = next((row for row, text in enumerate(lines) if self.needle in text), 0)
                self.relaid()
                self.go_to(layout.top(at) + max(0, row - self.size.height // 3))
                return
            at += step

    def clear_find(self) -> None:
        """Takes the marks away."""
        self.needle = ""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What copying a selection gives."""
        if self.messages is None:
            return None
        first = selection.start.y if selection.start is not None else 0
        last = selection.end.y if selection.end is not None else self.messages.total - 1
        self.messages.prepare(first, max(1, last - first + 1))
        numbered = (
            (at, line) for at in range(first, last + 1) if (line := self.messages.line(at)) is not None
        )
        return selected_text(numbered, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Paints the selection as it is now."""
        self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Remembers where the pointer is, for a double click."""
        self._pointer = Offset(event.x, event.y)

    def text_select_all(self) -> None:
        """Textual's answer to a double click; here it selects the word under the pointer."""
        row = self._pointer.y + self.scroll_offset.y
        line = self.messages.line(row) if self.messages is not None else None
        if line is not None:
            start, end = word_at(line, self._pointer.x - MARGIN)
            span = Selection(Offset(start + MARGIN, row), Offset(end + MARGIN, row))
            self.screen.selections = {self: span}

    def on_click(self, event: events.Click) -> None:
        """Asks to open the link under the pointer; a click on folded reasoning unfolds it."""
        layout, row = self.messages, event.y + self.scroll_offset.y
        line = layout.line(row) if layout is not None else None
        if layout is not None and event.chain == 3:
            event.prevent_default()  # Textual would select everything
            first, last = paragraph_at(layout.line, row)
            self.screen.selections = {self: Selection(Offset(0, first), Offset(self.size.width, last))}
        if layout is None or line is None or event.chain > 1:
            return
        for link in line.links:
            if link.start <= event.x - MARGIN < link.end:
                self.post_message(self.LinkWanted(link.url))
                return
        if line.fold != NO_FOLD:
            layout.views[layout.at(row)].toggle({line.fold})
            self.relaid()

    @property
    def _stale(self) -> bool:
        return self.messages is not None and self.virtual_size.height != self.messages.total

    def _strip(self, painter: Painter, row: int) -> Strip:
        line = self.messages.line(row) if self.messages is not None else None
        if line is None or self.messages is None:
            return painter.blank
        selection = self.text_selection
        number = self.messages.at(row)
        view = self.messages.views[number]
        return painter.line(
            line,
            marked=bool(self.marked) and view.entry.key == self.marked,
            seam=row - self.messages.top(number) - view.body_top in view.seams,
            span=selection.get_span(row) if selection is not None else None,
            needle=self.needle,
            cursor=self.live is not None and self.cursor_on and row == self.cursor_row(),
        )

    def _current_painter(self) -> Painter:
        if self._painter is None or self._painter.paint.base != self.rich_style:
            self._painter = Painter(
                Paint(
                    self.size.width,
                    self.rich_style,
                    self.background_colors[1],
                    self.get_line_filters(),
                    selection=self.screen.get_component_rich_style("screen--selection"),
                    hit=Style(reverse=True),
                    mark=self.look.palette.marker,
                )
            )
        return self._painter
