"""The list of conversations: what stands in it, and what is done with one of them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.store.disk import Disk
from llmhub_tui.store.processes import is_alive
from llmhub_tui.store.rows import storable

_COLUMNS: Final = """
    id, title, created_at, updated_at, pinned, archived, deleted_at,
    (SELECT count(*) FROM messages WHERE conversation = conversations.id) AS messages,
    (SELECT group_concat(tag, char(10)) FROM tags WHERE conversation = conversations.id) AS tags,
    (SELECT max(number) FROM messages
        WHERE conversation = conversations.id AND role = 'assistant') AS last
"""
_ENDINGS: Final = frozenset(ending.value for ending in Ending)
_ORDER: Final = "ORDER BY pinned DESC, updated_at DESC, id LIMIT ? OFFSET ?"
_SHORTEST_PREFIX: Final = 4


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as it stands in a list."""

    id: str
    title: str
    created_at: float
    updated_at: float
    messages: int
    model: str = ""
    """Of the last reply."""
    ending: Ending | None = None
    """Of the last reply; `None` without one, and while it is in flight."""
    pinned: bool = False
    archived: bool = False
    deleted: bool = False
    tags: tuple[str, ...] = ()


class Listing:
    """Lists conversations, and renames, pins, tags, archives and deletes them. All of it may block."""

    def __init__(self, disk: Disk) -> None:
        """Takes the file."""
        self._disk = disk

    def summaries(
        self, limit: int = -1, offset: int = 0, *, words: str = "", archived: bool = False
    ) -> list[Summary]:
        """Conversations: pinned ones first, then the one that was used last.

        Args:
            limit: the most to return; negative for all.
            offset: how many to leave out.
            words: each of them is in the title or is part of a tag, whatever its case.
            archived: whether archived ones are among them.

        Raises:
            StorageError: if the disk refuses.
        """
        where = "WHERE deleted_at IS NULL" + ("" if archived else " AND archived = 0")
        with self._disk.reading() as connection:
            if not words.split():
                return _summaries(connection, f"{where} {_ORDER}", (limit, offset))
            found = list(_holding(connection, words, where))
            wanted = found[offset : offset + limit] if limit >= 0 else found[offset:]
            return _summaries(
                connection,
                f"WHERE id IN (SELECT value FROM json_each(?)) {_ORDER}",
                (json.dumps(wanted), -1, 0),
            )

    def summary(self, conversation_id: str) -> Summary | None:
        """One conversation, deleted or not; `None` where it is not there."""
        with self._disk.reading() as connection:
            return next(iter(_summaries(connection, "WHERE id = ?", (conversation_id,))), None)

    def version(self) -> int:
        """Another number after any program has written to the file. See `Disk.version`."""
        return self._disk.version()

    def last_id(self) -> str | None:
        """The conversation that was used last."""
        rows = self._disk.read(
            "SELECT id FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC LIMIT 1"
        )
        return str(rows[0]["id"]) if rows else None

    def matching(self, wish: str, limit: int = 20) -> list[Summary]:
        """The conversations that an id, a title, the beginning of an id, or words of a title name.

        The first of these that names any decides; so where one is returned, it is the one that is meant.
        """
        wish = wish.strip()
        prefix = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in wish) + "*"
        ways = [("id = ?", wish), ("title = ?", wish)]
        if len(wish) >= _SHORTEST_PREFIX:
            ways.append(("id GLOB ?", prefix))
        with self._disk.reading() as connection:
            for condition, value in ways:
                where = f"WHERE {condition} AND deleted_at IS NULL {_ORDER}"
                if found := _summaries(connection, where, (value, limit, 0)):
                    return found
        return self.summaries(limit, words=wish, archived=True)

    def cut(self) -> list[Summary]:
        """The conversations with a reply that a crash has cut and that nobody has looked at since."""
        rows = self._disk.read("SELECT DISTINCT conversation, writer FROM messages WHERE writer != ''")
        found = {row["conversation"] for row in rows if not is_alive(row["writer"])}
        summaries = [self.summary(conversation_id) for conversation_id in found]
        return sorted(
            (summary for summary in summaries if summary is not None and not summary.deleted),
            key=lambda summary: -summary.updated_at,
        )

    def rename(self, conversation_id: str, title: str) -> None:
        """Gives a conversation another title, which stays whatever is said in it."""
        title = storable(" ".join(title.split()))
        self._disk.change("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation_id))

    def pin(self, conversation_id: str, pinned: bool = True) -> None:
        """Keeps a conversation at the top of the list, or no longer."""
        self._disk.change("UPDATE conversations SET pinned = ? WHERE id = ?", (pinned, conversation_id))

    def archive(self, conversation_id: str, archived: bool = True) -> None:
        """Takes a conversation out of the list without deleting it, or puts it back."""
        self._disk.change("UPDATE conversations SET archived = ? WHERE id = ?", (archived, conversation_id))

    def tag(self, conversation_id: str, tags: Iterable[str]) -> None:
        """Gives a conversation these tags and no others; white space is no part of a tag."""
        rows = [
            (conversation_id, storable(tag))
            for tag in dict.fromkeys("-".join(t.split()) for t in tags)
            if tag
        ]

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM tags WHERE conversation = ?", (conversation_id,))
            connection.executemany("INSERT INTO tags VALUES (?, ?)", rows)

        self._disk.write(write)

    def tags(self) -> list[str]:
        """All tags, the most used first."""
        rows = self._disk.read("SELECT tag FROM tags GROUP BY tag ORDER BY count(*) DESC, tag")
        return [row["tag"] for row in rows]

    def delete(self, conversation_id: str) -> None:
        """Takes a conversation out of every list; `restore` undoes it until `purge` is called."""
        self._disk.change(
            "UPDATE conversations SET deleted_at = ? WHERE id = ?", (time.time(), conversation_id)
        )

    def restore(self, conversation_id: str) -> None:
        """Undoes `delete`."""
        self._disk.change("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (conversation_id,))

    def purge(self) -> int:
        """Removes deleted conversations for good; says how many."""
        count = self._disk.read("SELECT count(*) AS n FROM conversations WHERE deleted_at IS NOT NULL")

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM drafts WHERE conversation IN "
                "(SELECT id FROM conversations WHERE deleted_at IS NOT NULL)"
            )
            connection.execute("DELETE FROM conversations WHERE deleted_at IS NOT NULL")
            connection.execute("DELETE FROM fragments WHERE reply NOT IN (SELECT id FROM messages)")

        self._disk.write(write)
        return int(count[0]["n"])


def _holding(connection: sqlite3.Connection, words: str, where: str) -> Iterator[str]:
    """The ids of the conversations with all these words in their title or tags, in the list's order."""
    wanted = [word.lower() for word in words.split()]
    tags: dict[str, str] = {}
    for row in connection.execute("SELECT conversation, tag FROM tags"):
        tags[row["conversation"]] = f"{tags.get(row['conversation'], '')}\n{row['tag']}"
    for row in connection.execute(f"SELECT id, title FROM conversations {where} {_ORDER}", (-1, 0)):
        there = f"{row['title']}{tags.get(row['id'], '')}".lower()
        if all(word in there for word in wanted):
            yield row["id"]


def _summaries(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[Summary]:
    query = (
        "SELECT heads.*, reply.model, reply.ending "
        f"FROM (SELECT {_COLUMNS} FROM conversations {where}) AS heads "
        "LEFT JOIN messages AS reply ON reply.number = heads.last "
        "ORDER BY pinned DESC, heads.updated_at DESC, heads.id"
    )
    return [
        Summary(
            row["id"],
            row["title"],
            row["created_at"],
            row["updated_at"],
            row["messages"],
            row["model"] or "",
            Ending(row["ending"]) if row["ending"] in _ENDINGS else None,
            bool(row["pinned"]),
            bool(row["archived"]),
            row["deleted_at"] is not None,
            tuple(sorted(row["tags"].split("\n"))) if row["tags"] else (),
        )
        for row in connection.execute(query, values)
    ]
