"""Which of a message's links to open; each is shown as what it is: an address."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList


class LinksDialog(ModalScreen[str]):
    """Returns the address that is to be opened, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Cancel", id="links.cancel", tooltip="Open none"),
    ]

    def __init__(self, urls: list[str]) -> None:
        """Takes the addresses."""
        super().__init__()
        self._urls = urls

    def compose(self) -> ComposeResult:
        """A question and a list."""
        with Vertical(classes="dialog"):
            yield Label(Content("Which address? Enter opens it."))
            yield OptionList(*(Content(url) for url in self._urls))

    def on_mount(self) -> None:
        """Lets the arrow keys choose at once."""
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """This one."""
        self.dismiss(self._urls[event.option_index])
