"""What grows while it is read: the live entry, its pace, and its typing cursor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from llmhub_tui.tui.terminal.direct import can_write
from llmhub_tui.tui.widgets.entries import Card, Entry
from llmhub_tui.tui.widgets.findable import FindablePane
from llmhub_tui.tui.widgets.pane.pacer import FRAME_S, SLICE_S

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.pane.layout import Layout
    from llmhub_tui.tui.widgets.pane.message_view import MessageView

_BLINK_S: Final = 0.5


class GrowingPane(FindablePane):
    """Takes the words of the reply in flight, and paints them at most as often as a frame."""

    def __init__(self, *, wall: Callable[[], float] = time.time, id: str | None = None) -> None:
        """Begins empty; what Markdown needs is loaded with the first entry."""
        super().__init__(wall=wall, id=id)
        self._frame: asyncio.TimerHandle | None = None
        """The next frame. A timer of Textual's would cost a task each, which is felt at 24 a second."""
        self._blinking: Timer | None = None
        self._painted_at = 0.0
        self._waiting: list[MessageView] = []
        """Views with news that is to be painted."""

    def write(self, key: str, text: str) -> None:
        """Takes words of the live entry; they are painted with the next frames."""
        if (view := self.find_entry(key)) is not None:
            view.pacer.put(text, time.monotonic())
            self._soon(view)

    def write_reasoning(self, key: str, text: str) -> None:
        """Takes words of the live entry's reasoning."""
        if (view := self.find_entry(key)) is not None:
            view.frame.put_reasoning(text)
            self._soon(view)

    def mark_seam(self, key: str) -> None:
        """Marks where a resumed stream goes on in the live entry."""
        if (view := self.find_entry(key)) is not None:
            view.mark_seam()
            self._soon(view)

    def set_card(self, key: str, index: int, card: Card) -> None:
        """Shows a tool call of an entry as far as it is known."""
        if (view := self.find_entry(key)) is not None:
            view.frame.set_card(index, card)
            self._soon(view)

    def set_waiting(self, key: str, label: str) -> None:
        """Says below the live entry what is waited for; nothing for an empty label."""
        view = self.find_entry(key)
        if view is not None and view.frame.set_waiting(label):
            self._soon(view)

    def the_layout(self) -> Layout:
        """Where the messages stand; made with the first of them."""
        if self.messages is None:
            from llmhub_tui.tui.widgets.pane.layout import Layout  # markdown-it and Pygments: 100 ms

            self.messages = Layout()
        return self.messages

    def view_entry(self, entry: Entry) -> MessageView:
        """A view of an entry; a live one gets the typing cursor."""
        from llmhub_tui.tui.widgets.pane.message_view import MessageView  # see above

        view = MessageView(entry, self.look)
        if entry.live:
            self.keep_busy("live", True)
            self.live, self.cursor_on = view, True
            if self.app.animation_level != "none" and self._blinking is None:
                self._blinking = self.set_interval(_BLINK_S, self._blink)
        return view

    def find_entry(self, key: str) -> MessageView | None:
        """The view of the entry with this key."""
        number = self.messages.number(key) if self.messages is not None else None
        return self.messages.views[number] if self.messages is not None and number is not None else None

    def _soon(self, view: MessageView) -> None:
        """Has a view's news painted with the next frame, at most thirty a second."""
        if view not in self._waiting:
            self._waiting.append(view)
        if self._frame is None:
            wait = self._painted_at + FRAME_S - time.monotonic()
            loop = asyncio.get_running_loop()
            self._frame = loop.call_later(max(0.001, wait), self.call_next, self._flush)

    def _flush(self) -> None:
        """One frame: takes what the waiting views let out, and paints from the first changed line on."""
        self._frame, layout = None, self.messages
        self._painted_at = time.monotonic()
        waiting, self._waiting = self._waiting, []
        if layout is None:
            return
        changed = [] if (row := self.cursor_row()) is None else [row]
        until = time.perf_counter() + SLICE_S
        for view in waiting:
            number = layout.number(view.entry.key)
            if number is None or layout.views[number] is not view:
                continue
            changed.append(layout.top(number) + view.flush(self._painted_at, until))
            if view.pacer.waiting or view.unfinished:
                self._soon(view)
        if changed:
            self.relaid(min(changed))

    def _blink(self) -> None:
        """Turns the typing cursor on or off; only its own line is painted."""
        self.cursor_on = not self.cursor_on
        row = self.cursor_row()
        if row is not None and 0 <= (at := row - self.scroll_offset.y) < self.size.height:
            self.paint_rows(at, at + 1, direct=can_write(self))

    def on_unmount(self) -> None:
        """There are no more frames."""
        if self._frame is not None:
            self._frame.cancel()

    def end_live(self) -> None:
        """No entry grows any more."""
        self.keep_busy("live", False)
        self.live = None
        if self._blinking is not None:
            self._blinking.stop()
            self._blinking = None
