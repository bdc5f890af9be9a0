"""Full-text search over every message of every attempt: parts of words, code, any script."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.plain import plain
from llmhub_tui.store.connecting import is_passing, make_index_anew
from llmhub_tui.store.disk import Disk

_TERM: Final = re.compile(r'"([^"]+)"?|(\S+)')
_GRAM: Final = 3
"""Characters in an entry of the index."""
_MOST_GRAMS: Final = 300
"""Entries that a short term may stand for; one with more is so common that a scan finds it soon."""
_ROLES: Final = frozenset(role.value for role in Role)
_SCANNED: Final = 2000
"""Candidates that are looked at for short terms before the index is asked for them."""
_LAST: Final = 1 << 62
_BEFORE: Final = 40
_LENGTH: Final = 200
_MOST_SPANS: Final = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that has what was looked for."""

    conversation_id: str
    title: str
    archived: bool
    message_id: str
    role: Role
    created_at: float
    snippet: str
    """What stands around the first place, on one line, safe for a terminal."""
    spans: tuple[tuple[int, int], ...]
    """Where in the snippet the terms stand: begin and end, in characters."""


def terms_of(query: str) -> tuple[str, ...]:
    """The terms of a query: words, or phrases in double quotes."""
    found = (match.group(1) or match.group(2) for match in _TERM.finditer(query.replace("\0", " ")))
    return tuple(dict.fromkeys(_folded(term.strip()) for term in found if term.strip(' "')))


class Search:
    """Looks for text in the saved conversations. All of it may block."""

    def __init__(self, disk: Disk) -> None:
        """Takes the file."""
        self._disk = disk

    def find(self, query: str, limit: int = 50, *, conversation_id: str = "") -> list[Hit]:
        """The messages that have every term of a query, the newest first.

        Args:
            query: words or parts of words, in any case; `"several words"` stand together.
            limit: the most to return.
            conversation_id: looks in this conversation alone; empty for all that are not deleted.

        Raises:
            StorageError: if the disk refuses.
        """
        terms = terms_of(query)
        if not terms:
            return []
        try:
            with self._disk.reading() as connection:
                return list(islice(_hits(connection, terms, conversation_id), limit))
        except StorageError as error:
            if not isinstance(error.__cause__, sqlite3.DatabaseError) or is_passing(error.__cause__):
                raise
        self._disk.write(make_index_anew)  # a damaged index can be made of the messages
        with self._disk.reading() as connection:
            return list(islice(_hits(connection, terms, conversation_id), limit))


def _hits(connection: sqlite3.Connection, terms: Sequence[str], conversation_id: str) -> Iterator[Hit]:
    """The hits, the newest first.

    Short terms are looked for in the texts themselves at first, since most are found at once; where they
    turn out to be rare, the index is asked for all of its entries that begin with them.
    """
    patterns = [re.compile(re.escape(term), re.IGNORECASE) for term in terms]
    clauses = [_quoted(term) for term in terms if len(term) >= _GRAM]
    short = [(term, pattern) for term, pattern in zip(terms, patterns, strict=True) if len(term) < _GRAM]
    unchecked = [pattern for _, pattern in short]
    below = _LAST
    for number, row in enumerate(_rows(connection, clauses, conversation_id, below), 1):
        if all(pattern.search(row["text"]) for pattern in unchecked):
            yield _hit(row, patterns)
        if short and number == _SCANNED:
            below = row["number"]
            break
    else:
        return
    for term, pattern in short:
        grams = _grams(connection, term)
        if not grams:
            return
        if len(grams) <= _MOST_GRAMS:
            clauses.append(f"({' OR '.join(map(_quoted, grams))})")
            unchecked.remove(pattern)
    for row in _rows(connection, clauses, conversation_id, below):
        if all(pattern.search(row["text"]) for pattern in unchecked):
            yield _hit(row, patterns)


def _hit(row: sqlite3.Row, patterns: Sequence[re.Pattern[str]]) -> Hit:
    snippet, spans = snippet_of(row["text"], patterns)
    return Hit(
        row["conversation"],
        row["title"],
        bool(row["archived"]),
        row["id"],
        Role(row["role"]) if row["role"] in _ROLES else Role.ASSISTANT,
        row["created_at"],
        snippet,
        spans,
    )


def _rows(
    connection: sqlite3.Connection, clauses: Sequence[str], conversation_id: str, below: int
) -> Iterable[sqlite3.Row]:
    """Candidates, the newest first; read one by one, so that whoever has enough can stop."""
    number = "search.rowid" if clauses else "messages.number"
    source = "search CROSS JOIN messages ON messages.number = search.rowid" if clauses else "messages"
    where = ["deleted_at IS NULL", f"{number} < ?"]
    values: list[str | int] = [below]
    if clauses:
        where.append("search MATCH ?")
        values.append(" AND ".join(clauses))
    if conversation_id:
        where.append("conversation = ?")
        values.append(conversation_id)
    return connection.execute(
        "SELECT conversation, title, archived, messages.number, messages.id, role, messages.created_at, "
        "(SELECT rtrim(text, char(10)) FROM searchable WHERE searchable.number = messages.number) AS text "
        f"FROM {source} CROSS JOIN conversations ON conversations.id = conversation "
        f"WHERE {' AND '.join(where)} ORDER BY {number} DESC",
        values,
    )


def _grams(connection: sqlite3.Connection, term: str) -> list[str]:
    """The entries of the index that begin with a term that is shorter than they are."""
    rows = connection.execute(
        "SELECT term FROM search_terms WHERE term >= ? AND term < ? LIMIT ?",
        (term, term + "\U0010ffff", _MOST_GRAMS + 1),
    )
    return [row["term"] for row in rows]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _folded(text: str) -> str:
    """Lower case, letter by letter as the index does it, so that the length stays the same."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def snippet_of(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """What stands around the first hit, and where all hits stand in it."""
    first = min((match.start() for pattern in patterns if (match := pattern.search(text))), default=0)
    begin = max(0, first - _BEFORE)
    if begin:  # at a word, where one begins nearby
        space = text.find(" ", begin, first)
        begin = space + 1 if space >= 0 else begin
    end = min(len(text), begin + _LENGTH)
    parts = ["…"] if begin else []
    length = len(parts)
    spans = []
    at = begin
    for start, stop in _merged(patterns, text, begin, end):
        for piece, hit in ((text[at:start], False), (text[start:stop], True)):
            safe = plain(piece).replace("\n", " ").replace("\t", " ")
            if hit and safe:
                spans.append((length, length + len(safe)))
            parts.append(safe)
            length += len(safe)
        at = stop
    parts.append(plain(text[at:end]).replace("\n", " ").replace("\t", " "))
    return "".join(parts) + ("…" if end < len(text) else ""), tuple(spans)


def _merged(
    patterns: Sequence[re.Pattern[str]], text: str, begin: int, end: int
) -> Iterator[tuple[int, int]]:
    """The hits of all patterns between two places, in order, without overlaps."""
    found = sorted(
        match.span()
        for pattern in patterns
        for match in islice(pattern.finditer(text, begin, end), _MOST_SPANS)
    )
    last = begin
    for start, stop in found:
        if start >= last:
            yield start, stop
            last = stop
