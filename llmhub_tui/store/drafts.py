"""Unsent text, one for each conversation."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

from llmhub_tui.store.disk import Disk
from llmhub_tui.store.processes import is_alive, own_token
from llmhub_tui.store.rows import storable


@dataclass(frozen=True, slots=True)
class Draft:
    """Text that was typed and not sent."""

    conversation_id: str
    """Perhaps of a conversation that nothing was said in yet, which is saved nowhere else."""
    text: str
    updated_at: float


class Drafts:
    """Keeps what is typed until it is sent."""

    def __init__(self, disk: Disk) -> None:
        """Takes the file."""
        self._disk = disk
        self._token = own_token()

    def save(self, conversation_id: str, text: str) -> None:
        """Keeps unsent text; an empty one forgets it. Never blocks and never raises."""
        row = (conversation_id, storable(text), time.time(), self._token)

        def write(connection: sqlite3.Connection) -> None:
            if text:
                connection.execute(
                    "INSERT OR REPLACE INTO drafts (conversation, text, updated_at, writer) "
                    "VALUES (?, ?, ?, ?)",
                    row,
                )
            else:
                connection.execute("DELETE FROM drafts WHERE conversation = ?", row[:1])

        self._disk.writer.submit(write)

    def text(self, conversation_id: str) -> str:
        """The unsent text of a conversation.

        Raises:
            StorageError: if the disk refuses.
        """
        rows = self._disk.read("SELECT text FROM drafts WHERE conversation = ?", (conversation_id,))
        return str(rows[0]["text"]) if rows else ""

    def left(self) -> list[Draft]:
        """Drafts of conversations that were never begun, by processes that have ended; the newest first.

        Raises:
            StorageError: if the disk refuses.
        """
        rows = self._disk.read(
            "SELECT * FROM drafts WHERE conversation NOT IN (SELECT id FROM conversations) "
            "ORDER BY updated_at DESC"
        )
        return [
            Draft(row["conversation"], row["text"], row["updated_at"])
            for row in rows
            if not is_alive(row["writer"])
        ]
