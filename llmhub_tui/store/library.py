"""The saved conversations: the one object that the rest of the program opens."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Failure, Message, Role
from llmhub_tui.store.database import connect, prepare, said
from llmhub_tui.store.processes import is_alive, own_token
from llmhub_tui.store.rows import conversation_of, put_chosen, put_head, put_message
from llmhub_tui.store.writer import Writer

FILE_NAME: Final = "chats.db"
_CLOSE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation as it stands in a list."""

    id: str
    title: str
    updated_at: float
    messages: int


class Library:
    """Reads in the caller's thread, writes in its own. It is a session's recorder as well."""

    def __init__(self, directory: Path) -> None:
        """Opens or makes the file in a folder.

        Raises:
            StorageError: if it can't be used.
        """
        prepared = prepare(directory / FILE_NAME, time.strftime("%Y%m%d-%H%M%S"))
        self.path = prepared.path
        self.notice = prepared.notice
        self._token = own_token()
        self._writer = Writer(self.path)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be written at the moment; what was to be written is kept."""
        return self._writer.trouble

    async def begin(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """See `session.ports.Recorder`: durable before it returns."""
        now = time.time()

        def write(connection: sqlite3.Connection) -> None:
            put_head(connection, conversation, now)
            for message in messages:
                writing = message.role is Role.ASSISTANT and message.ending is None
                put_message(connection, conversation.id, message, self._token if writing else "")

        await asyncio.wrap_future(self._writer.submit(write, durable=True))

    def append(self, reply_id: str, text: str, reasoning: str) -> None:
        """See `session.ports.Recorder`: on the disk within 250 ms."""
        self._writer.append(reply_id, text, reasoning)

    async def finish(self, conversation: Conversation, reply: Message) -> None:
        """See `session.ports.Recorder`: the finished message takes the place of its fragments."""
        now = time.time()

        def write(connection: sqlite3.Connection) -> None:
            put_head(connection, conversation, now)
            put_message(connection, conversation.id, reply, "")
            connection.execute("DELETE FROM fragments WHERE reply = ?", (reply.id,))

        await asyncio.wrap_future(self._writer.submit(write))

    def choose(self, conversation: Conversation) -> None:
        """Saves which attempts are on the path."""
        self._writer.submit(lambda connection: put_chosen(connection, conversation))

    def save_draft(self, conversation_id: str, text: str) -> None:
        """Keeps unsent text; an empty one forgets it."""
        now = time.time()

        def write(connection: sqlite3.Connection) -> None:
            if text:
                row = (conversation_id, text.encode("utf-8", "replace").decode(), now)
                connection.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?)", row)
            else:
                connection.execute("DELETE FROM drafts WHERE conversation = ?", (conversation_id,))

        self._writer.submit(write)

    def draft(self, conversation_id: str) -> str:
        """The unsent text of a conversation."""
        rows = self._read("SELECT text FROM drafts WHERE conversation = ?", (conversation_id,))
        return str(rows[0]["text"]) if rows else ""

    def last_id(self) -> str | None:
        """The conversation that was used last."""
        summaries = self.summaries(1)
        return summaries[0].id if summaries else None

    def summaries(self, limit: int, offset: int = 0) -> list[Summary]:
        """Conversations, the one that was used last first."""
        rows = self._read(
            "SELECT id, title, updated_at, "
            "(SELECT count(*) FROM messages WHERE conversation = conversations.id) AS size "
            "FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [Summary(row["id"], row["title"], row["updated_at"], row["size"]) for row in rows]

    def load(self, conversation_id: str) -> tuple[Conversation, int]:
        """A conversation, and how many of its replies were found cut by a crash and recovered.

        Raises:
            StorageError: if it is not there, or the disk refuses.
        """
        of = (conversation_id,)
        heads = self._read("SELECT * FROM conversations WHERE id = ?", of)
        if not heads:
            raise StorageError(f"there is no conversation {conversation_id}")
        messages = self._read("SELECT * FROM messages WHERE conversation = ? ORDER BY number", of)
        conversation = conversation_of(
            heads[0],
            messages,
            self._read(
                "SELECT * FROM attachments WHERE message IN (SELECT id FROM messages WHERE conversation = ?) "
                "ORDER BY position",
                of,
            ),
            self._read("SELECT parent, child FROM chosen WHERE conversation = ?", of),
        )
        cut = [row for row in messages if row["writer"] and not is_alive(row["writer"])]
        for row in cut:
            self._recover(conversation, conversation[row["id"]])
        return conversation, len(cut)

    def close(self) -> bool:
        """Writes what is left to write; says whether all of it could be."""
        return self._writer.close(_CLOSE_S)

    def _recover(self, conversation: Conversation, reply: Message) -> None:
        """Makes a message of what a crash left of a reply."""
        rows = self._read(
            "SELECT text, reasoning FROM fragments WHERE reply = ? ORDER BY number", (reply.id,)
        )
        found = replace(
            reply,
            text=reply.text + "".join(row["text"] for row in rows),
            reasoning=reply.reasoning + "".join(row["reasoning"] for row in rows),
            ending=Ending.INCOMPLETE,
            failure=Failure("crash", "llmhub-chat ended before the reply did; this is what had arrived"),
        )
        conversation.update(found)

        def write(connection: sqlite3.Connection) -> None:
            put_message(connection, conversation.id, found, "")
            connection.execute("DELETE FROM fragments WHERE reply = ?", (reply.id,))

        self._writer.submit(write)

    def _read(self, query: str, values: tuple[object, ...]) -> list[sqlite3.Row]:
        try:
            with closing(connect(self.path)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise said(error, self.path) from error
