"""Writes transcripts: never through a link, never over another file unasked, never half."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import StorageError
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.export.as_json import to_json
from llmhub_tui.export.as_text import to_markdown, to_text


def _to_html(conversation: Conversation) -> str:
    from llmhub_tui.export.as_html import to_html  # Markdown and Pygments: 100 ms

    return to_html(conversation)


FORMATS: Final[dict[str, Callable[[Conversation], str]]] = {
    ".md": to_markdown,
    ".markdown": to_markdown,
    ".html": _to_html,
    ".htm": _to_html,
    ".json": to_json,
    ".txt": to_text,
}
_LONGEST_NAME: Final = 120
"""Bytes of a file name's stem; every file system takes as many."""
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f␀-␡\ufffd]+')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def default_name(conversation: Conversation, ending: str = ".md") -> str:
    """A file name made from the title: any script, and safe on every system."""
    title = unicodedata.normalize("NFC", plain_line(conversation.title))
    stem = " ".join(_UNSAFE.sub(" ", title).split()).strip(" .-~")
    stem = stem.encode("utf-8", "ignore")[:_LONGEST_NAME].decode("utf-8", "ignore").rstrip(" .")
    if not stem or _RESERVED.match(stem):
        stem = time.strftime("chat %Y-%m-%d %H%M", time.localtime(conversation.created_at or None))
    return stem + ending


class FileExporter:
    """Writes conversations in the format that the file's ending names."""

    def default_name(self, conversation: Conversation) -> str:
        """See the function of the same name."""
        return default_name(conversation)

    def write(self, conversation: Conversation, path: Path, *, overwrite: bool) -> None:
        """Writes a conversation to a file.

        Raises:
            FileExistsError: if the file is there and may not be overwritten.
            StorageError: if the ending names no format, or the disk refuses.
        """
        render = FORMATS.get(path.suffix.lower())
        if render is None:
            known = ", ".join(sorted(FORMATS))
            raise StorageError(f"{path.name!r} ends in none of {known}")
        write_file(path, render(conversation), overwrite=overwrite)


def write_file(path: Path, text: str, *, overwrite: bool) -> None:
    """Writes a text file as a whole or not at all, readable by its owner alone.

    Raises:
        FileExistsError: if it is there and may not be overwritten.
        StorageError: if the disk refuses, or a link stands in the way.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise StorageError(f"{path} is a link or no file, and is not written to")
    if path.exists() and not overwrite:
        raise FileExistsError(path)
    temporary = path.with_name(f".{uuid4().hex}.tmp")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        if not overwrite:  # takes the name first, which fails where another program was faster
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(temporary, path)
    except FileExistsError:
        raise
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
