"""A question with two answers, of which the safe one is chosen at first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from llmhub_tui.domain.plain import plain


class ConfirmDialog(ModalScreen[bool]):
    """Answers true only after the affirming button was chosen; Escape is a no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "no", "No", id="confirm.no", tooltip="Leave everything as it is"),
        Binding("left", "app.focus_previous", "Previous", id="confirm.previous", tooltip="The other answer"),
        Binding("right", "app.focus_next", "Next", id="confirm.next", tooltip="The other answer"),
    ]

    def __init__(self, question: str, *, yes: str, no: str = "Cancel") -> None:
        """Takes the question and the words of the two answers; the question is plain text."""
        super().__init__()
        self._question = question
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        """The question above its answers."""
        with Vertical(classes="dialog"):
            yield Label(Content(plain(self._question)))
            with Horizontal():
                yield Button(Content(self._no), id="no")
                yield Button(Content(self._yes), id="yes", variant="warning")

    def on_mount(self) -> None:
        """Chooses the safe answer."""
        self.query_one("#no").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answers."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def action_no(self) -> None:
        """Answers no."""
        self.dismiss(False)
