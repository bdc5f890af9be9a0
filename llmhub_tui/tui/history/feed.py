"""What fills the list: read in a thread, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from llmhub_tui.tui.history.rows import Row, found_rows, rows_of

if TYPE_CHECKING:
    from llmhub_tui.store.listing import Summary
    from llmhub_tui.tui.library import Library

_PAGE: Final = 200
"""Conversations that are read at once; a screen shows twenty."""
_MOST_TITLES: Final = 20
_MOST_HITS: Final = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What the list should show."""

    words: str = ""
    archived: bool = False
    everywhere: bool = False
    """Whether the words are also looked for in every message."""
    rows: int = 0
    """How many conversations should at least be there."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the list shows."""

    wish: Wish
    rows: Sequence[Row]
    more: bool
    """Whether there are more than were read."""


def recover_cut(library: Library) -> None:
    """Makes messages of replies that a crash has cut, so that they are found as well; may block.

    Raises:
        StorageError: if the disk refuses.
    """
    for summary in library.listing.cut():
        library.load(summary.id)


def read_page(library: Library, wish: Wish, now: float) -> Page:
    """Reads what the list should show; may block.

    Args:
        library: is read from.
        wish: what is looked for.
        now: seconds since the Unix epoch, for the groups.

    Raises:
        StorageError: if the disk refuses.
    """
    words = wish.words.strip()
    if words and wish.everywhere:
        titles = library.listing.summaries(_MOST_TITLES, words=words, archived=True)
        return Page(wish, found_rows(titles, library.search.find(words, _MOST_HITS)), False)
    limit = -(-max(1, wish.rows) // _PAGE) * _PAGE
    summaries: Sequence[Summary] = library.listing.summaries(limit, words=words, archived=wish.archived)
    return Page(wish, tuple(rows_of(summaries, now)), len(summaries) == limit)
