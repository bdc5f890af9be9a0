"""The log: a file of the user's own, small, without keys, and safe to look at in a terminal."""

from __future__ import annotations

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain
from llmhub_tui.domain.secret import redacted
from llmhub_tui.store.paths import private_directory, private_file

FILE_NAME: Final = "llmhub-chat.log"
LEVELS: Final = ("error", "warning", "info", "debug")
_LARGEST: Final = 512 << 10
"""Bytes of one file."""
_OLDER: Final = 2
"""Files that are kept beside the newest."""


class _SafeFormatter(logging.Formatter):
    """Every record as it may be read by anybody: no key, no sequence that drives a terminal, no locals."""

    def format(self, record: logging.LogRecord) -> str:
        return plain(redacted(super().format(record)))


class _PrivateFile(RotatingFileHandler):
    """A file that only its owner can read, also after it was rotated."""

    def _open(self) -> TextIOWrapper:  # the hook that the standard library documents for this
        private_file(Path(self.baseFilename))
        return super()._open()


def open_journal(directory: Path, level: str) -> Path:
    """Sends what this program logs, and the errors of all libraries, to the log file.

    Args:
        directory: of the data; made if need be.
        level: from which on, one of `LEVELS`, is kept. Libraries log their errors only, since they
            would log what is sent.

    Raises:
        StorageError: if the file can't be written.
    """
    own = logging.getLogger("llmhub_tui")
    own.setLevel(getattr(logging, level.upper()))
    path = private_directory(directory) / FILE_NAME
    if any(isinstance(handler, _PrivateFile) for handler in logging.getLogger().handlers):
        return path
    try:
        handler = _PrivateFile(
            path, maxBytes=_LARGEST, backupCount=_OLDER, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise StorageError(f"the log {path} cannot be written: {error.strerror}") from error
    handler.setFormatter(_SafeFormatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.ERROR)
    logging.raiseExceptions = False  # a disk that is full is no reason to write over the screen
    return path


def close_journal() -> None:
    """Closes the log file."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _PrivateFile)]:
        root.removeHandler(handler)
        handler.close()
