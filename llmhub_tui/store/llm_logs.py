"""Reads `logs.db` of the `llm` command, in the form of its versions up to 0.31 and in the later one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Entry, Found, Node, Unreadable, grown
from llmhub_tui.domain.messages import Attachment, Message, Role, Usage
from llmhub_tui.store.llm_threads import instant, read_threads

_MAGIC: Final = b"SQLite format 3\0"


def is_llm_log(path: Path) -> bool:
    """Whether a file is a database, and so none of the text formats."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_llm_log(path: Path) -> Iterator[Entry]:
    """Every conversation in the file; of one that is in both forms, the later form, which has all of it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master")}
            if not tables & {"threads", "responses"}:
                yield Unreadable("the file", "it is a database, but none of the `llm` command")
            known: set[str] = set()
            if {"threads", "turns", "messages", "parts"} <= tables:
                for name, entry in read_threads(connection):
                    known.add(name)
                    yield entry
            if "responses" in tables:
                yield from _read_responses(connection, tables, known)
    except sqlite3.Error as error:
        yield Unreadable("the file", str(error))


def _read_responses(connection: sqlite3.Connection, tables: set[str], known: set[str]) -> Iterator[Entry]:
    names = {}
    if "conversations" in tables:
        names = {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM conversations")}
    groups: dict[str, list[sqlite3.Row]] = {}
    for row in connection.execute("SELECT * FROM responses ORDER BY datetime_utc, id"):
        groups.setdefault(row["conversation_id"] or row["id"], []).append(row)
    for conversation_id, rows in groups.items():
        if conversation_id in known:
            continue
        try:
            nodes: dict[str, Node] = {}
            before: str | None = None
            for row in rows:
                for key, message in _pair(connection, tables, row):
                    nodes[key] = Node(before, message)
                    before = key
            times = [instant(row["datetime_utc"]) for row in rows]
            title = names.get(conversation_id) or ""
            conversation = grown(
                f"llm-{conversation_id}", nodes, title=title, created_at=min(times), leaf=before
            )
            yield Found(conversation, max(times))
        except (ValueError, TypeError, IndexError) as error:
            yield Unreadable(f"conversation {conversation_id}", str(error))


def _pair(
    connection: sqlite3.Connection, tables: set[str], row: sqlite3.Row
) -> Iterator[tuple[str, Message]]:
    """The prompt and the reply of one row, with what the prompt was put together from."""
    columns = set(row.keys())
    when = instant(row["datetime_utc"])
    if row["system"]:
        yield f"{row['id']}-s", Message("x", None, Role.SYSTEM, row["system"], created_at=when)
    parts = _fragments(connection, row["id"]) if "prompt_fragments" in tables else []
    prompt = "\n\n".join(part for part in [*parts, row["prompt"] or ""] if part)
    attachments = tuple(_attachments(connection, row["id"])) if "prompt_attachments" in tables else ()
    if prompt or attachments:
        yield (
            f"{row['id']}-p",
            Message("x", None, Role.USER, prompt, attachments=attachments, created_at=when),
        )
    usage = None
    if "input_tokens" in columns and (row["input_tokens"] or row["output_tokens"]):
        counts = (row["input_tokens"] or 0, row["output_tokens"] or 0)
        usage = Usage(*counts, sum(counts))
    yield (
        f"{row['id']}-r",
        Message(
            "x",
            None,
            Role.ASSISTANT,
            row["response"] or "",
            (row["reasoning"] or "") if "reasoning" in columns else "",
            created_at=when,
            duration_s=(row["duration_ms"] or 0) / 1000,
            model=row["model"] or "",
            ending=Ending.COMPLETE if row["response"] else Ending.EMPTY,
            usage=usage,
        ),
    )


def _fragments(connection: sqlite3.Connection, response_id: str) -> list[str]:
    rows = connection.execute(
        "SELECT content FROM fragments JOIN prompt_fragments ON fragment_id = fragments.id "
        'WHERE response_id = ? ORDER BY "order"',
        (response_id,),
    )
    return [row["content"] for row in rows]


def _attachments(connection: sqlite3.Connection, response_id: str) -> Iterator[Attachment]:
    rows = connection.execute(
        "SELECT attachments.* FROM attachments JOIN prompt_attachments ON attachment_id = attachments.id "
        'WHERE response_id = ? ORDER BY "order"',
        (response_id,),
    )
    for row in rows:
        name = Path(row["path"] or row["url"] or "attachment").name
        yield Attachment(name, row["type"] or "application/octet-stream", row["content"] or b"")
