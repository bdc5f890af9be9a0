"""The list of conversations with its filter and its keys; the side panel and the full screen show it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.tui.history.feed import Wish, read_page, recover_cut
from llmhub_tui.tui.history.keyline import KeyLine
from llmhub_tui.tui.history.listed import HistoryList

if TYPE_CHECKING:
    from llmhub_tui.store.listing import Summary
    from llmhub_tui.tui.library import Library

_WATCH_S: Final = 1.0
"""How often it is asked whether another program has written."""


_KEYS: Final = (
    "Ctrl+K pin",
    "F4 tags",
    "F5 rename",
    "F6 archive",
    "F7 archived",
    "F8 delete",
    "Ctrl+Z undo",
)


def _key(keys: str, action: str, title: str, name: str, tooltip: str) -> Binding:
    return Binding(keys, action, title, id=f"history.{name}", tooltip=tooltip, show=False, priority=True)


class Browser(Vertical):
    """Typing filters, the arrows move, Enter opens; what is done with a conversation is its owner's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("up", "move('row', -1)", "Up", "up", "The row above"),
        _key("down", "move('row', 1)", "Down", "down", "The row below"),
        _key("pageup", "move('page', -1)", "Page up", "pageup", "A page up"),
        _key("pagedown", "move('page', 1)", "Page down", "pagedown", "A page down"),
        _key("ctrl+home", "move('end', -1)", "First", "first", "To the first row"),
        _key("ctrl+end", "move('end', 1)", "Last", "last", "To the last row"),
        _key("enter", "open", "Open", "open", "Open this conversation"),
        _key("f5", "change('rename')", "Rename", "rename", "Give it another title"),
        _key("ctrl+k", "change('pin')", "Pin", "pin", "Keep it at the top, or no longer"),
        _key("f4", "change('tag')", "Tags", "tag", "Give it tags"),
        _key("f6", "change('archive')", "Archive", "archive", "Take it out of the list, or put it back"),
        _key("f7", "archived", "Archived", "archived", "Show archived conversations as well, or no longer"),
        _key("f8", "change('delete')", "Delete", "delete", "Delete it; Ctrl+Z brings it back"),
        _key("delete", "delete_key", "Delete", "delete_key", "Delete, behind the end of the filter"),
        _key("ctrl+z", "undo", "Undo", "undo", "Bring back what was deleted last"),
    ]

    @dataclass
    class Opened(Message):
        """A conversation is to be opened, at a message or at its end."""

        conversation_id: str
        message_id: str
        needle: str
        """What is marked there."""

    @dataclass
    class ChangeWanted(Message):
        """Something is to be done with a conversation."""

        browser: Browser
        how: str
        summary: Summary

    class UndoWanted(Message):
        """What was deleted last is to be brought back."""

    class Settled(Message):
        """The cursor is on another row, or that row has changed."""

    def __init__(
        self,
        library: Library,
        wall: Callable[[], float],
        *,
        everywhere: bool,
        words: str = "",
        show: str = "",
    ) -> None:
        """Takes what is read.

        Args:
            library: the saved conversations.
            wall: tells which day it is, in seconds since the Unix epoch.
            everywhere: whether words are also looked for in messages.
            words: to begin with.
            show: the id of the conversation that the cursor begins on.
        """
        super().__init__()
        self._library = library
        self._wall = wall
        self._wish = Wish(words, everywhere=everywhere)
        self._more = False
        self._version = -1
        self._first = show

    def compose(self) -> ComposeResult:
        """The filter above the list, and the keys below it."""
        placeholder = "Search every message" if self._wish.everywhere else "Filter by title or #tag"
        yield Input(self._wish.words, placeholder=placeholder)
        yield HistoryList(self._wall)
        yield KeyLine(_KEYS)

    def on_mount(self) -> None:
        """Reads the first page, and looks from time to time whether it is still true."""
        self.read(show=self._first)
        self.set_interval(_WATCH_S, self._watch)

    @property
    def words(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    @property
    def listed(self) -> HistoryList:
        """The list."""
        return self.query_one(HistoryList)

    def take_keys(self) -> None:
        """Gives the keys to the filter."""
        self.query_one(Input).focus()

    def read(self, *, keep: bool = False, show: str = "") -> None:
        """Reads what the list should show, unless a newer wish comes before it is there.

        Args:
            keep: whether the cursor stays where it is.
            show: the key of a row that the cursor should be put on.
        """
        self.run_worker(self._read(keep, show), group="read", exclusive=True)

    async def _read(self, keep: bool, show: str) -> None:
        wish = self._wish
        try:
            version = await asyncio.to_thread(self._library.listing.version)
            if wish.everywhere and self._version < 0:
                await asyncio.to_thread(recover_cut, self._library)
            page = await asyncio.to_thread(read_page, self._library, wish, self._wall())
        except StorageError as error:
            self.notify(f"The saved conversations cannot be read: {error}", severity="error", markup=False)
            return
        self._version, self._more = version, page.more
        self.listed.show(page.rows, page.wish.words, keep=keep)
        if show:
            self.listed.go_to(show)

    async def _watch(self) -> None:
        """Reads again what another program may have changed."""
        try:
            version = await asyncio.to_thread(self._library.listing.version)
        except StorageError:
            return
        if version != self._version and self._version >= 0:
            self._wish = replace(self._wish, rows=self.listed.loaded)
            self.read(keep=True)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filters while the user types."""
        event.stop()
        words = event.value.replace("#", " ") if not self._wish.everywhere else event.value
        if words != self._wish.words:
            self._wish = replace(self._wish, words=words, rows=0)
            self.read()

    def on_history_list_more_wanted(self, event: HistoryList.MoreWanted) -> None:
        """Reads on, if there is more."""
        event.stop()
        if self._more:
            self._wish = replace(self._wish, rows=event.loaded + 1)
            self.read(keep=True)

    def on_history_list_moved(self, event: HistoryList.Moved) -> None:
        """Tells that the cursor has moved."""
        event.stop()
        self.post_message(self.Settled())

    def on_history_list_picked(self, event: HistoryList.Picked) -> None:
        """A click on the row that the cursor is on opens it."""
        event.stop()
        self.action_open()

    def action_move(self, how: str, step: int) -> None:
        """Moves the cursor by a row, by a screen, or to an end."""
        match how:
            case "row":
                self.listed.step(step)
            case "page":
                self.listed.page(step)
            case _:
                self.listed.end(step)

    def action_open(self) -> None:
        """Asks to open what the cursor is on."""
        if (item := self.listed.item) is not None:
            self.post_message(self.Opened(item.conversation_id, item.message_id, item.needle))

    async def action_change(self, how: str) -> None:
        """Asks to do something with the conversation that the cursor is on."""
        if (item := self.listed.item) is not None:
            summary = await asyncio.to_thread(self._library.listing.summary, item.conversation_id)
            if summary is not None:
                self.post_message(self.ChangeWanted(self, how, summary))

    async def action_delete_key(self) -> None:
        """Deletes a character of the filter; behind its last one, the conversation."""
        filter_ = self.query_one(Input)
        if filter_.cursor_position < len(filter_.value):
            filter_.action_delete_right()
        else:
            await self.action_change("delete")

    def action_archived(self) -> None:
        """Shows archived conversations as well, or no longer."""
        self._wish = replace(self._wish, archived=not self._wish.archived)
        self.read()

    def action_undo(self) -> None:
        """Asks to bring back what was deleted last."""
        self.post_message(self.UndoWanted())
