"""Unsent text, one for each conversation."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import Final

from llmhub_tui.store.disk import Disk
from llmhub_tui.store.processes import is_alive, own_token
from llmhub_tui.store.rows import storable

_OF_CONVERSATION: Final = """
    SELECT * FROM drafts WHERE conversation = ? OR conversation GLOB ? || '/[0-9]*' ORDER BY updated_at DESC
"""
"""A draft stands under its conversation's id, or with its program's name behind it where two write."""
_SAVE: Final = "INSERT OR REPLACE INTO drafts (conversation, text, updated_at, writer) VALUES (?, ?, ?, ?)"


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
        text, now = storable(text), time.time()

        def write(connection: sqlite3.Connection) -> None:
            rows = connection.execute(_OF_CONVERSATION, (conversation_id, conversation_id)).fetchall()
            free = [row["conversation"] for row in rows if self._is_free(row["writer"])]
            connection.executemany("DELETE FROM drafts WHERE conversation = ?", [(key,) for key in free])
            if text:
                taken = len(rows) > len(free)  # by a living program: its text is its own
                key = f"{conversation_id}/{self._token}" if taken else conversation_id
                connection.execute(_SAVE, (key, text, now, self._token))

        self._disk.writer.submit(write)

    def text(self, conversation_id: str) -> str:
        """The unsent text of a conversation; what another living program has there is left to that.

        Raises:
            StorageError: if the disk refuses.
        """
        rows = self._disk.read(_OF_CONVERSATION, (conversation_id, conversation_id))
        return next((str(row["text"]) for row in rows if self._is_free(row["writer"])), "")

    def _is_free(self, writer: str) -> bool:
        """Whether a draft may be taken over: it is this program's, or its program has ended."""
        return writer == self._token or not is_alive(writer)

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
