"""Prompts and resources of MCP servers: choose one, say what it needs, and its text goes to the composer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tools.mcp.offers import ResourceOffer

if TYPE_CHECKING:
    from llmhub_tui.tools.mcp.offers import Offer, PromptOffer


class OffersDialog(ModalScreen["Offer | None"]):
    """Lists what is offered; typing narrows the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="offers.cancel", tooltip="Take nothing"),
        Binding("down", "move(1)", "Down", id="offers.down", tooltip="The next one"),
        Binding("up", "move(-1)", "Up", id="offers.up", tooltip="The one before"),
    ]

    def __init__(self, offers: Sequence[Offer]) -> None:
        """Takes what is offered."""
        super().__init__()
        self._offers = offers
        self._found: list[Offer] = []

    def compose(self) -> ComposeResult:
        """What is looked for, above what is found."""
        with Vertical(classes="tools"):
            yield Label(Content("Prompts and resources of your MCP servers"), classes="-title")
            yield Input(placeholder="Type to narrow the list", id="needle")
            yield OptionList(id="found")

    def on_mount(self) -> None:
        """Lists all."""
        self.query_one("#found", OptionList).can_focus = False
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Lists what fits."""
        self._show(event.value)

    def _show(self, needle: str) -> None:
        self._found = [offer for offer in self._offers if needle.lower() in _words(offer).lower()]
        options = self.query_one("#found", OptionList)
        options.clear_options()
        options.add_options(Option(Content(plain_line(_words(offer), 160))) for offer in self._found)
        options.highlighted = 0 if self._found else None

    def action_move(self, step: int) -> None:
        """Marks another one."""
        options = self.query_one("#found", OptionList)
        if self._found:
            options.highlighted = ((options.highlighted or 0) + step) % len(self._found)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the one that is marked."""
        event.stop()
        at = self.query_one("#found", OptionList).highlighted
        if at is not None:
            self.dismiss(self._found[at])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Takes the one that was clicked."""
        event.stop()
        self.dismiss(self._found[event.option_index])

    def action_cancel(self) -> None:
        """Takes nothing."""
        self.dismiss(None)


def _words(offer: Offer) -> str:
    kind = "resource" if isinstance(offer, ResourceOffer) else "prompt"
    return f"{offer.server} · {kind} {offer.name}  {offer.description}".rstrip()


class ArgumentsDialog(ModalScreen["dict[str, str] | None"]):
    """Asks for what a prompt needs; the last Enter is the answer."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="arguments.cancel", tooltip="Take nothing"),
    ]

    def __init__(self, prompt: PromptOffer) -> None:
        """Takes the prompt."""
        super().__init__()
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        """An input for each argument."""
        with VerticalScroll(classes="dialog"):
            yield Label(Content(plain_line(f"{self._prompt.server} · {self._prompt.name}", 120)))
            for number, (name, about, needed) in enumerate(self._prompt.arguments):
                must = "" if needed else " (may stay empty)"
                yield Label(Content(plain_line(f"{name}{must}  {about}", 160)))
                yield Input(id=f"argument-{number}")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes to what is still missing, or answers."""
        event.stop()
        values = {}
        for number, (name, _, needed) in enumerate(self._prompt.arguments):
            field = self.query_one(f"#argument-{number}", Input)
            if field.value:
                values[name] = field.value
            elif needed:
                field.focus()
                return
        self.dismiss(values)

    def action_cancel(self) -> None:
        """Takes nothing."""
        self.dismiss(None)
