"""Checksums of what was said, since SQLite has none: a disk that changes a letter is found out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Final
from zlib import crc32

from llmhub_tui.domain.messages import Failure
from llmhub_tui.store.connecting import make_index_anew

COLUMNS: Final = (
    *(
        "id",
        "conversation",
        "parent",
        "role",
        "text",
        "reasoning",
        "tool_calls",
        "tool_call_id",
        "created_at",
    ),
    *("duration_s", "model", "ending", "finish_reason", "usage", "failure", "kept_chars", "seams"),
)
"""The columns of a message that its checksum covers, in this order, and then its attachments."""
DAMAGED: Final = Failure("damaged", "the disk has damaged this message; this is what can be read of it")
_MARK: Final = json.dumps(asdict(DAMAGED))


def checksum(values: Iterable[object], attachments: Sequence[tuple[str, str, bytes]]) -> int:
    """The checksum of a message's columns and attachments."""
    parts = [(name, kind, crc32(data)) for name, kind, data in attachments]
    return crc32(repr((*values, *parts)).encode("utf-8", "surrogatepass"))


def is_right(row: sqlite3.Row, attachments: Sequence[sqlite3.Row]) -> bool:
    """Whether a message is as it was written; files of version 1 can't tell."""
    return row["checksum"] is None or _checksum(row, attachments) == row["checksum"]


def mark_wrong(connection: sqlite3.Connection) -> int:
    """Writes into each message that is not as it was written that it is damaged; says how many.

    From then on they say so themselves, and are found by no further look.
    """
    parts: dict[str, list[sqlite3.Row]] = {}
    for part in connection.execute("SELECT * FROM attachments ORDER BY message, position"):
        parts.setdefault(part["message"], []).append(part)
    wrong = [
        row["number"]
        for row in connection.execute("SELECT * FROM messages")
        if not is_right(row, parts.get(row["id"], ()))
    ]
    if wrong:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            for number in wrong:
                connection.execute("UPDATE messages SET failure = ? WHERE number = ?", (_MARK, number))
                row = connection.execute("SELECT * FROM messages WHERE number = ?", (number,)).fetchone()
                values = (_checksum(row, parts.get(row["id"], ())), number)
                connection.execute("UPDATE messages SET checksum = ? WHERE number = ?", values)
            make_index_anew(connection)  # it holds what the messages said before
    return len(wrong)


def marked(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The conversations and ids of the messages that are marked as damaged."""
    for row in connection.execute("SELECT conversation, id FROM messages WHERE failure = ?", (_MARK,)):
        yield row["conversation"], row["id"]


def _checksum(row: sqlite3.Row, attachments: Sequence[sqlite3.Row]) -> int:
    data = [part["data"] if isinstance(part["data"], bytes) else b"" for part in attachments]
    parts = [
        (part["name"], part["media_type"], content) for part, content in zip(attachments, data, strict=True)
    ]
    return checksum((row[name] for name in COLUMNS), parts)
