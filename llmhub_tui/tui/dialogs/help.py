"""The help: the same pages that the demo answers from."""

from __future__ import annotations

from importlib import resources
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from llmhub_tui.tui.widgets.page import Page

_ORDER = ("keys", "connecting", "endings", "saving", "one-shot", "demo", "troubleshooting")


def help_text() -> str:
    """All help pages, one below the other."""
    folder = resources.files("llmhub_tui") / "help"
    pages = sorted(
        (page for page in folder.iterdir() if page.name.endswith(".md")),
        key=lambda page: next(
            (at for at, name in enumerate(_ORDER) if page.name.startswith(name)), len(_ORDER)
        ),
    )
    return "\n\n".join(page.read_text(encoding="utf-8").strip() for page in pages)


class HelpScreen(ModalScreen[None]):
    """Shows the help over the chat."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "close", "Close", id="help.close", tooltip="Back to the chat"),
    ]

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        yield Page(help_text())

    def on_mount(self) -> None:
        """Lets the arrow keys scroll at once."""
        self.query_one(Page).focus()

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss()
