"""A stranger's text exactly as it is, in a scrolling area that knows whether its end has been seen."""

from __future__ import annotations

from rich.cells import chop_cells
from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from llmhub_tui.domain.escaped import escaped

_BAR = "│ "
"""Stands before every line of the stranger's, so that none can pass for one of ours."""


class ExactText(ScrollView, can_focus=True):
    """Headings of our own and texts of others, wrapped at any character, nothing left out."""

    class EndSeen(Message):
        """The last line has been on the screen."""

    def __init__(self, *parts: tuple[str, str]) -> None:
        """Takes pairs of our heading and a stranger's text."""
        super().__init__()
        self._parts = [(heading, escaped(text)) for heading, text in parts]
        self._lines: list[str] = []
        self._width = 0
        self.end_seen = False

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it has, where there is room."""
        self._wrap(width)
        return len(self._lines)

    def on_resize(self) -> None:
        """Wraps anew for the new width."""
        self._wrap(self.size.width)
        self.virtual_size = Size(self._width, len(self._lines))
        self.refresh()
        self.call_after_refresh(self._look)

    def _wrap(self, width: int) -> None:
        width = max(width - self.styles.scrollbar_size_vertical, len(_BAR) + 2)
        if width != self._width:
            self._width = width
            self._lines = [line for heading, text in self._parts for line in _wrapped(heading, text, width)]

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notices the end."""
        super().watch_scroll_y(old_value, new_value)
        self._look()

    def _look(self) -> None:
        height = self.scrollable_content_region.height
        if self._lines and height and not self.end_seen and self.scroll_offset.y + height >= len(self._lines):
            self.end_seen = True
            self.post_message(self.EndSeen())

    def render_line(self, y: int) -> Strip:
        """One line."""
        at = y + self.scroll_offset.y
        width, style = self.scrollable_content_region.width, self.rich_style
        if at >= len(self._lines):
            return Strip.blank(width, style)
        strip = Strip([Segment(self._lines[at], style)])
        return strip.adjust_cell_length(width, style).crop(0, width)


def _wrapped(heading: str, text: str, width: int) -> list[str]:
    room = width - len(_BAR)
    lines = [heading[at : at + width] for at in range(0, len(heading), width)]
    for line in text.split("\n") if text else ():
        if line.isascii():
            lines += [_BAR + line[at : at + room] for at in range(0, len(line) or 1, room)]
        else:
            lines += [_BAR + piece for piece in chop_cells(line, room)]
    return lines
