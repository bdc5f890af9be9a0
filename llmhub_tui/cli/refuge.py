"""Where conversations go when the disk does not take them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.errors import NewerFileError, StorageError
from llmhub_tui.export.as_json import to_json
from llmhub_tui.export.files import write_file
from llmhub_tui.store.library import Library


def open_library(directory: Path, *, needed: bool) -> Library:
    """The saved conversations; where they can't be used, an empty file in a temporary folder, which says so.

    Args:
        directory: where they should be.
        needed: whether nothing else will do, because one of them was asked for.

    Raises:
        StorageError: if they can't be used and are needed, or were made by a newer version.
    """
    try:
        return Library(directory)
    except NewerFileError:
        raise
    except StorageError as error:
        if needed:
            raise
        return Library(Path(tempfile.mkdtemp(prefix="llmhub-chat-")), exile=str(error))


def put_elsewhere(conversations: Iterable[Conversation], directory: Path) -> list[Path]:
    """Writes conversations to files, in the first of some folders that takes them; says where they are."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    written = []
    for number, conversation in enumerate(conversations, 1):
        for folder in (directory, Path(tempfile.gettempdir()), Path.home()):
            path = folder / f"llmhub-chat-unsaved-{stamp}-{number}.json"
            try:
                write_file(path, to_json(conversation), overwrite=False)
            except (OSError, StorageError):
                continue
            written.append(path)
            break
    return written
