"""The wire view's details: lines that scroll in both directions and grow while a reply streams."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from llmhub_tui.domain.wire_log import Exchange
from llmhub_tui.render.palette import Palette
from llmhub_tui.tui.wire.telling import Told, Tone, closing, events, opening

_MOST_LINES: Final = 20_000
"""Of events; the oldest go first, as they do in the log."""


class WirePane(ScrollView, can_focus=True):
    """Shows one exchange. What it has shown already is not made again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+left", "scroll_left", "Left", id="wire.left", tooltip="The beginning of long lines"),
        Binding("shift+right", "scroll_right", "Right", id="wire.right", tooltip="The end of long lines"),
    ]

    def __init__(self) -> None:
        """Begins empty."""
        super().__init__()
        self._exchange: Exchange | None = None
        self._head_lines: list[Told] = []
        self._event_lines: list[Told] = []
        self._end_lines: list[Told] = []
        self._answered = False
        self._seen = 0
        self._widest = 0

    def show(self, exchange: Exchange) -> None:
        """Brings the lines up to date; stays at the end where the end was in sight."""
        known = exchange is self._exchange
        follow = self.scroll_offset.y >= self.max_scroll_y if known else exchange.ended is None
        if not known:
            self._exchange, self._event_lines, self._end_lines = exchange, [], []
            self._seen = self._widest = 0
            self._answered = False
            self._head_lines = self._measured(list(opening(exchange)))
        if exchange.answered is not None and not self._answered:
            self._answered = True
            self._head_lines = self._measured(list(opening(exchange)))
        fresh = min(exchange.count - self._seen, len(exchange.pieces))
        if fresh > 0:
            self._seen = exchange.count
            pieces = list(exchange.pieces)[-fresh:]
            self._event_lines += self._measured(list(events(pieces, exchange.asked.at)))
            del self._event_lines[:-_MOST_LINES]
        if exchange.ended is not None and not self._end_lines:
            self._end_lines = self._measured([closing(exchange.ended)])
        self.virtual_size = Size(self._widest + 2, len(self))
        if follow:
            self.call_after_refresh(self.scroll_end, animate=False, immediate=True)
        elif not known:
            self.scroll_to(0, 0, animate=False, immediate=True)
        self.refresh()

    def __len__(self) -> int:
        return len(self._head_lines) + len(self._event_lines) + len(self._end_lines)

    def render_line(self, y: int) -> Strip:
        """One line, from where it is scrolled to."""
        x, width = self.scroll_offset.x, self.size.width
        told = self._line(y + self.scroll_offset.y)
        strip = Strip([Segment(f" {told.text}", self._style(told.tone))])
        return strip.apply_style(self.rich_style).crop_extend(x, x + width, self.rich_style)

    def text(self) -> str:
        """Everything that is shown, for the clipboard."""
        return "\n".join(told.text for told in (*self._head_lines, *self._event_lines, *self._end_lines))

    def _line(self, at: int) -> Told:
        for part in (self._head_lines, self._event_lines, self._end_lines):
            if at < len(part):
                return part[at]
            at -= len(part)
        return Told("")

    def _style(self, tone: Tone) -> Style:
        palette = Palette.from_colors(self.app.theme_variables)
        match tone:
            case Tone.TITLE:
                return palette.note + Style(bold=True)
            case Tone.QUIET:
                return palette.muted
            case Tone.TEXT:
                return palette.text

    def _measured(self, lines: list[Told]) -> list[Told]:
        self._widest = max([self._widest, *(len(line.text) for line in lines)])
        return lines
