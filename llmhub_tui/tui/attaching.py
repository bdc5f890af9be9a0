"""Reads a file that is to go along with a prompt."""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path
from typing import Final

from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.messages import Attachment

LARGEST: Final = 20 << 20
"""Bytes that a server may still take."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")


def read_attachment(path: Path) -> Attachment:
    """A text or a picture.

    Raises:
        StorageError: if it is none, too large, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe that nobody writes to would block
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise StorageError(f"{path} is no file")
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise StorageError(f"{path} is larger than {LARGEST >> 20} MB")
    kind = mimetypes.guess_type(path.name)[0] or "text/plain"
    if kind not in _PICTURES:
        kind = kind if kind.startswith("text/") else "text/plain"
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise StorageError(f"{path} is neither UTF-8 text nor a picture that models read") from error
    return Attachment(path.name, kind, data)
