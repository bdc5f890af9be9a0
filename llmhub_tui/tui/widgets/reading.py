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


def key(keys: str, action: str, title: str, name: str, tooltip: str) -> Binding:
    return Binding(keys, action, title, id=f"pane.{name}", tooltip=tooltip, show=False)


class ReadingPane(ScrollView, can_focus=True):
    """A pane that is read with the keyboard. What it shows is its subclass's business."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("up", "line(-1)", "Up", "up", "A line up"),
        key("down", "line(1)", "Down", "down", "A line down"),
        key("pageup", "page(-1)", "Page up", "pageup", "A page up"),
        key("pagedown", "page(1)", "Page down", "pagedown", "A page down"),
        key("home", "top", "Top", "top", "To the beginning"),
        key("end", "bottom", "End", "bottom", "To the end, and follow it"),
        key("alt+up", "message(-1)", "Message up", "previous", "To the message before"),
        key("alt+down", "message(1)", "Message down", "next", "To the next message"),
        key("shift+up", "extend(-1)", "Select up", "select_up", "Select the message before as well"),
        key("shift+down", "extend(1)", "Select down", "select_down", "Select the next message as well"),
        key("n", "hit(1)", "Next hit", "next_hit", "To the next hit of what is looked for"),
        key("N", "hit(-1)", "Hit before", "previous_hit", "To the hit before"),
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
        """An address is to be opened, or one of several."""

        urls: list[str]

    messages: Layout | None = None
    marked: str = ""
    """The key of the message that the message cursor is on; empty for none."""
    selected_from: str = ""
    """The key of the message at which a selection of several began; empty for none."""
    pointed: tuple[str, int] | None = None
    """The message and the number of the code block that was clicked or copied last."""

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

    def action_extend(self, step: int) -> None:
        """Moves the message cursor and selects all from where it was."""
        if self.messages is None or not self.messages.views:
            return
        if not self.marked:
            self.action_message(step)
            return
        start = self.selected_from or self.marked
        self.action_message(step)
        self.selected_from = start
        self.refresh()

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
        self.marked, self.selected_from, self.pointed = key, "", None
        self.refresh()

    def is_marked(self, number: int) -> bool:
        """Whether a message is under the message cursor, or selected with it."""
        if self.messages is None:
            return False
        marked, start = self.messages.number(self.marked), self.messages.number(self.selected_from)
        if marked is None:
            return False
        start = marked if start is None else start
        return min(marked, start) <= number <= max(marked, start)

    def show_all(self) -> None:
        """Called when messages are wanted that may not be there yet."""

    def relaid(self) -> None:
        """Called when heights have changed."""

    def _marked_views(self) -> list[MessageView]:
        views = self.messages.views if self.messages is not None and self.marked else []
        return [view for number, view in enumerate(views) if self.is_marked(number)]

    def _subject(self, fits: Callable[[MessageView], bool]) -> MessageView | None:
        """The marked message, or else the last one that fits."""
        if self.messages is None:
            return None
        number = self.messages.number(self.marked)
        if number is not None:
            return self.messages.views[number]
        return next((view for view in reversed(self.messages.views) if fits(view)), None)
