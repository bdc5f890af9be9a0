"""All tools by source: which are on, what is wrong with a source, and what was allowed for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.plain import plain_line

if TYPE_CHECKING:
    from llmhub_tui.tools.consent import Rule
    from llmhub_tui.tools.toolbox import Listing
    from llmhub_tui.tui.tooling import ToolDesk

_REFRESH_S: Final = 1.0
"""How often sources are looked at again: servers come and go."""
_KEYS: Final = "Space on/off · p keep for profile · Del revoke · Esc"


@dataclass(frozen=True, slots=True)
class _Switch:
    """The row of a tool."""

    name: str


@dataclass(frozen=True, slots=True)
class _Permission:
    """The row of something that was decided for good."""

    rule: Rule | None = None
    refused: str = ""


_Row = _Switch | _Permission | None
"""What a row stands for; `None` for one that is only read."""


class ToolsScreen(ModalScreen[None]):
    """Ctrl+T. Switching works at once, for the conversation that is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+t", "close", "Close", id="tools.close", tooltip="Back to the chat"),
        Binding("space", "switch", "On or off", id="tools.switch", tooltip="For this conversation"),
        Binding("p", "keep", "Keep", id="tools.keep", tooltip="On and off as they are, for this profile"),
        Binding("delete,backspace", "revoke", "Revoke", id="tools.revoke", tooltip="Ask again from now on"),
    ]

    def __init__(self, desk: ToolDesk, on: Sequence[str], choose: Callable[[tuple[str, ...]], None]) -> None:
        """Takes the tools.

        Args:
            desk: has them.
            on: the names or patterns of those that are on.
            choose: takes those that are on from now on.
        """
        super().__init__()
        self._desk = desk
        self._on = tuple(on)
        self._choose = choose
        self._rows: list[_Row] = []
        self._listings: Sequence[Listing] = ()
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """A list, and the keys below it."""
        with Vertical(classes="tools"):
            yield Label(Content("Tools in this conversation"), classes="-title")
            yield OptionList()
            yield Label(Content(_KEYS), id="hint")

    async def on_mount(self) -> None:
        """Lists what there is, now and as it changes."""
        await self._refresh()
        self._timer = self.set_interval(_REFRESH_S, self._refresh)

    async def _refresh(self) -> None:
        listings = await self._desk.toolbox.listings()
        changed = list(map(_words, listings)) != list(map(_words, self._listings))
        self._listings = listings
        if changed or not self._rows:
            self._show()

    def _show(self) -> None:
        options = self.query_one(OptionList)
        at = options.highlighted
        self._rows = []
        lines: list[Content] = []
        for listing in self._listings:
            self._add(lines, None, Content.styled(plain_line(listing.title, 60), "bold"))
            for tool in listing.tools:
                about = plain_line(tool.description, 120)
                mark = "[x]" if self._is_on(tool.name) else "[ ]"
                text = Content.assemble(
                    f"  {mark} {plain_line(tool.name, 64)}  ", (about, "$foreground-muted")
                )
                self._add(lines, _Switch(tool.name), text)
            for trouble in listing.troubles:
                self._add(lines, None, Content.styled(f"  ! {plain_line(trouble, 200)}", "$text-warning"))
        self._show_permissions(lines)
        options.clear_options()
        options.add_options(
            Option(line, disabled=row is None) for line, row in zip(lines, self._rows, strict=True)
        )
        first = next((number for number, row in enumerate(self._rows) if row is not None), None)
        options.highlighted = at if at is not None and at < len(self._rows) else first

    def _show_permissions(self, lines: list[Content]) -> None:
        book = self._desk.book
        if book.rules or book.never:
            self._add(lines, None, Content.styled("Allowed or refused for good", "bold"))
        for rule in book.rules:
            text = f"  always  {plain_line(rule.words(), 200)} ({plain_line(rule.source, 40)})"
            self._add(lines, _Permission(rule), Content(text))
        for name in book.never:
            self._add(lines, _Permission(refused=name), Content(f"  never   {plain_line(name, 64)}"))

    def _add(self, lines: list[Content], row: _Row, line: Content) -> None:
        self._rows.append(row)
        lines.append(line)

    def _is_on(self, name: str) -> bool:
        return any(fnmatchcase(name, known) for known in self._on)

    def _row(self) -> _Row:
        at = self.query_one(OptionList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter and a click do what Space does."""
        event.stop()
        self.action_switch()

    def action_switch(self) -> None:
        """Turns a tool on or off for this conversation."""
        row = self._row()
        if not isinstance(row, _Switch):
            return
        there = [tool.name for listing in self._listings for tool in listing.tools]
        on = {name for name in there if self._is_on(name)} ^ {row.name}
        absent = [known for known in self._on if not any(fnmatchcase(name, known) for name in there)]
        self._on = (*absent, *(name for name in there if name in on))
        self._choose(self._on)
        self._show()

    async def action_keep(self) -> None:
        """Makes the choice the profile's own."""
        try:
            await self._desk.keep(self._on)
        except ChatError as error:
            self.notify(plain_line(str(error), 300), severity="error", markup=False)
        else:
            profile = plain_line(self._desk.profile, 40)
            self.notify(f"These tools are now on in every new chat with profile {profile}.", markup=False)

    def action_revoke(self) -> None:
        """Takes back what was decided for good."""
        row = self._row()
        if not isinstance(row, _Permission):
            return
        try:
            if row.rule is not None:
                self._desk.book.revoke(row.rule)
            else:
                self._desk.book.pardon(row.refused)
        except ChatError as error:
            self.notify(plain_line(str(error), 300), severity="error", markup=False)
        self._show()

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss(None)


def _words(listing: Listing) -> tuple[object, ...]:
    """What is shown of a source."""
    return listing.title, [(tool.name, tool.description) for tool in listing.tools], listing.troubles
