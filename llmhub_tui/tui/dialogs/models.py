"""Chooses a model from what the server has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.plain import plain, plain_line


class ModelDialog(ModalScreen[str]):
    """Answers with a model's name, or with the empty string for none.

    A name that the list does not have can be typed: not every server lists all that it serves.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="model.cancel", tooltip="Keep the model"),
        Binding("down", "move(1)", "Next", id="model.next", tooltip="The next model", priority=True),
        Binding("up", "move(-1)", "Previous", id="model.previous", tooltip="The one above", priority=True),
    ]

    def __init__(self, current: str, ask: Callable[[], Awaitable[Sequence[str]]]) -> None:
        """Takes the model in use, and what asks the server for its models."""
        super().__init__()
        self._current = current
        self._ask = ask
        self._names: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """A field that narrows the list."""
        with Vertical(classes="dialog"):
            yield Label(Content(plain(f"Model, now {self._current or 'the first one of the server'}")))
            yield Input(placeholder="Type to narrow the list, or a name", id="wanted")
            yield OptionList(id="models", markup=False)
            yield Label(Content("asking the server…"), id="note")

    def on_mount(self) -> None:
        """Asks the server while the dialog is there already."""
        self.run_worker(self._load(), exclusive=True)

    async def _load(self) -> None:
        try:
            self._names = await self._ask()
        except ChatError as error:
            self._note(f"{error.message.rstrip('.')}. {error.advice}")
            return
        self._narrow("")
        if self._current in self._names:
            self._options.highlighted = self._names.index(self._current)

    @property
    def _options(self) -> OptionList:
        return self.query_one(OptionList)

    def _note(self, text: str) -> None:
        self.query_one("#note", Label).update(Content(plain(text)))

    def _narrow(self, wanted: str) -> None:
        words = wanted.lower().split()
        found = [name for name in self._names if all(word in name.lower() for word in words)]
        self._options.set_options(
            Option(Content(plain_line(name, 200)), id=f"model-{self._names.index(name)}") for name in found
        )
        self._options.highlighted = 0 if found else None
        self._note(
            f"{len(found)} of {len(self._names)} models" if self._names else "the server names no model"
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows the list."""
        event.stop()
        if self._names:
            self._narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes what is highlighted, or else what was typed."""
        event.stop()
        at = self._options.highlighted
        if at is not None:
            self._choose(self._options.get_option_at_index(at))
        elif event.value.strip():
            self.dismiss(event.value.strip())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Takes the one that was clicked."""
        event.stop()
        self._choose(event.option)

    def _choose(self, option: Option) -> None:
        self.dismiss(self._names[int((option.id or "").removeprefix("model-"))])

    def action_move(self, step: int) -> None:
        """Moves in the list while the field has the keys."""
        if step > 0:
            self._options.action_cursor_down()
        else:
            self._options.action_cursor_up()

    def action_cancel(self) -> None:
        """Answers with nothing."""
        self.dismiss("")
