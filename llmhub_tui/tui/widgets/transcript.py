"""The conversation pane: one widget over lines, whatever the number of messages."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.geometry import Region
from textual.timer import Timer

from llmhub_tui.domain.messages import ToolCall
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.painted import PaintedPane
from llmhub_tui.tui.widgets.pane.pacer import FRAME_S

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.pane.layout import Layout
    from llmhub_tui.tui.widgets.pane.message_view import MessageView

_BLINK_S: Final = 0.5


class Transcript(PaintedPane):
    """Shows entries; follows the end of the one that grows, unless the reader has scrolled up."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begins empty; what Markdown needs is loaded with the first entry."""
        super().__init__(id=id)
        self._frame: Timer | None = None
        self._blinking: Timer | None = None
        self._painted_at = 0.0

    def on_mount(self) -> None:
        """Follows the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.restyle())

    def on_resize(self) -> None:
        """Lays out what can be seen for the new width."""
        self.restyle()

    def show(self, entries: Sequence[Entry]) -> None:
        """Shows these entries instead of all others, from the end of the last one."""
        self._end_live()
        if entries or self.messages is not None:
            self._layout().replace([self._view(entry) for entry in entries])
        self.following, self.marked = True, ""
        self.relaid()

    def add(self, entry: Entry) -> None:
        """Adds an entry below all others, and follows it."""
        layout = self._layout()
        layout.replace([*layout.views, self._view(entry)])
        self.following = True
        self.relaid()

    def update(self, entry: Entry) -> None:
        """Takes a newer version of an entry; one that is no longer live gets all of its text at once."""
        view = self._find(entry.key)
        if view is not None:
            if view is self.live and not entry.live:
                self._end_live()
            view.update(entry)
            self.relaid()

    def remove_from(self, key: str) -> None:
        """Drops an entry and all below it."""
        layout = self._layout()
        number = layout.number(key)
        if number is not None:
            self._end_live()
            layout.replace(layout.views[:number])
            self.relaid()

    def write(self, key: str, text: str) -> None:
        """Takes words of the live entry; they are painted with the next frames."""
        if (view := self._find(key)) is not None:
            view.pacer.put(text, time.monotonic())
            self._soon()

    def write_reasoning(self, key: str, text: str) -> None:
        """Takes words of the live entry's reasoning."""
        if (view := self._find(key)) is not None:
            view.write_reasoning(text)
            self._soon()

    def set_call(self, key: str, index: int, call: ToolCall) -> None:
        """Shows a tool call of the live entry as far as it is known."""
        if (view := self._find(key)) is not None:
            view.set_call(index, call)
            self._soon()

    def set_waiting(self, key: str, label: str) -> None:
        """Says below the live entry what is waited for; nothing for an empty label."""
        view = self._find(key)
        if view is not None and view.waiting != label:
            view.waiting = label
            view.refresh_frame()
            self._soon()

    def restyle(self) -> None:
        """Takes the width and the theme as they are now; what is being read stays in sight."""
        self.forget_paint()
        layout = self.messages
        if layout is None or not layout.views or not self.size.width:
            return
        number = layout.at(self.scroll_offset.y)
        share = (self.scroll_offset.y - layout.top(number)) / max(1, layout.views[number].height)
        look = self.look
        for view in layout.views:
            view.restyle(look)
        if not self.following:
            layout.views[number].make()
            layout.measure()
            self.resized()
            self.go_to(layout.top(number) + round(share * layout.views[number].height))
        self.relaid()

    def _layout(self) -> Layout:
        if self.messages is None:
            from llmhub_tui.tui.widgets.pane.layout import Layout  # markdown-it and Pygments: 100 ms

            self.messages = Layout()
        return self.messages

    def _view(self, entry: Entry) -> MessageView:
        from llmhub_tui.tui.widgets.pane.message_view import MessageView  # see above

        view = MessageView(entry, self.look)
        if entry.live:
            self.live, self.cursor_on = view, True
            if self.app.animation_level != "none" and self._blinking is None:
                self._blinking = self.set_interval(_BLINK_S, self._blink)
        return view

    def _find(self, key: str) -> MessageView | None:
        number = self.messages.number(key) if self.messages is not None else None
        return self.messages.views[number] if self.messages is not None and number is not None else None

    def _soon(self) -> None:
        """Has what has changed painted with the next frame, at most thirty a second."""
        if self._frame is None:
            wait = self._painted_at + FRAME_S - time.monotonic()
            self._frame = self.set_timer(max(0.001, wait), self._flush)

    def _flush(self) -> None:
        self._frame = None
        self._painted_at = time.monotonic()
        view, layout = self.live, self.messages
        if view is None or layout is None:
            self.relaid()
            return
        cursor_was = self.cursor_row() or 0
        changed = layout.top(layout.number(view.entry.key) or 0) + view.flush(self._painted_at)
        self.relaid(0 if view.frame_changed() else min(changed, cursor_was))
        if view.pacer.waiting:
            self._soon()

    def _blink(self) -> None:
        """Turns the typing cursor on or off; only its own line is painted."""
        self.cursor_on = not self.cursor_on
        row = self.cursor_row()
        if row is not None and 0 <= row - self.scroll_offset.y < self.size.height:
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))

    def _end_live(self) -> None:
        self.live = None
        for timer in (self._frame, self._blinking):
            if timer is not None:
                timer.stop()
        self._frame = self._blinking = None
