"""Turns lines into what is painted: margin, background, selection, hits, cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from llmhub_tui.render.lines import Line
from llmhub_tui.tui.widgets.pane.look import SEAM
from llmhub_tui.tui.widgets.pane.selecting import MARGIN

_MOST_CACHED = 600
"""Painted lines that are kept; a screen has fewer."""


@dataclass(frozen=True, slots=True)
class Paint:
    """What all lines of one paint have in common."""

    width: int
    base: Style
    background: Color
    filters: Sequence[LineFilter]
    selection: Style
    hit: Style
    current: Style
    """For the hit that the reader is at."""
    mark: Style


@dataclass(frozen=True, slots=True)
class Marks:
    """What is painted over one line."""

    message: bool = False
    """Whether it belongs to a message that the message cursor is on."""
    seam: bool = False
    """Whether a resumed stream was joined to what was there on it."""
    cursor: bool = False
    """Whether the typing cursor stands behind it."""
    selected: tuple[int, int] | None = None
    """The selected characters, counted from the pane's edge; an end of -1 is the line's."""
    hits: tuple[tuple[int, int, bool], ...] = ()
    """First and one past the last character of each hit, and whether the reader is at it."""


BARE: Final = Marks()
"""Nothing over a line, as over most."""


class Painter:
    """Keeps what was painted, so that an unchanged line costs a look-up."""

    def __init__(self, paint: Paint) -> None:
        """Takes what all lines have in common; another width or theme needs another painter."""
        self.paint = paint
        self._cache: dict[tuple[int, bool, bool], tuple[Line, Strip]] = {}
        self.blank = self._finish(Strip.blank(0))

    def line(self, line: Line, marks: Marks) -> Strip:
        """A painted line."""
        key = (id(line), marks.message, marks.seam)
        bare = marks is BARE or (marks.selected is None and not marks.hits and not marks.cursor)
        if bare and (known := self._cache.get(key)) is not None and known[0] is line:
            return known[1]
        sign = "┃" if marks.message else SEAM if marks.seam else ""
        margin = Segment(sign.ljust(MARGIN), self.paint.mark if sign else None)
        strip = Strip([margin, *line.segments], MARGIN + line.width)
        for start, end, current in marks.hits:
            strip = overlaid(strip, start, end, self.paint.current if current else self.paint.hit)
        if marks.selected is not None:
            start, end = marks.selected
            end = len(strip.text) if end < 0 else end
            strip = overlaid(strip, max(start, MARGIN), end, self.paint.selection)
        if marks.cursor:
            strip = Strip([*strip, Segment("▌", self.paint.mark)])
        painted = self._finish(strip)
        if bare:
            if len(self._cache) > _MOST_CACHED:
                self._cache.clear()
            self._cache[key] = (line, painted)
        return painted

    def flagged(self, strip: Strip, text: str) -> Strip:
        """A painted line with a flag over its right end."""
        flag = self._finish(Strip([Segment(f" {text} ", self.paint.mark + Style(reverse=True))]), pad=False)
        left = max(0, self.paint.width - flag.cell_length)
        return Strip.join([strip.crop(0, left), flag]).crop(0, self.paint.width)

    def _finish(self, strip: Strip, *, pad: bool = True) -> Strip:
        paint = self.paint
        if pad:
            strip = strip.adjust_cell_length(paint.width)
        strip = strip.apply_style(paint.base)
        for line_filter in paint.filters:
            strip = strip.apply_filter(line_filter, paint.background)
        return strip


def overlaid(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """A strip with a style over some of its characters."""
    text = strip.text
    left, right = cell_len(text[:start]), cell_len(text[:end])
    if left >= right:
        return strip
    middle = [Segment(part.text, (part.style or Style()) + style) for part in strip.crop(left, right)]
    return Strip.join([strip.crop(0, left), Strip(middle), strip.crop(right)])
