"""The prompt editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from llmhub_tui.domain.plain import plain


class Composer(TextArea):
    """Where a prompt is written: Enter sends it, and Shift, Alt or Ctrl make a new line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Send", id="composer.send", tooltip="Send the prompt", show=False),
        Binding(
            "shift+enter,alt+enter,ctrl+j",
            "newline",
            "New line",
            id="composer.newline",
            tooltip="Begin a new line",
            show=False,
        ),
    ]

    @dataclass
    class Submitted(Message):
        """The user has sent a prompt."""

        composer: Composer
        text: str

        @property
        def control(self) -> Composer:
            """The composer that it came from."""
            return self.composer

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        """Takes the text that an empty composer shows."""
        super().__init__(
            id=id, placeholder=placeholder, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False
        )
        self.cursor_blink = False  # so that an idle chat paints nothing

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Lets the app look at a letter first while nothing is written: it may be a command just then."""
        return bool(self.text) and super().check_consume_key(key, character)

    def action_submit(self) -> None:
        """Sends the prompt, if there is one. The text stays until the app takes it over."""
        if self.text.strip():
            self.post_message(self.Submitted(self, self.text))

    def action_newline(self) -> None:
        """Breaks the line at the cursor."""
        start, end = self.selection
        self.replace("\n", start, end)

    def on_key(self, event: events.Key) -> None:
        """Keeps Enter for sending; the editor would break the line."""
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            self.action_submit()

    def on_paste(self, event: events.Paste) -> None:
        """Takes a paste as text: what could drive the terminal is made visible, and nothing is sent."""
        event.prevent_default()
        event.stop()
        start, end = self.selection
        self.replace(plain(event.text), start, end)
