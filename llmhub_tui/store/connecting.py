"""Connections to the file, and what SQLite's refusals mean to the user."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from llmhub_tui.domain.errors import StorageError

_BUSY_S: Final = 2.0
"""How long another program's write is waited for."""


def connect(path: Path, *, of_one_thread: bool = True) -> sqlite3.Connection:
    """A connection for the calling thread, or for all; transactions are begun by hand.

    The file must be there: one that was deleted under us is not made again by looking for it.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        address, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=of_one_thread
    )
    connection.row_factory = sqlite3.Row
    connection.text_factory = _text  # one damaged byte must not make a conversation unreadable
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except UnicodeDecodeError as error:  # what SQLite quotes of a damaged file may be no text
        connection.close()
        raise sqlite3.DatabaseError("malformed database schema") from error
    return connection


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def make_index_anew(connection: sqlite3.Connection) -> None:
    """Makes the search index from the messages, as where the old one is damaged."""
    connection.execute("INSERT INTO search (search) VALUES ('rebuild')")


def identity(path: Path) -> tuple[int, int] | None:
    """Names the file at a path, as long as one is there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another program's write is the reason, which passes."""
    return any(word in str(error).lower() for word in ("locked", "busy"))


def is_passing(error: sqlite3.Error) -> bool:
    """Whether the disk or another program is the reason, and not damage in the file."""
    return isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError)


def said(error: sqlite3.Error, path: Path) -> StorageError:
    """What SQLite's error means to the user."""
    words = str(error).lower()
    if "full" in words:
        return StorageError(f"the disk with {path} is full")
    if "readonly" in words or "read-only" in words:
        return StorageError(f"{path} may not be written")
    if is_locked(error):
        return StorageError(f"another program is writing to {path}")
    if "unable to open" in words:
        return StorageError(f"{path} cannot be opened; is its folder there and writable?")
    return StorageError(f"{path} cannot be used: {error}")
