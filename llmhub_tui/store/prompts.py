"""What was sent before, in any conversation, for the composer's history."""

from __future__ import annotations

import sqlite3
import time
from typing import Final

from llmhub_tui.store.disk import Disk
from llmhub_tui.store.rows import storable

_KEPT: Final = 5000
_LONGEST: Final = 20_000
"""Characters; what is longer was pasted, and nobody recalls it."""


class Prompts:
    """The composer's history. One prompt stands in it once, at its latest use."""

    def __init__(self, disk: Disk) -> None:
        """Takes the file."""
        self._disk = disk

    def add(self, text: str) -> None:
        """Remembers a prompt. Never blocks and never raises."""
        if not text.strip() or len(text) > _LONGEST:
            return
        text = storable(text)
        now = time.time()

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM prompts WHERE substr(text, 1, 64) = substr(?1, 1, 64) AND text = ?1", (text,)
            )
            connection.execute("INSERT INTO prompts (text, used_at) VALUES (?, ?)", (text, now))
            connection.execute(
                "DELETE FROM prompts WHERE number <= (SELECT max(number) FROM prompts) - ?", (_KEPT,)
            )

        self._disk.writer.submit(write)

    def recent(self, limit: int = 500) -> list[str]:
        """What was sent, the last one first.

        Raises:
            StorageError: if the disk refuses.
        """
        rows = self._disk.read("SELECT text FROM prompts ORDER BY number DESC LIMIT ?", (limit,))
        return [row["text"] for row in rows]

    def search(self, words: str, limit: int = 50) -> list[str]:
        """What was sent and has each of these words in it, whatever their case; the last one first.

        Raises:
            StorageError: if the disk refuses.
        """
        wanted = [word.lower() for word in words.split()]
        found = []
        for text in self.recent(_KEPT):
            there = text.lower()
            if all(word in there for word in wanted):
                found.append(text)
                if len(found) == limit:
                    break
        return found
