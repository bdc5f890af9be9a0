"""What every part of the library works with: reads in the caller's thread, writes in the writer's."""

from __future__ import annotations

import sqlite3
import threading
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
        self._watch: sqlite3.Connection | None = None
        self._watching = threading.Lock()

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

    def version(self) -> int:
        """Another number after any program has written to the file; cheap enough to be asked every second.

        Raises:
            StorageError: if the disk refuses.
        """
        with self._watching:  # `data_version` tells what is new to one connection, so that it is kept
            try:
                if self._watch is None:
                    self._watch = connect(self.path, of_one_thread=False)
                return int(self._watch.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise said(error, self.path) from error

    def close(self, patience_s: float) -> bool:
        """Writes what is left; says whether all of it could be written."""
        with self._watching:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        return self.writer.close(patience_s)

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
