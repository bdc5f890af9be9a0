"""Asks what becomes of what the disk did not take."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Label

from llmhub_tui.domain.plain import plain


class Parting(StrEnum):
    """How one leaves while something is not saved."""

    STAY = "stay"
    ELSEWHERE = "elsewhere"
    LOSE = "lose"


class UnsavedDialog(ModalScreen[Parting]):
    """Answers how to leave; Escape stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stay", "Stay", id="unsaved.stay", tooltip="Go on; it is tried again meanwhile"),
        Binding("left", "app.focus_previous", "Previous", id="unsaved.previous", tooltip="Another answer"),
        Binding("right", "app.focus_next", "Next", id="unsaved.next", tooltip="Another answer"),
    ]

    def __init__(self, reason: str) -> None:
        """Takes why it is not saved, as plain text."""
        super().__init__()
        self._reason = reason

    def compose(self) -> ComposeResult:
        """The reason above the answers."""
        with Vertical(classes="dialog"):
            yield Label(
                Content(plain(f"Not everything is saved: {self._reason}. Write it into a file elsewhere?"))
            )
            with Horizontal():
                yield Button("Stay", id=Parting.STAY)
                yield Button("Write it elsewhere", id=Parting.ELSEWHERE, variant="primary")
                yield Button("Quit, lose it", id=Parting.LOSE, variant="warning")

    def on_mount(self) -> None:
        """Chooses the answer that loses nothing."""
        self.query_one(f"#{Parting.ELSEWHERE}").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answers."""
        event.stop()
        self.dismiss(Parting(event.button.id or Parting.STAY))

    def action_stay(self) -> None:
        """Answers that the user stays."""
        self.dismiss(Parting.STAY)
