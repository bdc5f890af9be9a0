"""Opens the SQLite file: permissions, versions, migrations, damage."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from llmhub_tui.domain.errors import NewerFileError, StorageError
from llmhub_tui.store.checksums import mark_wrong, marked
from llmhub_tui.store.connecting import connect, make_index_anew, said
from llmhub_tui.store.paths import private_directory, private_file
from llmhub_tui.store.salvage import salvage
from llmhub_tui.store.schema import MIGRATIONS, VERSION

_CHECKED_AT_ONCE: Final = 16 << 20
"""Bytes; a larger file is looked through in the background, so that opening it takes no longer."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is ready for use."""

    path: Path
    notice: str = ""
    """What the user should know of how it came about."""
    inspected: bool = True
    """Whether all of it was looked through for damage."""


def prepare(path: Path, now: str) -> Prepared:
    """Makes, checks or migrates the file; what can be read of a damaged one is put into a new one.

    Args:
        path: of the file; its folder is made if need be.
        now: a time stamp for the names of files that are set aside, such as `20260131-120000`.

    Raises:
        StorageError: if it can't be used; a file of a newer version is left untouched.
    """
    private_directory(path.parent)
    private_file(path)
    mark = damage_mark(path)
    try:
        _migrate(path)
        inspected = mark.exists() or path.stat().st_size <= _CHECKED_AT_ONCE
        wrong = _look_for_damage(path) if inspected else 0
        mark.unlink(missing_ok=True)
    except sqlite3.OperationalError as error:
        raise said(error, path) from error
    except sqlite3.DatabaseError:
        return _begin_anew(path, now)
    except OSError as error:
        raise StorageError(f"{path} cannot be used: {error.strerror}") from error
    notice = (
        f"The disk has damaged {wrong} messages; `llmhub-chat history check` names them." if wrong else ""
    )
    return Prepared(path, notice, inspected)


def damage_mark(path: Path) -> Path:
    """A file that says, while it is there, that damage was found and that the next start must mend it."""
    return path.with_name(f"{path.name}.damaged")


def is_damaged(path: Path) -> bool:
    """Looks through the whole file, which takes some seconds for each gigabyte."""
    try:
        return _look_for_damage(path) > 0
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True


def _look_for_damage(path: Path) -> int:
    """How many messages are not as they were written; they are marked, and not counted again.

    Raises:
        sqlite3.DatabaseError: if the file's own structure is damaged.
    """
    with closing(connect(path)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        return mark_wrong(connection)


def _begin_anew(path: Path, now: str) -> Prepared:
    """Sets a damaged file aside and puts what can be read of it into a new one."""
    aside = path.with_name(f"{path.name}.damaged-{now}")
    _set_aside(path, aside)
    private_file(path)
    try:
        _migrate(path)
        found = salvage(aside, path)
        _look_for_damage(path)  # a message that lacks a part says so from now on
        damage_mark(path).unlink(missing_ok=True)
    except sqlite3.DatabaseError as error:
        raise said(error, path) from error
    except OSError as error:
        raise StorageError(f"{aside} cannot be read: {error.strerror}") from error
    much = (
        f"{found.messages} messages in {found.conversations} conversations could be read and are here"
        if found.messages
        else "nothing in it could be read"
    )
    return Prepared(path, f"The saved conversations were damaged: {much}. The damaged file is kept: {aside}")


def problems_of(connection: sqlite3.Connection) -> list[str]:
    """What is damaged in a file, in SQLite's words; nothing where it is sound. Mends the search index."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    problems = [problem for problem in found if problem != "ok"]
    if not problems:
        mark_wrong(connection)
    problems += [f"message {name} of conversation {owner} is damaged" for owner, name in marked(connection)]
    problems += [f"a {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    try:
        connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        make_index_anew(connection)
        problems.append("the search index did not fit the messages; it was made anew")
    return problems


def _migrate(path: Path) -> None:
    with closing(connect(path)) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > VERSION:
            raise NewerFileError(
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


def rescue(connection: sqlite3.Connection, path: Path) -> None:
    """Puts the file back that was deleted while a connection to it is open, and closes that.

    Raises:
        sqlite3.Error: if it can't be read any more, or the new one can't be written.
        OSError: if the new file can't be put in place.
        StorageError: if its folder can't be made.
    """
    private_directory(path.parent)
    copy = path.with_name(f"{path.name}.rescued")
    try:
        _back_up(connection, copy)
        connection.close()
        for suffix in ("-wal", "-shm"):  # of the deleted file; the copy has all that is in them
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        with suppress(FileExistsError):  # another program was faster
            os.link(copy, path)
    finally:
        copy.unlink(missing_ok=True)


def _set_aside(path: Path, aside: Path) -> None:
    try:
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                companion.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise StorageError(f"{path} is damaged and cannot be moved aside: {error.strerror}") from error
