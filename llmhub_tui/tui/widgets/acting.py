"""What is done with the message under the cursor: copy it or its code, open a link, fold, try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from llmhub_tui.tui.widgets.entries import WHO
from llmhub_tui.tui.widgets.pane.places import code_blocks, may_have_code, urls_of
from llmhub_tui.tui.widgets.reading import ReadingPane, key

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.pane.message_view import MessageView


class ActingPane(ReadingPane):
    """Asks the app for what it may not do itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("left", "attempt(-1)", "Attempt before", "earlier", "Show the attempt before"),
        key("right", "attempt(1)", "Next attempt", "later", "Show the next attempt"),
        key("enter,space", "fold", "Fold", "fold", "Fold or unfold reasoning and tool calls"),
        key("y", "copy_message", "Copy", "copy", "Copy the Markdown of this message or of those selected"),
        key("c", "copy_code", "Copy code", "copy_code", "Copy this code block; again: the next one"),
        key("e", "change('edit')", "Edit", "edit", "Write another version of this prompt"),
        key("f", "change('fork')", "Fork", "fork", "Begin a new conversation with all up to this message"),
        key("o", "open_link", "Open link", "open", "Open a link of this message"),
    ]

    _copied: tuple[str, int] | None = None
    """The code block that was copied last."""

    def action_attempt(self, step: int) -> None:
        """Asks for another attempt at the marked message, or at the last one that has several."""
        view = self._subject(lambda view: view.entry.attempts > 1)
        if view is not None and view.entry.attempts > 1:
            self.post_message(self.AttemptWanted(view.entry.key, step))

    def action_change(self, how: str) -> None:
        """Asks to edit or to fork at the marked message, or at the last one."""
        view = self._subject(lambda view: True)
        if view is not None:
            wanted = self.EditWanted if how == "edit" else self.ForkWanted
            self.post_message(wanted(view.entry.key))

    def action_fold(self) -> None:
        """Folds or unfolds reasoning and tool calls of the marked message, or of the last that has any."""
        view = self._subject(lambda view: any(view.frame.texts()))
        if view is not None:
            view.make()
            view.toggle(view.frame.folds)
            self.relaid()

    def action_copy_message(self) -> None:
        """Copies the marked messages, or the last one that has text."""
        views = self._marked_views() or [view for view in [self._subject(_has_text)] if view is not None]
        texts = [(view, view.live_text) for view in views if view.live_text]
        if len(texts) == 1:
            self.post_message(self.CopyWanted(texts[0][1], "the message"))
        elif texts:
            whole = "\n\n".join(f"**{WHO[view.entry.message.role]}**\n\n{text}" for view, text in texts)
            self.post_message(self.CopyWanted(whole, f"{len(texts)} messages"))

    def action_copy_code(self) -> None:
        """Copies the code block that was clicked or the first in sight; pressed again, the one after."""
        blocks = self._code_blocks()
        if not blocks or self.messages is None:
            self.notify("There is no code block here", markup=False)
            return
        places = [(key, number) for _, key, number in blocks]
        if self.pointed in places:
            at = places.index(self.pointed)
            if self._copied == self.pointed:
                at = (at + 1) % len(places)
        else:
            top = self.scroll_offset.y
            at = next((at for at, (row, _, _) in enumerate(blocks) if row >= top), len(blocks) - 1)
        self.pointed = self._copied = places[at]
        view = self.messages.views[self.messages.number(places[at][0]) or 0]
        row = blocks[at][0]
        if not self.scroll_offset.y <= row < self.scroll_offset.y + self.size.height:
            self.go_to(row - self.size.height // 3)
        code = view.code(places[at][1])
        name = f"code block {at + 1} of {len(places)}" if len(places) > 1 else "the code block"
        self.post_message(self.CopyWanted(code, name))

    def action_open_link(self) -> None:
        """Asks to open a link of the marked message, or of the last one that has any."""
        view = self._subject(lambda view: bool(urls_of(view)))
        urls = urls_of(view) if view is not None else []
        if urls:
            self.post_message(self.LinkWanted(urls))
        else:
            self.notify("There is no link here", markup=False)

    def _code_blocks(self) -> list[tuple[int, str, int]]:
        """Line, message and number of the code blocks of the marked message, or of those in sight."""
        layout = self.messages
        if layout is None or not layout.views:
            return []
        top = self.scroll_offset.y
        seen = layout.views[layout.at(top) : layout.at(top + self.size.height - 1) + 1]
        last = self._subject(may_have_code)
        for views in (self._marked_views(), seen, [last] if last is not None else []):
            blocks = []
            for view in views:
                layout.make(view)
                layout.measure()
                start = layout.top(layout.number(view.entry.key) or 0)
                blocks += [(start + at, view.entry.key, number) for at, number in code_blocks(view)]
            if blocks or (self.marked and views):
                return blocks
        return []


def _has_text(view: MessageView) -> bool:
    return bool(view.live_text)
