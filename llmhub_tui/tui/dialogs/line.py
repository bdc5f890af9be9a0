"""Asks for one line of text."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from llmhub_tui.domain.plain import plain, plain_line


class LineDialog(ModalScreen[str]):
    """Answers with the line, or with `None` where the user thought better of it. The line may be empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="line.cancel", tooltip="Leave it as it is"),
    ]

    def __init__(self, question: str, line: str) -> None:
        """Takes the question, as plain text, and the line to begin with."""
        super().__init__()
        self._question = question
        self._line = plain_line(line)

    def compose(self) -> ComposeResult:
        """The question above the line."""
        with Vertical(classes="dialog"):
            yield Label(Content(plain(self._question)))
            yield Input(self._line, select_on_focus=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answers with the line."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Answers with nothing."""
        self.dismiss(None)
