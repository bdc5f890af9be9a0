"""What every part of the library works with: reads in the caller's thread, writes in the writer's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from llmhub_tui.store.connecting import connect, said
from llmhub_tui.store.writer import Write, Writer


class Disk:
    """One file, and the one thread that writes to it."""

    def __init__(self, path: Path) -> None:
        """Takes a file that has been prepared."""
        self.path = path
        self.writer = Writer(path)

    def read(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """The rows of a query.

        Raises:
            StorageError: if the disk refuses.
        """
        with self.reading() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for several queries.

        Raises:
            StorageError: if the disk refuses.
        """
        try:
            with closing(connect(self.path)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise said(error, self.path) from error

    def write(self, write: Write) -> None:
        """Runs a write and waits for it.

        Raises:
            StorageError: if the disk refuses; it is tried again later.
        """
        self.writer.submit(write).result()

    def change(self, statement: str, values: tuple[Any, ...]) -> None:
        """Runs one statement and waits for it.

        Raises:
            StorageError: if the disk refuses; it is tried again later.
        """
        self.write(lambda connection: void(connection.execute(statement, values)))


def void(_: object) -> None:
    """Makes an expression a statement, for a `lambda` that answers with nothing."""
