"""The keys of the conversation pane: scrolling, the message cursor, and what is done with a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message as Posted
from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from llmhub_tui.tui.widgets.pane.layout import Layout
    from llmhub_tui.tui.widgets.pane.message_view import MessageView


def _key(keys: str, action: str, title: str, name: str, tooltip: str) -> Binding:
    return Binding(keys, action, title, id=f"pane.{name}", tooltip=tooltip, show=False)


class ReadingPane(ScrollView, can_focus=True):
    """A pane that is read with the keyboard. What it shows is its subclass's business."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("up", "line(-1)", "Up", "up", "A line up"),
        _key("down", "line(1)", "Down", "down", "A line down"),
        _key("pageup", "page(-1)", "Page up", "pageup", "A page up"),
        _key("pagedown", "page(1)", "Page down", "pagedown", "A page down"),
        _key("home", "top", "Top", "top", "To the beginning"),
        _key("end", "bottom", "End", "bottom", "To the end, and follow it"),
        _key("alt+up", "message(-1)", "Message up", "previous", "To the message before"),
        _key("alt+down", "message(1)", "Message down", "next", "To the next message"),
        _key("left", "attempt(-1)", "Attempt before", "earlier", "Show the attempt before"),
        _key("right", "attempt(1)", "Next attempt", "later", "Show the next attempt"),
        _key("enter,space", "fold", "Fold", "fold", "Fold or unfold reasoning and tool calls"),
        _key("n", "hit(1)", "Next hit", "next_hit", "To the next hit of what is looked for"),
        _key("N", "hit(-1)", "Hit before", "previous_hit", "To the hit before"),
        _key("y", "copy_message", "Copy", "copy", "Copy this message's Markdown"),
        _key("c", "copy_code", "Copy code", "copy_code", "Copy this code block"),
        _key("o", "open_link", "Open link", "open", "Open the first link in this message"),
        _key("e", "change('edit')", "Edit", "edit", "Write another version of this prompt"),
        _key("f", "change('fork')", "Fork", "fork", "Begin a new conversation with all up to this message"),
    ]

    @dataclass
    class AttemptWanted(Posted):
        """Another attempt at a message is wanted."""

        key: str
        step: int

    @dataclass
    class EditWanted(Posted):
        """Another version of a prompt is to be written; of the one it answers, where it is a reply."""

        key: str

    @dataclass
    class ForkWanted(Posted):
        """A new conversation is to be begun with all up to a message."""

        key: str

    @dataclass
    class CopyWanted(Posted):
        """Text is to be copied."""

        text: str
        what: str

    @dataclass
    class LinkWanted(Posted):
        """An address is to be opened."""

        url: str

    messages: Layout | None = None
    marked: str = ""
    """The key of the message that the message cursor is on; empty for none."""

    def action_line(self, step: int) -> None:
        """Scrolls by lines."""
        self.go_to(self.scroll_offset.y + step)

    def action_page(self, step: int) -> None:
        """Scrolls by pages."""
        self.go_to(self.scroll_offset.y + step * max(1, self.size.height - 2))

    def action_top(self) -> None:
        """Goes to the beginning."""
        self.show_all()
        self.go_to(0)

    def action_bottom(self) -> None:
        """Goes to the end, and follows it."""
        self.mark("")
        self.go_to(self.max_scroll_y)

    def action_message(self, step: int) -> None:
        """Moves the message cursor."""
        if self.messages is None or not self.messages.views:
            return
        last = len(self.messages.views) - 1
        at = self.messages.number(self.marked) if self.marked else None
        if at is None:
            at = self.messages.at(self.scroll_offset.y + self.size.height - 1) + (1 if step < 0 else 0)
        at = min(last, max(0, at + step))
        self.mark(self.messages.views[at].entry.key)
        self.go_to(self.messages.top(at))

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
        view = self._subject(lambda view: bool(view.entry.message.reasoning or view.entry.message.tool_calls))
        if view is not None:
            view.toggle(view.folds)
            self.relaid()

    def action_copy_message(self) -> None:
        """Copies the marked message, or the last one."""
        view = self._subject(lambda view: bool(view.entry.message.text))
        if view is not None and view.entry.message.text:
            self.post_message(self.CopyWanted(view.live_text, "the message"))

    def action_copy_code(self) -> None:
        """Copies a code block of the marked message, or of the last one that has any."""
        view = self._subject(lambda view: "```" in view.entry.message.text)
        if view is None or self.messages is None:
            return
        view.make()
        number = self.messages.number(view.entry.key) or 0
        code = view.code_at(max(0, self.scroll_offset.y - self.messages.top(number)))
        if code:
            self.post_message(self.CopyWanted(code, "the code block"))

    def action_open_link(self) -> None:
        """Asks to open the first link of the marked message, or of the last one that has any."""
        view = self._subject(lambda view: "http" in view.entry.message.text)
        if view is None:
            return
        view.make()
        urls = [link.url for at in range(view.height) for link in view.line(at).links]
        if urls:
            self.post_message(self.LinkWanted(urls[0]))

    def action_hit(self, step: int) -> None:
        """Goes to another hit of what is looked for."""
        self.find_next(step)

    def find_next(self, step: int = 1) -> None:
        """Called when another hit is wanted."""

    def go_to(self, line: int) -> None:
        """Scrolls so that a line is the first that can be seen."""
        self.scroll_to(y=max(0, min(line, self.max_scroll_y)), animate=False, immediate=True, force=True)

    def mark(self, key: str) -> None:
        """Puts the message cursor on a message."""
        self.marked = key
        self.refresh()

    def show_all(self) -> None:
        """Called when messages are wanted that may not be there yet."""

    def relaid(self) -> None:
        """Called when heights have changed."""

    def _subject(self, fits: Callable[[MessageView], bool]) -> MessageView | None:
        """The marked message, or else the last one that fits."""
        if self.messages is None:
            return None
        number = self.messages.number(self.marked)
        if number is not None:
            return self.messages.views[number]
        return next((view for view in reversed(self.messages.views) if fits(view)), None)
