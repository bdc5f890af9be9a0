"""Reads files with conversations of any program that is known here, and never gives up at the first fault."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from llmhub_tui.domain.imported import Entry, Found, Unreadable
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.export import as_json
from llmhub_tui.export.foreign import chatgpt, claude, open_webui
from llmhub_tui.export.foreign.loose import text

__all__ = ["Found", "Unreadable", "read_file", "read_text"]

_MEMBERS: Final = re.compile(r"(?:^|/)conversations[^/]*\.json$", re.IGNORECASE)
_NEXT: Final = re.compile(r"[,\[\n]\s*(?=\{)")
_LARGEST: Final = 4 << 30
"""Bytes of one file, unpacked."""
_DECODER: Final = json.JSONDecoder()

Reader = Callable[[dict[str, object], str], Iterator[Entry]]


_SOURCES: Final[tuple[tuple[Callable[[dict[str, object]], bool], Reader], ...]] = (
    (chatgpt.is_conversation, chatgpt.read),
    (claude.is_conversation, claude.read),
    (open_webui.is_conversation, open_webui.read),
)


def read_file(path: Path) -> Iterator[Entry]:
    """Everything that a file holds: JSON, one value after the other, or a zip archive of such files."""
    try:
        if zipfile.is_zipfile(path):
            yield from _read_archive(path)
        elif path.stat().st_size > _LARGEST:
            yield Unreadable("the file", "it is larger than 4 GB")
        else:
            yield from read_text(path.read_bytes().decode("utf-8-sig", "replace"))
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        yield Unreadable("the file", f"it cannot be read: {error}")


def read_text(content: str) -> Iterator[Entry]:
    """Everything that JSON text holds: an array, one conversation, or several values one behind the other."""
    found_one = False
    for number, record in enumerate(_records(content), 1):
        where = f"entry {number}"
        if isinstance(record, Unreadable):
            yield Unreadable(where, record.why)
            continue
        title = plain_line(text(record.get("title")) or text(record.get("name")), 40)
        found_one = True
        yield from _read(record, f"{where} “{title}”" if title else where)
    if not found_one:
        yield Unreadable("the file", "there are no conversations in it")


def _read_archive(path: Path) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if _MEMBERS.search(info.filename)]
        members = members or [info for info in archive.infolist() if info.filename.endswith(".json")]
        if not members:
            yield Unreadable("the archive", "there is no conversations.json in it")
        for info in members:
            if info.file_size > _LARGEST:
                yield Unreadable(info.filename, "it is larger than 4 GB")
                continue
            for entry in read_text(archive.read(info).decode("utf-8-sig", "replace")):
                if isinstance(entry, Unreadable):
                    entry = Unreadable(f"{info.filename}: {entry.where}", entry.why)
                yield entry


def _read(record: dict[str, object], where: str) -> Iterator[Entry]:
    reader = _reader(record)
    if reader is None:
        yield Unreadable(where, "it is no conversation of a program that is known here")
        return
    try:
        yield from reader(record, where)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        yield Unreadable(where, str(error) or type(error).__name__)


def _reader(record: dict[str, object]) -> Reader | None:
    if record.get("format") == as_json.FORMAT:
        return _own
    return next((read for is_one, read in _SOURCES if is_one(record)), None)


def _own(record: dict[str, object], _: str) -> Iterator[Entry]:
    conversation = as_json.conversation_in(record)
    times = [message.created_at for message in conversation.messages]
    yield Found(conversation, max([conversation.created_at, *times]))


def _records(content: str) -> Iterator[dict[str, object] | Unreadable]:
    """The objects at the top, or in the array at the top; what is torn is skipped up to the next one."""
    at = _after_space(content, 0)
    if at < len(content) and content[at] == "[":
        at += 1
    while True:
        at = _after_space(content, at, ",]")
        if at >= len(content):
            return
        try:
            value, at = _DECODER.raw_decode(content, at)
        except (ValueError, RecursionError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
            yield Unreadable("", f"the JSON is torn: {why}")
            at = _next_conversation(content, at)
            continue
        if isinstance(value, dict) and isinstance(value.get("conversations"), list):
            yield from (
                entry if isinstance(entry, dict) else _no_object() for entry in value["conversations"]
            )
        elif isinstance(value, dict):
            yield value
        elif isinstance(value, list):
            yield from (entry if isinstance(entry, dict) else _no_object() for entry in value)
        else:
            yield _no_object()


def _no_object() -> Unreadable:
    return Unreadable("", "it is no JSON object")


def _next_conversation(content: str, at: int) -> int:
    """Where the next whole conversation begins behind a torn one."""
    for match in _NEXT.finditer(content, at + 1):
        try:
            value, _ = _DECODER.raw_decode(content, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and _reader(value) is not None:
            return match.end()
    return len(content)


def _after_space(content: str, at: int, also: str = "") -> int:
    while at < len(content) and (content[at].isspace() or content[at] in also):
        at += 1
    return at
