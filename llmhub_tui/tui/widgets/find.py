"""The line in which one types what to look for in the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Label


class FindBar(Horizontal):
    """Hidden until it is opened; Enter goes to the next hit, Shift+Tab or Up to the one before.

    Escape closes it; that key is the chat screen's, which asks the bar first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "move(1)", "Next", id="find.next", tooltip="The next hit", priority=True),
        Binding(
            "shift+tab,up",
            "move(-1)",
            "Previous",
            id="find.previous",
            tooltip="The hit before",
            priority=True,
        ),
    ]

    @dataclass
    class Changed(Message):
        """Something else is looked for."""

        needle: str

    @dataclass
    class Moved(Message):
        """Another hit is wanted: 1 for the next, -1 for the one before."""

        step: int

    class Closed(Message):
        """Nothing is looked for any more."""

    def compose(self) -> ComposeResult:
        """The field between its name and what was found."""
        yield Label(Content("Find"))
        yield Input()
        yield Label(Content(""), id="hits")

    def open(self) -> None:
        """Shows the bar and takes the keys."""
        self.add_class("-open")
        self.query_one(Input).focus()

    def count(self, at: int, total: int, *, complete: bool) -> None:
        """Says which hit the reader is at, and how many there are, or are so far."""
        more = "" if complete else "+"
        found = f"{at}/{total}{more}" if total else "no hit" if complete else "…"
        self.query_one("#hits", Label).update(Content(found if self.query_one(Input).value else ""))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Passes on what is looked for."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def action_move(self, step: int) -> None:
        """Asks for another hit."""
        self.post_message(self.Moved(step))

    def action_close(self) -> None:
        """Hides the bar."""
        self.remove_class("-open")
        self.query_one(Input).value = ""
        self.post_message(self.Closed())
