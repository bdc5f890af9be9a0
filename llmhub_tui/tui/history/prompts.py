"""Looks for an earlier prompt, whatever conversation it was sent in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.tui.history.marking import marked_words

_WIDEST: Final = 300
_LOW: Final = 18
"""Lines below which nothing is spent on borders."""


class PromptSearch(ModalScreen[str]):
    """Answers with the prompt that was chosen, or with the empty string."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "cancel", "Cancel", id="prompts.cancel", tooltip="Leave it as it was"),
        Binding(
            "down,ctrl+r", "move(1)", "Older", id="prompts.older", tooltip="The one before", priority=True
        ),
        Binding("up", "move(-1)", "Newer", id="prompts.newer", tooltip="The one after", priority=True),
    ]

    def __init__(self, search: Callable[[str], Sequence[str]], wish: str) -> None:
        """Takes what searches, which may block, and the words to begin with."""
        super().__init__()
        self._search = search
        self._wish = wish
        self._found: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """The words above what is found."""
        with Vertical(classes="dialog"):
            yield Label(Content("Earlier prompts: Enter puts one into the composer, Escape leaves"))
            yield Input(self._wish, placeholder="Words that are in it", select_on_focus=False)
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        """Shows the last prompts at once."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Keeps to what is needed where the terminal is low."""
        self.set_class(event.size.height < _LOW, "-short")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Searches while the user types; the newest search alone is shown."""
        event.stop()
        self.run_worker(self._look(event.value), group="search", exclusive=True)

    async def _look(self, words: str) -> None:
        try:
            self._found = await asyncio.to_thread(self._search, words)
        except StorageError as error:
            self.notify(f"The history cannot be read: {error}", severity="error", markup=False)
            return
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(marked_words(plain_line(text, _WIDEST), words), id=str(at))
            for at, text in enumerate(self._found)
        )
        options.highlighted = 0 if self._found else None

    def action_move(self, step: int) -> None:
        """Goes to another prompt."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            options.highlighted = max(0, min(len(self._found) - 1, options.highlighted + step))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answers with the chosen prompt."""
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._found):
            self.dismiss(self._found[at])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click answers as well."""
        event.stop()
        self.dismiss(self._found[event.option_index])

    def action_cancel(self) -> None:
        """Answers with nothing."""
        self.dismiss("")
