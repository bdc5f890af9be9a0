"""The saved conversations, as far as the chat needs them. All of it may block, except where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from llmhub_tui.domain.conversation import Conversation
    from llmhub_tui.store.drafts import Draft
    from llmhub_tui.store.listing import Summary
    from llmhub_tui.store.search import Hit


class Listing(Protocol):
    """The list of conversations, and what is done with one of them."""

    def summaries(
        self, limit: int = -1, offset: int = 0, *, words: str = "", archived: bool = False
    ) -> Sequence[Summary]:
        """Conversations: pinned ones first, then the one that was used last."""
        ...

    def cut(self) -> Sequence[Summary]:
        """The conversations with a reply that a crash has cut and that nobody has looked at since."""
        ...

    def summary(self, conversation_id: str) -> Summary | None:
        """One conversation."""
        ...

    def rename(self, conversation_id: str, title: str) -> None:
        """Gives a conversation another title."""
        ...

    def pin(self, conversation_id: str, pinned: bool = True) -> None:
        """Keeps a conversation at the top of the list, or no longer."""
        ...

    def archive(self, conversation_id: str, archived: bool = True) -> None:
        """Takes a conversation out of the list without deleting it, or puts it back."""
        ...

    def tag(self, conversation_id: str, tags: Iterable[str]) -> None:
        """Gives a conversation these tags and no others."""
        ...

    def delete(self, conversation_id: str) -> None:
        """Takes a conversation out of every list."""
        ...

    def restore(self, conversation_id: str) -> None:
        """Undoes `delete`."""
        ...

    def version(self) -> int:
        """Another number after any program has written to the file."""
        ...


class Search(Protocol):
    """Full-text search."""

    def find(self, query: str, limit: int = 50, *, conversation_id: str = "") -> Sequence[Hit]:
        """The messages that have every term of a query, the newest first."""
        ...


class Drafts(Protocol):
    """Unsent text, one for each conversation."""

    def save(self, conversation_id: str, text: str) -> None:
        """Keeps unsent text; an empty one forgets it. Never blocks and never raises."""
        ...

    def text(self, conversation_id: str) -> str:
        """The unsent text of a conversation."""
        ...

    def left(self) -> Sequence[Draft]:
        """Drafts of conversations that were never begun, by processes that have ended; the newest first."""
        ...


class Prompts(Protocol):
    """What was sent before, in any conversation."""

    def add(self, text: str) -> None:
        """Remembers a prompt. Never blocks and never raises."""
        ...

    def recent(self, limit: int = 500) -> Sequence[str]:
        """What was sent, the last one first."""
        ...

    def search(self, words: str, limit: int = 50) -> Sequence[str]:
        """What was sent and has each of these words in it; the last one first."""
        ...


class Library(Protocol):
    """One file of saved conversations."""

    @property
    def trouble(self) -> str | None:
        """Why nothing can be saved at the moment. Never blocks."""
        ...

    @property
    def listing(self) -> Listing:
        """The list."""
        ...

    @property
    def search(self) -> Search:
        """Search over everything."""
        ...

    @property
    def drafts(self) -> Drafts:
        """Unsent text."""
        ...

    @property
    def prompts(self) -> Prompts:
        """The composer's history."""
        ...

    def choose(self, conversation: Conversation) -> None:
        """Saves which attempts are on the path. Never blocks."""
        ...

    def keep(self, conversation: Conversation) -> None:
        """Saves a whole conversation, such as a fork.

        Raises:
            StorageError: if the disk refuses.
        """
        ...

    def load(self, conversation_id: str) -> tuple[Conversation, int]:
        """A conversation, and how many of its replies were found cut by a crash and recovered.

        Raises:
            StorageError: if it is not there, or the disk refuses.
        """
        ...
