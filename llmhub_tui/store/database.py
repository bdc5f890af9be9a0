"""Opens the SQLite file: permissions, versions, migrations, damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.store.paths import private_directory, private_file
from llmhub_tui.store.schema import MIGRATIONS, VERSION

_BUSY_S = 2.0
"""How long another program's write is waited for."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is ready for use."""

    path: Path
    notice: str = ""
    """What the user should know of how it came about."""


def prepare(path: Path, now: str) -> Prepared:
    """Makes, checks or migrates the file.

    Args:
        path: of the file; its folder is made if need be.
        now: a time stamp for the names of files that are set aside, such as `20260131-120000`.

    Raises:
        StorageError: if it can't be used; a file of a newer version is left untouched.
    """
    private_directory(path.parent)
    private_file(path)
    try:
        _migrate(path)
    except sqlite3.OperationalError as error:
        raise said(error, path) from error
    except sqlite3.DatabaseError:
        aside = path.with_name(f"{path.name}.damaged-{now}")
        _set_aside(path, aside)
        private_file(path)
        try:
            _migrate(path)
        except sqlite3.DatabaseError as error:
            raise said(error, path) from error
        return Prepared(path, f"The saved conversations were damaged; they are kept in {aside}.")
    return Prepared(path)


def connect(path: Path) -> sqlite3.Connection:
    """A connection for the calling thread; transactions are begun by hand. The file must be there."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=_BUSY_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def problems_of(connection: sqlite3.Connection) -> list[str]:
    """What is damaged in a file, in SQLite's words; nothing where it is sound."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    problems = [problem for problem in found if problem != "ok"]
    problems += [f"a {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    try:
        connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        problems.append(f"the search index does not fit the messages ({error})")
    return problems


def is_locked(error: sqlite3.Error) -> bool:
    """Whether another program's write is the reason, which passes."""
    return any(word in str(error).lower() for word in ("locked", "busy"))


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


def _migrate(path: Path) -> None:
    with closing(connect(path)) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise StorageError(
                f"{path} was made by a newer llmhub-chat (version {version} of the file; this one knows "
                f"{VERSION}) and is left untouched; upgrade, or set LLMHUB_DATA_DIR to another folder"
            )
        if version == VERSION:
            return
        if version:
            _back_up(connection, path.with_name(f"{path.name}.version-{version}"))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])  # another may have been faster
        for script in MIGRATIONS[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; those of a trigger stay together."""
    statement = ""
    for part in script.split(";")[:-1]:
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _back_up(connection: sqlite3.Connection, copy: Path) -> None:
    """Copies the file as it is, for the owner's eyes alone."""
    private_file(copy)
    with closing(sqlite3.connect(copy)) as backup:
        connection.backup(backup)


def _set_aside(path: Path, aside: Path) -> None:
    try:
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise StorageError(f"{path} is damaged and cannot be moved aside: {error.strerror}") from error
