"""What the mouse does in the conversation pane: selecting, and clicks on links, code, folds and the flag."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Offset, Region
from textual.selection import Selection
from textual.strip import Strip

from llmhub_tui.render.lines import NO_FOLD
from llmhub_tui.tui.widgets.painted import PaintedPane
from llmhub_tui.tui.widgets.pane.selecting import MARGIN, paragraph_at, selected_text, word_at

if TYPE_CHECKING:
    from llmhub_tui.render.lines import Line
    from llmhub_tui.tui.widgets.pane.painter import Marks


class SelectablePane(PaintedPane):
    """Text that can be selected, and things that can be clicked."""

    def __init__(self, *, wall: Callable[[], float] = time.time, id: str | None = None) -> None:
        """Begins with nothing selected."""
        super().__init__(wall=wall, id=id)
        self._pointer = Offset(0, 0)
        self._held = False
        """Whether the end of a reply in flight is not followed because the mouse is down."""

    def render_line(self, y: int) -> Strip:
        """One line with its place on it: Textual asks for it to know what the mouse has selected."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def is_marked_up(self) -> bool:
        """A selection as well."""
        return self.text_selection is not None or super().is_marked_up()

    def marks(self, row: int, line: Line) -> Marks:
        """The selection as well."""
        marks, selection = super().marks(row, line), self.text_selection
        return marks if selection is None else replace(marks, selected=selection.get_span(row))

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
        """Remembers where the pointer is, for a double click; nothing moves while it is down."""
        self._pointer = Offset(event.x, event.y)
        self._held = self.following and self.live is not None
        self.following = self.following and not self._held

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Follows the end again, unless something was selected: that stays in sight."""
        if self._held and self.text_selection is None:
            self.following = True
            self.relaid()
        self._held = False

    def text_select_all(self) -> None:
        """Textual's answer to a double click; here it selects the word under the pointer."""
        row = self._pointer.y + self.scroll_offset.y
        line = self.messages.line(row) if self.messages is not None else None
        if line is not None:
            start, end = word_at(line, self._pointer.x - MARGIN)
            span = Selection(Offset(start + MARGIN, row), Offset(end + MARGIN, row))
            self.screen.selections = {self: span}

    def on_click(self, event: events.Click) -> None:
        """Follows the flag or a link, folds and unfolds, and points at code for the key that copies."""
        layout, row = self.messages, event.y + self.scroll_offset.y
        line = layout.line(row) if layout is not None else None
        if layout is not None and event.chain == 3:
            event.prevent_default()  # Textual would select everything
            first, last = paragraph_at(layout.line, row)
            self.screen.selections = {self: Selection(Offset(0, first), Offset(self.size.width, last))}
        if layout is None or event.chain > 1:
            return
        if self.on_flag(event.x, event.y):
            self.action_bottom()
        elif line is not None:
            self._click_line(line, event.x - MARGIN, row)

    def _click_line(self, line: Line, x: int, row: int) -> None:
        if self.messages is None:
            return
        view = self.messages.views[self.messages.at(row)]
        self.pointed = (view.entry.key, line.code) if line.code >= 0 else None
        for link in line.links:
            if link.start <= x < link.end:
                self.post_message(self.LinkWanted([link.url]))
                return
        if line.fold != NO_FOLD:
            view.toggle({line.fold})
            self.relaid()
