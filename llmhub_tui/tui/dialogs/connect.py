"""Asks for a server and its key."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label

from llmhub_tui.domain.plain import plain
from llmhub_tui.domain.secret import Secret
from llmhub_tui.tui.connecting import Server


class KeyField(Input):
    """Shows dots, and gives nothing away to the clipboard."""

    def action_copy(self) -> None:
        """Copies nothing."""

    def action_cut(self) -> None:
        """Copies nothing."""


class ConnectDialog(ModalScreen[Server | None]):
    """Answers with a server, or with nothing where the user thought better of it."""

    AUTO_FOCUS = "#key"  # it is what mostly is missing
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="connect.cancel", tooltip="Stay where you are"),
    ]

    def __init__(self, base_url: str, problem: str = "") -> None:
        """Takes the server to begin with, and why the last one did not do."""
        super().__init__()
        self._base_url = base_url
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Two fields and two buttons."""
        with Vertical(classes="dialog"):
            yield Label(Content("Server, usually ending in /v1"))
            yield Input(self._base_url, id="server", select_on_focus=False)
            yield Label(Content("API key; none for most servers on this machine"))
            yield KeyField(id="key", password=True)
            yield Label(Content(plain(self._problem)), id="problem", classes="-problem")
            with Horizontal():
                yield Button("Cancel", id="cancel")
                yield Button("Connect", id="connect", variant="primary")

    def on_mount(self) -> None:
        """Leaves no room for a problem that there is not."""
        self.query_one("#problem").display = bool(self._problem)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter connects."""
        event.stop()
        self._connect()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Connects or cancels."""
        event.stop()
        if event.button.id == "connect":
            self._connect()
        else:
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Changes nothing."""
        self.dismiss(None)

    def _connect(self) -> None:
        base_url, key = self.query_one("#server", Input).value.strip(), self.query_one("#key", Input).value
        try:
            secret = Secret(key) if key.strip() else None
        except ValueError as error:
            label = self.query_one("#problem", Label)
            label.update(Content(str(error)))
            label.display = True
        else:
            self.dismiss(Server(base_url, secret))
