"""Asks where a transcript goes."""

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


class SaveDialog(ModalScreen[str]):
    """Answers with a path, or with the empty string where the user thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="save.cancel", tooltip="Save nothing"),
    ]

    def __init__(self, path: str, problem: str = "") -> None:
        """Takes the path to begin with, and why the last one did not do."""
        super().__init__()
        self._path = path
        self._problem = problem

    def compose(self) -> ComposeResult:
        """The path in an input, and what its ending decides."""
        with Vertical(classes="dialog"):
            yield Label(Content(plain(f"Save the transcript in {Path.cwd()} as")))
            yield Input(self._path, id="path", select_on_focus=False)
            if self._problem:
                yield Label(Content(plain(self._problem)), classes="-problem")
            yield Label(
                Content("The ending decides: .md Markdown, .html web page, .json everything, .txt plain text")
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answers with the path."""
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Answers with nothing."""
        self.dismiss("")
