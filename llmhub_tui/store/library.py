"""The saved conversations: the one object that the rest of the program opens."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Failure, Message, Role
from llmhub_tui.store.database import damage_mark, is_damaged, prepare, problems_of
from llmhub_tui.store.disk import Disk
from llmhub_tui.store.drafts import Drafts
from llmhub_tui.store.listing import Listing
from llmhub_tui.store.paths import private_file
from llmhub_tui.store.processes import is_alive, own_token
from llmhub_tui.store.prompts import Prompts
from llmhub_tui.store.rows import (
    conversation_of,
    put_chosen,
    put_head,
    put_message,
    put_missing,
    with_own_ids,
)
from llmhub_tui.store.search import Search

FILE_NAME: Final = "chats.db"
_CLOSE_S: Final = 5.0
_MESSAGES: Final = "SELECT * FROM messages WHERE conversation = ? ORDER BY number"
_CHOSEN: Final = "SELECT parent, child FROM chosen WHERE conversation = ?"
_OF_ONE: Final = "(SELECT id FROM messages WHERE conversation = ?)"
_ATTACHMENTS: Final = f"SELECT * FROM attachments WHERE message IN {_OF_ONE} ORDER BY position"
_FRAGMENTS: Final = f"SELECT reply, text, reasoning FROM fragments WHERE reply IN {_OF_ONE} ORDER BY number"


class Library:
    """Reads in the caller's thread, writes in its own. It is a session's recorder as well."""

    def __init__(self, directory: Path, *, exile: str = "") -> None:
        """Opens or makes the file in a folder.

        Args:
            directory: of the file.
            exile: why it is in this folder and not where it will be looked for.

        Raises:
            StorageError: if it can't be used.
        """
        prepared = prepare(directory / FILE_NAME, time.strftime("%Y%m%d-%H%M%S"))
        self.path = prepared.path
        self.notice = prepared.notice
        self._damage = ""
        """What was found out about the file since it was opened."""
        self._inspection: threading.Thread | None = None
        self._token = own_token()
        self._disk = Disk(self.path)
        self._writer = self._disk.writer
        self._writer.when_replaced = self._put_last
        self._exile = exile
        self._last: Conversation | None = None
        """The conversation that was last said something in."""
        self._pending: dict[str, Conversation] = {}
        """Conversations of which perhaps not all is on the disk."""
        self.listing = Listing(self._disk)
        self.search = Search(self._disk)
        self.drafts = Drafts(self._disk)
        self.prompts = Prompts(self._disk)
        if not prepared.inspected:
            self._inspection = threading.Thread(target=self._inspect, name="inspection", daemon=True)
            self._inspection.start()

    @property
    def trouble(self) -> str | None:
        """Why nothing can be written at the moment; what was to be written is kept."""
        return self._exile or self._writer.trouble or self._damage or None

    def unsaved(self) -> list[Conversation]:
        """The conversations that are not on the disk as they are here."""
        return list(self._pending.values())

    async def begin(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """See `session.ports.Recorder`: durable before it returns."""
        now = time.time()
        self._last = conversation
        self._pending[conversation.id] = conversation

        def write(connection: sqlite3.Connection) -> None:
            put_head(connection, conversation, now)
            connection.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (conversation.id,))
            put_missing(connection, conversation, {message.id for message in messages})
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
            self._pending.pop(conversation.id, None)

        await asyncio.wrap_future(self._writer.submit(write))

    def choose(self, conversation: Conversation) -> None:
        """Saves which attempts are on the path."""
        self._writer.submit(lambda connection: put_chosen(connection, conversation))

    def keep(self, conversation: Conversation, *, updated_at: float | None = None) -> None:
        """Saves a whole conversation, such as a fork or an imported one; what is there already stays.

        Args:
            conversation: with ids that no other conversation uses.
            updated_at: where it stands in the list, in seconds since the Unix epoch; now by default.

        Raises:
            StorageError: if the disk refuses.
        """
        now = time.time() if updated_at is None else updated_at

        def write(connection: sqlite3.Connection) -> None:
            put_head(connection, conversation, now)
            put_missing(connection, conversation)

        self._disk.write(write)

    def take_in(self, conversation: Conversation, *, updated_at: float) -> int:
        """Saves an imported conversation; says how many of its messages were not there before.

        What is there stays as it is. Message ids that another conversation uses are made its own.

        Raises:
            StorageError: if the disk refuses.
        """
        added = 0

        def write(connection: sqlite3.Connection) -> None:
            nonlocal added
            own = with_own_ids(connection, conversation)
            (was_there,) = connection.execute(
                "SELECT count(*) FROM conversations WHERE id = ? AND deleted_at IS NULL", (own.id,)
            ).fetchone()
            if was_there:
                added = put_missing(connection, own)
                return
            put_head(connection, own, updated_at)
            connection.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (own.id,))
            put_missing(connection, own)
            added = max(1, len(own))

        self._disk.write(write)
        return added

    def check(self) -> list[str]:
        """What is damaged in the file; nothing where it is sound.

        Raises:
            StorageError: if the disk refuses.
        """
        with self._disk.reading() as connection:
            return problems_of(connection)

    def compact(self) -> None:
        """Gives the disk what the file no longer needs.

        Raises:
            StorageError: if the disk refuses, or another program is writing.
        """
        with self._disk.reading() as connection:
            connection.execute("INSERT INTO search (search) VALUES ('optimize')")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def load(self, conversation_id: str) -> tuple[Conversation, int]:
        """A conversation, and how many of its replies were found cut by a crash and recovered.

        Raises:
            StorageError: if it is not there, or the disk refuses.
        """
        of = (conversation_id,)
        with self._disk.reading() as connection:
            connection.execute("BEGIN")  # one state of the file: a reply may be finished at this very moment
            heads = connection.execute("SELECT * FROM conversations WHERE id = ?", of).fetchall()
            messages = connection.execute(_MESSAGES, of).fetchall()
            attachments = connection.execute(_ATTACHMENTS, of).fetchall()
            chosen = connection.execute(_CHOSEN, of).fetchall()
            fragments = connection.execute(_FRAGMENTS, of).fetchall()
        if not heads:
            raise StorageError(f"there is no conversation {conversation_id}")
        conversation = conversation_of(heads[0], messages, attachments, chosen)
        in_flight = [row for row in messages if row["writer"]]
        for row in in_flight:
            parts = [part for part in fragments if part["reply"] == row["id"]]
            conversation.update(_with_fragments(conversation[row["id"]], parts))
        cut = [row for row in in_flight if not is_alive(row["writer"])]
        for row in cut:
            self._recover(conversation, conversation[row["id"]])
        return conversation, len(cut)

    def close(self) -> bool:
        """Writes what is left to write; says whether all of it could be."""
        return self._disk.close(_CLOSE_S)

    def inspected(self, patience_s: float) -> bool:
        """Waits until the whole file has been looked through; says whether it has."""
        if self._inspection is not None:
            self._inspection.join(patience_s)
        return self._inspection is None or not self._inspection.is_alive()

    def _inspect(self) -> None:
        """Looks for damage in a large file; what is found is mended at the next start."""
        if is_damaged(self.path):
            with suppress(StorageError):
                private_file(damage_mark(self.path))
            self._damage = "the file is damaged; what can be read of it is recovered at the next start"

    def _put_last(self, connection: sqlite3.Connection) -> None:
        """Saves the conversation that is going on in a file that took the place of the old one."""
        if self._last is not None:
            put_head(connection, self._last, time.time())
            put_missing(connection, self._last)

    def _recover(self, conversation: Conversation, reply: Message) -> None:
        """Makes a message of what a crash left of a reply."""
        found = replace(
            reply,
            ending=Ending.INCOMPLETE,
            failure=Failure("crash", "llmhub-chat ended before the reply did; this is what had arrived"),
        )
        conversation.update(found)

        def write(connection: sqlite3.Connection) -> None:
            put_message(connection, conversation.id, found, "")
            connection.execute("DELETE FROM fragments WHERE reply = ?", (reply.id,))

        self._writer.submit(write)


def _with_fragments(reply: Message, parts: Sequence[sqlite3.Row]) -> Message:
    """A reply with what has arrived of it since it was begun."""
    return replace(
        reply,
        text=reply.text + "".join(part["text"] for part in parts),
        reasoning=reply.reasoning + "".join(part["reasoning"] for part in parts),
    )
