"""Turns lines into what is painted: margin, background, selection, hits, cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    mark: Style


class Painter:
    """Keeps what was painted, so that an unchanged line costs a look-up."""

    def __init__(self, paint: Paint) -> None:
        """Takes what all lines have in common; another width or theme needs another painter."""
        self.paint = paint
        self._cache: dict[tuple[int, bool, bool], tuple[Line, Strip]] = {}
        self.blank = self._finish(Strip.blank(0))

    def line(
        self,
        line: Line,
        *,
        marked: bool = False,
        seam: bool = False,
        span: tuple[int, int] | None = None,
        needle: str = "",
        cursor: bool = False,
    ) -> Strip:
        """A painted line.

        Args:
            line: to paint.
            marked: whether it belongs to the message that the message cursor is on.
            seam: whether a resumed stream was joined to what was there on it.
            span: the selected characters, counted from the pane's edge; an end of -1 is the line's.
            needle: lower-case text whose occurrences are marked.
            cursor: whether the typing cursor stands behind it.
        """
        plain = span is None and not needle and not cursor
        key = (id(line), marked, seam)
        if plain and (known := self._cache.get(key)) is not None and known[0] is line:
            return known[1]
        sign = "┃" if marked else SEAM if seam else ""
        margin = Segment(sign.ljust(MARGIN), self.paint.mark if sign else None)
        strip = Strip([margin, *line.strip], MARGIN + line.strip.cell_length)
        for start, end in _found(strip.text, needle):
            strip = overlaid(strip, start, end, self.paint.hit)
        if span is not None:
            end = len(strip.text) if span[1] < 0 else span[1]
            strip = overlaid(strip, max(span[0], MARGIN), end, self.paint.selection)
        if cursor:
            strip = Strip([*strip, Segment("▌", self.paint.mark)])
        painted = self._finish(strip)
        if plain:
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


def _found(text: str, needle: str) -> list[tuple[int, int]]:
    """Where a needle occurs, in characters."""
    lower = text.lower()
    if not needle or len(lower) != len(text):
        return []
    places, at = [], lower.find(needle)
    while at >= 0:
        places.append((at, at + len(needle)))
        at = lower.find(needle, at + len(needle))
    return places


def overlaid(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """A strip with a style over some of its characters."""
    text = strip.text
    left, right = cell_len(text[:start]), cell_len(text[:end])
    if left >= right:
        return strip
    middle = [Segment(part.text, (part.style or Style()) + style) for part in strip.crop(left, right)]
    return Strip.join([strip.crop(0, left), Strip(middle), strip.crop(right)])
