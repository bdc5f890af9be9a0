"""Conversations and messages as rows, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Attachment, Failure, Message, Role, ToolCall, Usage
from llmhub_tui.store.checksums import COLUMNS, DAMAGED, checksum, is_right

_FIXED = frozenset({"id", "conversation", "parent", "role", "tool_call_id", "created_at"})
"""What never changes of a message once it is there."""
_COLUMNS = (*COLUMNS, "writer", "checksum")
_UPSERT = (
    f"INSERT INTO messages ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in _FIXED)
)


def put_head(connection: sqlite3.Connection, conversation: Conversation, now: float) -> None:
    """Saves the conversation without its messages. Once it has a title, only `Listing.rename` changes it."""
    tools = None if conversation.tools is None else storable(json.dumps(conversation.tools))
    connection.execute(
        "INSERT INTO conversations (id, title, created_at, updated_at, tools) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at, tools = excluded.tools, "
        "title = CASE title WHEN '' THEN excluded.title ELSE title END",
        (conversation.id, storable(conversation.title), conversation.created_at, now, tools),
    )
    put_chosen(connection, conversation)


def put_chosen(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Saves which attempts are on the path."""
    connection.executemany(
        "INSERT INTO chosen (conversation, parent, child) VALUES (?, ?, ?) "
        "ON CONFLICT (conversation, parent) DO UPDATE SET child = excluded.child",
        [(conversation.id, parent, child) for parent, child in conversation.chosen.items()],
    )


def put_message(connection: sqlite3.Connection, conversation_id: str, message: Message, writer: str) -> None:
    """Saves a message; a newer version replaces an older one in its place.

    Args:
        connection: within a transaction.
        conversation_id: must be saved already.
        message: to save.
        writer: the process that is writing this reply; empty once it is finished.
    """
    values = (
        message.id,
        conversation_id,
        message.parent,
        message.role.value,
        storable(message.text),
        storable(message.reasoning),
        storable(json.dumps([asdict(call) for call in message.tool_calls])),
        storable(message.tool_call_id),
        float(message.created_at),
        float(message.duration_s),
        storable(message.model),
        message.ending.value if message.ending else None,
        storable(message.finish_reason) if message.finish_reason is not None else None,
        json.dumps(asdict(message.usage)) if message.usage else None,
        json.dumps(asdict(message.failure)) if message.failure else None,
        message.kept_chars,
        json.dumps(message.seams),
    )
    parts = [(storable(part.name), storable(part.media_type), part.data) for part in message.attachments]
    connection.execute(_UPSERT, (*values, writer, checksum(values, parts)))
    connection.executemany(
        "INSERT OR REPLACE INTO attachments VALUES (?, ?, ?, ?, ?)",
        [(message.id, position, *part) for position, part in enumerate(parts)],
    )


def put_missing(connection: sqlite3.Connection, conversation: Conversation, but: Collection[str] = ()) -> int:
    """Saves the messages that are not there, as after a file was deleted under us; says how many.

    Args:
        connection: within a transaction.
        conversation: its head must be saved already.
        but: ids of messages that the caller saves itself.
    """
    rows = connection.execute("SELECT id FROM messages WHERE conversation = ?", (conversation.id,))
    known = {row["id"] for row in rows}
    missing = [message for message in conversation.messages if message.id not in known | set(but)]
    for message in missing:
        put_message(connection, conversation.id, message, "")
    return len(missing)


def with_own_ids(connection: sqlite3.Connection, conversation: Conversation) -> Conversation:
    """The conversation with other ids for the messages whose own are used in another conversation."""
    names = {message.id: message.id for message in conversation.messages}
    for name in names:
        row = connection.execute("SELECT conversation FROM messages WHERE id = ?", (name,)).fetchone()
        if row is not None and row["conversation"] != conversation.id:
            names[name] = f"{conversation.id}/{name}"
    return Conversation(
        conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        messages=[
            replace(message, id=names[message.id], parent=names[message.parent] if message.parent else None)
            for message in conversation.messages
        ],
        chosen={names.get(parent, ""): names[child] for parent, child in conversation.chosen.items()},
    )


def conversation_of(
    head: sqlite3.Row,
    messages: Iterable[sqlite3.Row],
    attachments: Iterable[sqlite3.Row],
    chosen: Iterable[sqlite3.Row],
) -> Conversation:
    """The conversation that these rows are; a message whose parent is lost becomes a root."""
    parts: dict[str, list[sqlite3.Row]] = {}
    for row in attachments:
        parts.setdefault(row["message"], []).append(row)
    conversation = Conversation(head["id"], title=head["title"], created_at=head["created_at"])
    for row in messages:
        parent = row["parent"] if row["parent"] in conversation else None
        own = parts.get(row["id"], [])
        try:
            message = _message(row, parent, tuple(map(_attachment, own)))
        except (ValueError, TypeError, KeyError):  # a row that the disk has damaged
            message = Message(row["id"], parent, Role.ASSISTANT, str(row["text"]), failure=DAMAGED)
        if not is_right(row, own):
            message = replace(message, failure=DAMAGED)
        if message.id not in conversation:
            conversation.add(message)
    known = conversation.messages
    found = Conversation(
        conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        messages=known,
        chosen={row["parent"]: row["child"] for row in chosen},
    )
    found.tools = _tools(head["tools"])
    return found


def _tools(value: object) -> tuple[str, ...] | None:
    """The tools that were chosen; none of the user's choice where the disk has damaged it."""
    try:
        names = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        names = None
    return tuple(map(str, names)) if isinstance(names, list) else None


def _attachment(row: sqlite3.Row) -> Attachment:
    data = row["data"]
    return Attachment(str(row["name"]), str(row["media_type"]), data if isinstance(data, bytes) else b"")


def _message(row: sqlite3.Row, parent: str | None, attachments: tuple[Attachment, ...]) -> Message:
    return Message(
        row["id"],
        parent,
        Role(row["role"]),
        row["text"],
        row["reasoning"],
        tuple(ToolCall(**call) for call in json.loads(row["tool_calls"])),
        row["tool_call_id"],
        attachments,
        row["created_at"],
        row["duration_s"],
        row["model"],
        Ending(row["ending"]) if row["ending"] else None,
        row["finish_reason"],
        Usage(**json.loads(row["usage"])) if row["usage"] else None,
        Failure(**json.loads(row["failure"])) if row["failure"] else None,
        row["kept_chars"],
        tuple(json.loads(row["seams"])),
    )


def storable(text: str) -> str:
    """Text that UTF-8 can hold: half characters, which no decoder of ours lets through, become `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
