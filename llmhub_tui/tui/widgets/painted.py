"""The conversation pane's picture: lines to strips, the marks on them, the typing cursor."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.style import Style
from textual.geometry import Region, Size
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from llmhub_tui.tui.terminal.direct import can_shift, can_write, write_rows
from llmhub_tui.tui.widgets.acting import ActingPane
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.pacer import SLICE_S
from llmhub_tui.tui.widgets.pane.painter import BARE, Marks, Paint, Painter
from llmhub_tui.tui.widgets.pane.selecting import MARGIN

if TYPE_CHECKING:
    from llmhub_tui.render.lines import Line
    from llmhub_tui.tui.widgets.pane.message_view import MessageView

_PAUSE_S = 0.01
_BELOW = "↓ more below"


class PaintedPane(ActingPane):
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
        self._painter: Painter | None = None
        self._look: PaneLook | None = None
        self._more_wanted = False
        """Whether lines are still being made for what can be seen."""
        self._drawn = 0
        """Lines that there were when this was last painted."""
        self._busy_with: set[str] = set()

    @property
    def look(self) -> PaneLook:
        """How messages look at this width, in this theme, on this day."""
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
        self._renew_painter()
        strips = self._strips(crop.y, crop.height)
        if crop.height == 1:  # the mouse asks as well, which wants to know what it is over
            strips = [strips[0].apply_offsets(0, self.scroll_offset.y + crop.y)]
        if crop.width >= self.size.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _strips(self, first: int, height: int) -> list[Strip]:
        """Rows that can be seen, from the top of the pane."""
        painter, top = self._painter or self._renew_painter(), self.scroll_offset.y + first
        lines = self.messages.lines(top, height) if self.messages is not None else []
        cursor = -1 if self.is_marked_up() else (self.cursor_row() or 0) - top
        strips = [
            painter.blank
            if line is None
            else painter.line(line, BARE if cursor not in (-1, y) else self.marks(top + y, line))
            for y, line in enumerate(lines)
        ]
        strips += [painter.blank] * (height - len(strips))
        if not self.following and first + height >= self.size.height and strips:
            strips[-1] = painter.flagged(strips[-1], _BELOW)
        return strips

    def on_flag(self, x: int, y: int) -> bool:
        """Whether a place in the pane is that of the flag which says that there is more below."""
        return not self.following and y == self.size.height - 1 and x >= self.size.width - len(_BELOW) - 2

    def relaid(self, first: int = 0) -> None:
        """Heights or lines have changed, from a line on: makes what can be seen, and paints it."""
        layout, height = self.messages, self.size.height
        if layout is None or not height:
            return
        layout.measure(layout.at(first) if first else 0)
        before = top = self.scroll_offset.y
        until = time.perf_counter() + SLICE_S
        while True:
            top = max(0, layout.total - height) if self.following else top
            found = layout.prepare(top, height, until)
            settled = found == top and not (self.following and top != max(0, layout.total - height))
            top = found
            if settled or layout.unfinished:
                break
        self.keep_busy("making", layout.unfinished)
        if layout.unfinished and not self._more_wanted:
            self._more_wanted = True
            self.set_timer(_PAUSE_S, self._make_more)
        self.resized()
        self._show_from(min(top, max(0, layout.total - height)), before, first)

    def keep_busy(self, what: str, busy: bool) -> None:
        """Says that many lines are being made, or that they are.

        Meanwhile Python does not search what was there before for garbage, which takes 60 ms each time.
        """
        was_busy = bool(self._busy_with)
        (self._busy_with.add if busy else self._busy_with.discard)(what)
        if was_busy != bool(self._busy_with):
            (gc.unfreeze if was_busy else gc.freeze)()

    def on_unmount(self) -> None:
        """Nothing is being made any more."""
        for what in list(self._busy_with):
            self.keep_busy(what, False)

    def _make_more(self) -> None:
        self._more_wanted = False
        self.relaid()

    def _show_from(self, top: int, before: int, first: int) -> None:
        """Paints the lines from `first` on, with `top` as the first that can be seen instead of `before`."""
        height, total = self.size.height, self.messages.total if self.messages is not None else 0
        start = min(height, max(0, first - top))
        end = height  # below all lines is nothing, as before
        if first:
            end = min(height, max(total, self._drawn) - top)
        self._drawn = total
        shift = top - before
        direct = bool(first) and self.live is not None and can_write(self)
        if shift and not direct:
            self.set_reactive(PaintedPane.scroll_target_y, float(top))
            self.scroll_y = top  # paints everything
            return
        if shift:
            self.place_at(top)
            if 0 < shift < height and can_shift(self):
                start, end = min(start, height - shift), height
            else:
                start, end, shift = 0, height, 0
        self.paint_rows(start, end, shift, direct=direct)

    def paint_rows(self, start: int, end: int, shift: int = 0, *, direct: bool) -> None:
        """Paints some rows, from the top of the pane: past the compositor, or with it."""
        if not direct:
            self.refresh(Region(0, start, self.size.width, max(1, end - start)))
        elif start < end:
            write_rows(self, start, self._strips(start, end - start), shift)

    def place_at(self, top: int) -> None:
        """Says which line is the first that can be seen, without painting."""
        self.set_reactive(PaintedPane.scroll_target_y, float(top))
        self.set_reactive(PaintedPane.scroll_y, float(top))
        bar = self.vertical_scrollbar
        if self.has_class("-flowing"):  # it is hidden just now
            bar.set_reactive(ScrollBar.position, top)
        else:
            bar.position = top

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follows the end when it is in sight, and lets go when it is not."""
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y - 0.5
        if not self.following:
            self.remove_class("-flowing")
        if self.messages is not None:
            top, until = self.scroll_offset.y, time.perf_counter() + SLICE_S
            moved = self.messages.prepare(top, self.size.height, until) != top
            if moved or self.messages.unfinished or self._stale:
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

    def is_marked_up(self) -> bool:
        """Whether lines may have more over them than the typing cursor: the slow way, and the rare one."""
        layout = self.messages
        if layout is None or self.marked:
            return True
        first, last = layout.at(self.scroll_offset.y), layout.at(self.scroll_offset.y + self.size.height)
        return any(view.seams for view in layout.views[first : last + 1])

    def marks(self, row: int, line: Line) -> Marks:
        """What is painted over a line. Subclasses add what they know."""
        if self.messages is None:
            return Marks()
        number = self.messages.at(row)
        view = self.messages.views[number]
        return Marks(
            message=bool(self.marked) and self.is_marked(number),
            seam=row - self.messages.top(number) - view.body_top in view.seams,
            cursor=self.live is not None and self.cursor_on and row == self.cursor_row(),
        )

    @property
    def _stale(self) -> bool:
        return self.messages is not None and self.virtual_size.height != self.messages.total

    def _renew_painter(self) -> Painter:
        """A painter for the styles as they are. When they change, Textual asks for all lines anew."""
        if self._painter is None or self._painter.paint.base != self.rich_style:
            self._painter = Painter(
                Paint(
                    self.size.width,
                    self.rich_style,
                    self.background_colors[1],
                    self.get_line_filters(),
                    selection=self.screen.get_component_rich_style("screen--selection"),
                    hit=Style(reverse=True),
                    current=self.look.palette.warning + Style(reverse=True, underline=True),
                    mark=self.look.palette.marker,
                )
            )
        return self._painter
