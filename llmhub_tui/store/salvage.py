"""Makes a sound file of what can be read of a damaged one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from llmhub_tui.domain.conversation import title_from
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Role
from llmhub_tui.store.carving import Row, Value, rows
from llmhub_tui.store.connecting import connect

_ROLES: Final = frozenset(role.value for role in Role)
_ENDINGS: Final = frozenset(ending.value for ending in Ending)
_MESSAGE: Final = (18, 19, 20)
"""How many columns a message has, in the versions of the file."""
_CONVERSATION: Final = 7
_LARGEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class Salvage:
    """How much could be read."""

    conversations: int
    messages: int


def salvage(damaged: Path, path: Path) -> Salvage:
    """Puts what can be read of a damaged file into a fresh one that has the tables already.

    Rows are told apart by their shape, since the schema may be what is damaged. Of several versions of
    a message, as old pages hold them, the finished or else the longest is taken.

    Raises:
        OSError: if the damaged file can't be read.
        sqlite3.Error: if the fresh file can't be written.
    """
    messages: dict[str, Row] = {}
    heads: dict[str, Row] = {}
    others: list[tuple[str, tuple[Value, ...]]] = []
    for row in rows(damaged):
        values = row.values
        if _is_message(values):
            _keep_better(messages, str(values[1]), row, _worth)
        elif _is_head(values):
            _keep_better(heads, str(values[0]), row, lambda head: _number(head[3]))
        elif statement := _statement_for(values):
            others.append((statement, tuple(row.number if value is None else value for value in values)))
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # orphans are looked for at the end
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            _put_heads(connection, heads, messages.values())
            _put_messages(connection, messages.values())
            for statement, filled in sorted(others, key=lambda other: str(other[1])):
                connection.execute(statement, filled)
            _drop_orphans(connection)
            (conversations,) = connection.execute("SELECT count(*) FROM conversations").fetchone()
    return Salvage(conversations, len(messages))


def _keep_better(
    known: dict[str, Row], name: str, row: Row, worth: Callable[[tuple[Value, ...]], object]
) -> None:
    there = known.get(name)
    if there is None or worth(row.values) >= worth(there.values):  # type: ignore[operator]  # of one kind each
        known[name] = row


def _worth(message: tuple[Value, ...]) -> tuple[bool, int]:
    return message[12] is not None, len(_text(message[5]))


def _put_heads(connection: sqlite3.Connection, heads: Mapping[str, Row], messages: Iterable[Row]) -> None:
    for head in heads.values():
        values = head.values
        connection.execute(
            "INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *map(_text, values[:2]),
                *map(_number, values[2:4]),
                *(int(_number(flag) != 0) for flag in values[4:6]),
                values[6] if isinstance(values[6], float) else None,
            ),
        )
    for message in sorted(messages, key=lambda row: row.number):
        values = message.values
        if values[2] not in heads:  # its conversation's own row is lost
            title, when = title_from(_text(values[5])), _number(values[9])
            connection.execute(
                "INSERT OR IGNORE INTO conversations (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)",
                (values[2], title, when, when),
            )


def _put_messages(connection: sqlite3.Connection, messages: Iterable[Row]) -> None:
    for number, message in enumerate(sorted(messages, key=lambda row: row.number), 1):
        values = (number, *_message(message.values[1:]))
        connection.execute(f"INSERT INTO messages VALUES ({', '.join('?' * len(values))})", values)


def _message(values: tuple[Value, ...]) -> Iterator[Value]:
    """A message's columns, without its number; what is of the wrong kind becomes what is harmless."""
    name, conversation, parent, role, text, reasoning, calls, call_id, *others = values
    created_at, duration_s, model, ending, finish_reason, usage, failure, kept_chars, writer, *late = others
    yield from (name, conversation)
    yield parent if isinstance(parent, str) else None
    yield from (role, text, _text(reasoning), _json(calls, list) or "[]", _text(call_id))
    yield from (_number(created_at), _number(duration_s), _text(model))
    yield ending if ending in _ENDINGS else None
    yield finish_reason if isinstance(finish_reason, str) else None
    yield from (_json(usage, dict), _json(failure, dict), int(_number(kept_chars)), _text(writer))
    yield _json(late[0], list) or "[]" if late else "[]"  # seams and the checksum: since version 2
    yield late[1] if len(late) > 1 and isinstance(late[1], int) else None


def _drop_orphans(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM attachments WHERE message NOT IN (SELECT id FROM messages)")
    for table in ("chosen", "tags"):
        connection.execute(f"DELETE FROM {table} WHERE conversation NOT IN (SELECT id FROM conversations)")
    connection.execute(
        "DELETE FROM fragments WHERE reply NOT IN (SELECT id FROM messages WHERE writer != '')"
    )


def _is_message(values: tuple[Value, ...]) -> bool:
    return (
        len(values) in _MESSAGE
        and values[4] in _ROLES
        and all(isinstance(values[at], str) and values[at] for at in (1, 2))
        and isinstance(values[5], str)
    )


def _is_head(values: tuple[Value, ...]) -> bool:
    return (
        len(values) == _CONVERSATION
        and isinstance(values[0], str)
        and bool(values[0])
        and isinstance(values[1], str)
        and all(isinstance(values[at], float | int) for at in (2, 3))
    )


def _statement_for(values: tuple[Value, ...]) -> str:
    """What puts a row of one of the small tables back; empty for rows of no interest, such as the index."""
    match values:
        case (str(), int(), str(), str(), bytes()):
            return "INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?)"
        case (str(), str(), str()):
            return "INSERT OR REPLACE INTO chosen VALUES (?, ?, ?)"
        case (str(), None, str(), str()):
            return "INSERT OR IGNORE INTO fragments (reply, number, text, reasoning) VALUES (?, ?, ?, ?)"
        case (str(), str(), float() | int(), str()):
            return (
                "INSERT OR REPLACE INTO drafts (conversation, text, updated_at, writer) VALUES (?, ?, ?, ?)"
            )
        case (str(), str(), float() | int()):
            return "INSERT OR REPLACE INTO drafts (conversation, text, updated_at) VALUES (?, ?, ?)"
        case (str(), str()):
            return "INSERT OR IGNORE INTO tags VALUES (?, ?)"
        case (None, str(), float() | int()):
            return "INSERT OR IGNORE INTO prompts VALUES (?, ?, ?)"
        case _:
            return ""


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < _LARGEST else 0.0


def _json(value: Value, kind: type) -> str | None:
    """JSON of the kind that stands in a column; `None` where it is none."""
    try:
        return value if isinstance(value, str) and isinstance(json.loads(value), kind) else None
    except (ValueError, RecursionError):
        return None
