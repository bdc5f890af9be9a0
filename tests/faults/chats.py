"""The chat in a terminal, with data of its own, and what is on its disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from support.terminal import Terminal, isolated

from faults.speaker import word


@dataclass(frozen=True, slots=True)
class Place:
    """A folder in which a chat lives."""

    home: Path

    @property
    def data(self) -> Path:
        """Where the conversations are."""
        return self.home / "data" / "llmhub"

    @property
    def file(self) -> Path:
        """The database."""
        return self.data / "chats.db"

    def chat(self, url: str, *arguments: str) -> Terminal:
        """Starts the chat, of which the first frame may not be there yet."""
        env = isolated(self.home, LLMHUB_DATA_DIR=str(self.data), PYTHONDONTWRITEBYTECODE="1")
        return Terminal(["--base-url", url, "-m", "speaker", *arguments], env=env, cwd=self.home)

    def integrity(self) -> str:
        """What SQLite says of the file; `ok` where it is sound."""
        with closing(sqlite3.connect(self.file)) as connection:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])

    def prompts(self) -> list[str]:
        """All prompts on the disk."""
        with closing(sqlite3.connect(self.file)) as connection:
            rows = connection.execute("SELECT text FROM messages WHERE role = 'user' ORDER BY number")
            return [row[0] for row in rows]

    def reply(self) -> str:
        """The newest reply, with the pieces of it that are not yet folded into it."""
        with closing(sqlite3.connect(self.file)) as connection:
            row = connection.execute(
                "SELECT id, text FROM messages WHERE role = 'assistant' ORDER BY number DESC LIMIT 1"
            ).fetchone()
            if row is None:
                return ""
            pieces = connection.execute("SELECT text FROM fragments WHERE reply = ? ORDER BY number", row[:1])
            return str(row[1]) + "".join(piece[0] for piece in pieces)

    def kept(self) -> int:
        """How many words of the newest reply are kept; they must be the first ones, each once."""
        text = self.reply()
        count = len(text.split())
        expected = "".join(word(number) for number in range(count))
        assert text.strip() == expected.strip(), f"the reply is torn: {text[:200]!r} … {text[-60:]!r}"
        return count
