"""Shows the conversation that the cursor is on, without opening it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.tui.cards import cards_of, shown_path
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from llmhub_tui.tui.history.rows import Item
    from llmhub_tui.tui.library import Library

_SETTLE_S: Final = 0.1
"""How long the cursor rests on a row before it is read."""


class Preview(Transcript):
    """A conversation pane that reads what it shows."""

    def __init__(self, library: Library, wall: Callable[[], float]) -> None:
        """Takes the saved conversations, and what tells which day it is."""
        super().__init__(wall=wall)
        self._library = library
        self._loaded: Conversation | None = None

    def preview(self, item: Item | None) -> None:
        """Shows what a row leads to, unless another one is asked for before it is there."""
        self.run_worker(self._preview(item), group="preview", exclusive=True)

    async def _preview(self, item: Item | None) -> None:
        if item is None:
            self.show([])
            return
        await asyncio.sleep(_SETTLE_S)
        try:
            conversation = await self._conversation(item.conversation_id)
        except StorageError:  # it was deleted meanwhile; the list will say so
            self.show([])
            return
        if item.message_id in conversation:
            conversation.choose(item.message_id)
        self.show(entries_of(conversation))
        self.clear_find()
        if item.message_id:
            self.reveal(item.message_id, item.needle)

    async def _conversation(self, conversation_id: str) -> Conversation:
        """Reads a conversation, unless it is the one that was read last."""
        if self._loaded is not None and self._loaded.id == conversation_id:
            return self._loaded
        conversation, _ = await asyncio.to_thread(self._library.load, conversation_id)
        self._loaded = conversation
        return conversation


def entries_of(conversation: Conversation) -> list[Entry]:
    """The open path of a conversation in which nothing is going on."""
    entries = []
    for message in shown_path(conversation):
        place = conversation.place(message.id)
        cards = cards_of(conversation, message, {})
        entries.append(Entry(message, place.attempt, place.attempts, cards=cards))
    return entries
