"""A library without a disk, for tests of what stands above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from support.scripted import MemoryRecorder

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.store.drafts import Draft
from llmhub_tui.store.listing import Summary
from llmhub_tui.store.search import Hit


@dataclass
class MemoryDrafts:
    """Keeps unsent text."""

    texts: dict[str, str] = field(default_factory=dict)
    saves: int = 0

    def save(self, conversation_id: str, text: str) -> None:
        """Keeps it, or forgets it."""
        self.saves += 1
        self.texts[conversation_id] = text
        if not text:
            del self.texts[conversation_id]

    def text(self, conversation_id: str) -> str:
        """What is kept."""
        return self.texts.get(conversation_id, "")

    def left(self) -> list[Draft]:
        """Nobody has left anything."""
        return []


@dataclass
class MemoryPrompts:
    """Keeps what was sent, the last one first."""

    texts: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Puts it first."""
        self.texts = list(dict.fromkeys([text, *self.texts]))

    def recent(self, limit: int = 500) -> list[str]:
        """The last ones."""
        return self.texts[:limit]

    def search(self, words: str, limit: int = 50) -> list[str]:
        """Those with all the words."""
        wanted = words.lower().split()
        return [text for text in self.texts if all(word in text.lower() for word in wanted)][:limit]


class EmptyListing:
    """A list with nothing in it."""

    def summaries(
        self, limit: int = -1, offset: int = 0, *, words: str = "", archived: bool = False
    ) -> list[Summary]:
        """Nothing."""
        return []

    def cut(self) -> list[Summary]:
        """Nothing."""
        return []

    def summary(self, conversation_id: str) -> Summary | None:
        """Nothing."""
        return None

    def rename(self, conversation_id: str, title: str) -> None:
        """There is nothing to rename."""

    def pin(self, conversation_id: str, pinned: bool = True) -> None:
        """There is nothing to pin."""

    def archive(self, conversation_id: str, archived: bool = True) -> None:
        """There is nothing to archive."""

    def tag(self, conversation_id: str, tags: Iterable[str]) -> None:
        """There is nothing to tag."""

    def delete(self, conversation_id: str) -> None:
        """There is nothing to delete."""

    def restore(self, conversation_id: str) -> None:
        """There is nothing to restore."""

    def version(self) -> int:
        """Nobody writes."""
        return 0


class EmptySearch:
    """Finds nothing."""

    def find(self, query: str, limit: int = 50, *, conversation_id: str = "") -> list[Hit]:
        """Nothing."""
        return []


@dataclass
class MemoryLibrary(MemoryRecorder):
    """A recorder that can be asked for trouble."""

    chosen: list[str] = field(default_factory=list)
    kept: list[Conversation] = field(default_factory=list)
    drafts: MemoryDrafts = field(default_factory=MemoryDrafts)
    prompts: MemoryPrompts = field(default_factory=MemoryPrompts)
    listing: EmptyListing = field(default_factory=EmptyListing)
    search: EmptySearch = field(default_factory=EmptySearch)

    @property
    def trouble(self) -> str | None:
        """What a full disk says."""
        return "the disk is full" if self.full else None

    def choose(self, conversation: Conversation) -> None:
        """Keeps the path."""
        self.chosen = [message.id for message in conversation.path()]

    def keep(self, conversation: Conversation) -> None:
        """Keeps a conversation."""
        self.kept.append(conversation)

    def load(self, conversation_id: str) -> tuple[Conversation, int]:
        """Has nothing to load."""
        raise StorageError(f"there is no conversation {conversation_id}")
