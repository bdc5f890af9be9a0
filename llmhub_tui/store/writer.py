"""The one thread that writes, in order; what the disk refuses is kept and tried again."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.store.connecting import connect, identity, is_locked, is_passing, make_index_anew, said
from llmhub_tui.store.database import prepare, rescue

_FLUSH_S: Final = 0.1
"""How long text may wait in memory; the promise is 0.25 s."""
_AGAIN_S: Final = 1.0
"""How long after a refusal the disk is tried again."""
_BREATH_S: Final = 0.1
"""The same, once the program is about to end."""

Write = Callable[[sqlite3.Connection], None]


@dataclass(slots=True)
class _Job:
    write: Write
    durable: bool
    done: Future[None]


class Writer:
    """Runs writes, each in a transaction of its own, in a thread that depends on no event loop."""

    def __init__(self, path: Path) -> None:
        """Takes the file; the thread starts with the first write."""
        self._path = path
        self._jobs: deque[_Job] = deque()
        self._texts: dict[str, tuple[list[str], list[str]]] = {}
        self._news = threading.Condition()
        self._closing = False
        self._patient_until = 0.0
        self._connection: sqlite3.Connection | None = None
        self.trouble: str | None = None
        """Why nothing can be written at the moment."""
        self._locked = False
        """Whether another program's write is the reason."""
        self._thread: threading.Thread | None = None
        self._file: tuple[int, int] | None = None
        """Which file the connection is to."""
        self.when_replaced: Write | None = None
        """What to write first into a file that took the place of the one that was written to."""

    def submit(self, write: Write, *, durable: bool = False) -> Future[None]:
        """Queues a write; the future is done when it is on the disk, or was refused for the first time.

        Args:
            write: must be repeatable, since it is tried again after a refusal.
            durable: whether it must survive a power cut before the future is done.
        """
        job = _Job(write, durable, Future())
        job.done.set_running_or_notify_cancel()  # who no longer waits for it takes nothing back
        with self._news:
            self._take_texts()
            self._jobs.append(job)
            self._awake()
        return job.done

    def append(self, reply_id: str, text: str, reasoning: str) -> None:
        """Adds to a reply in flight. Never blocks on the disk and never raises."""
        with self._news:
            texts = self._texts.get(reply_id)
            if texts is None:
                texts = self._texts[reply_id] = ([], [])
                self._awake()
            if text:
                texts[0].append(text)
            if reasoning:
                texts[1].append(reasoning)

    def close(self, patience_s: float) -> bool:
        """Writes what is left; says whether all of it could be written."""
        with self._news:
            self._closing = True
            self._patient_until = time.monotonic() + patience_s
            self._news.notify()
        if self._thread is None:
            return True
        self._thread.join(patience_s + _BREATH_S)
        return not self._thread.is_alive() and not self._jobs

    def _awake(self) -> None:
        """Tells the thread that there is something to write; called with `_news` held."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        self._news.notify()

    def _take_texts(self) -> None:
        """Makes the waiting texts a job, so that they stay in order with the others."""
        if not self._texts:
            return
        rows = [(reply, "".join(text), "".join(thoughts)) for reply, (text, thoughts) in self._texts.items()]
        self._texts = {}

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT INTO fragments (reply, text, reasoning) VALUES (?, ?, ?)", rows)

        self._jobs.append(_Job(write, False, Future()))

    def _run(self) -> None:
        while True:
            with self._news:
                if not self._jobs and not self._texts and not self._closing:
                    self._news.wait()
                if self._texts and not self._jobs and not self._closing:
                    self._news.wait(_FLUSH_S)
                self._take_texts()
                if not self._jobs:
                    if self._closing:
                        break
                    continue
                job = self._jobs[0]
                last_call = self._closing
            if self._done(job):
                with self._news:
                    self._jobs.popleft()
            elif not last_call:  # a refusal from before the end was asked for is no reason to give up
                with self._news:
                    if not self._closing:
                        self._news.wait(_AGAIN_S)
            elif not self._locked or time.monotonic() >= self._patient_until:
                break
            else:
                time.sleep(_BREATH_S)
        self._leave()

    def _done(self, job: _Job) -> bool:
        try:
            self._execute(job)
        except (sqlite3.Error, OSError, StorageError) as error:
            refusal = said(error, self._path) if isinstance(error, sqlite3.Error) else error
            self.trouble = str(refusal)
            self._locked = isinstance(error, sqlite3.Error) and is_locked(error)
            if self._file == identity(self._path):  # else what we hold open is all that there is
                self._make_room()
                self._disconnect()
            for waiting in list(self._jobs):
                if not waiting.done.done():
                    waiting.done.set_exception(StorageError(str(refusal)))
            return False
        except (ValueError, TypeError, ArithmeticError) as error:  # no disk will ever take this one
            if not job.done.done():
                job.done.set_exception(StorageError(f"this cannot be saved: {error}"))
            return True
        self.trouble = None
        if not job.done.done():
            job.done.set_result(None)
        return True

    def _execute(self, job: _Job) -> None:
        try:
            self._transact(self._connected(), job)
        except sqlite3.DatabaseError as error:
            if is_passing(error):
                raise
            # damage that the write has met is most often in the search index, which can be made anew
            self._transact(self._connected(), _Job(make_index_anew, False, Future()))
            self._transact(self._connected(), job)

    def _transact(self, connection: sqlite3.Connection, job: _Job) -> None:
        connection.execute(f"PRAGMA synchronous = {'FULL' if job.durable else 'NORMAL'}")
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # commits, or rolls back where the write fails
            job.write(connection)

    def _connected(self) -> sqlite3.Connection:
        """The connection; where the file was deleted or replaced under us, to what is there now."""
        if self._connection is not None and self._file != identity(self._path):
            if not self._path.exists():
                rescue(self._connection, self._path)  # all of it is still in the file that we hold open
            self._disconnect()
        if self._connection is None:
            is_other = self._file is not None and self._file != identity(self._path)
            if is_other or not self._path.exists():  # perhaps a file that has no tables yet
                prepare(self._path, time.strftime("%Y%m%d-%H%M%S"))
            self._connection = connect(self._path)
            found = identity(self._path)
            if self._file is not None and self._file != found and self.when_replaced is not None:
                with self._news:
                    self._jobs.insert(1, _Job(self.when_replaced, True, Future()))
            self._file = found
        return self._connection

    def _make_room(self) -> None:
        """Gives back what the log takes of a full disk."""
        if self._connection is not None and not self._locked:
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _leave(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self._disconnect()
