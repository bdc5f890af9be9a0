"""Asks for a file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from llmhub_tui.domain.plain import plain


class AttachDialog(ModalScreen[str]):
    """Answers with a path, or with the empty string."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="attach.cancel", tooltip="Attach nothing"),
    ]

    def __init__(self, path: str = "", problem: str = "") -> None:
        """Takes the path to begin with, and why the last one did not do."""
        super().__init__()
        self._path = path
        self._problem = problem

    def compose(self) -> ComposeResult:
        """The path in an input."""
        with Vertical(classes="dialog"):
            yield Label(Content(plain(f"Attach a text or a picture from {Path.cwd()}")))
            yield Input(self._path, id="path", select_on_focus=False)
            if self._problem:
                yield Label(Content(plain(self._problem)), classes="-problem")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answers."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Answers with nothing."""
        self.dismiss("")
