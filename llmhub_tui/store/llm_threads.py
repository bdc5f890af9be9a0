"""`llm`'s later form: messages by the hash of what they say and follow, shared by threads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Entry, Found, Node, Unreadable, grown
from llmhub_tui.domain.messages import Attachment, Message, Role, ToolCall, Usage

_CHAIN = """
    WITH RECURSIVE chain (hash, parent_hash, role, depth) AS (
        SELECT hash, parent_hash, role, 0 FROM messages WHERE hash = ?
        UNION ALL
        SELECT above.hash, above.parent_hash, above.role, depth + 1
        FROM messages AS above JOIN chain ON above.hash = chain.parent_hash WHERE depth < 100000
    )
    SELECT hash, parent_hash, role FROM chain ORDER BY depth DESC
"""


def instant(value: object) -> float:
    """A time as `llm` writes it, in seconds since the Unix epoch; zero where it is none."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def read_threads(connection: sqlite3.Connection) -> Iterator[tuple[str, Entry]]:
    """The id of each thread, and the conversation that it is."""
    for thread in connection.execute("SELECT * FROM threads ORDER BY id").fetchall():
        try:
            yield thread["id"], _thread(connection, thread)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            yield thread["id"], Unreadable(f"thread {thread['id']}", str(error) or type(error).__name__)


def _thread(connection: sqlite3.Connection, thread: sqlite3.Row) -> Found:
    turns = connection.execute(
        "SELECT * FROM turns WHERE thread_id = ? ORDER BY datetime_utc, id", (thread["id"],)
    ).fetchall()
    nodes: dict[str, Node] = {}
    for turn in turns:
        for row in connection.execute(_CHAIN, (turn["tip_message_hash"],)):
            if row["hash"] not in nodes:
                nodes.update(_nodes(connection, row, turn))
    times = [instant(turn["datetime_utc"]) for turn in turns] or [instant(thread["datetime_utc"])]
    conversation = grown(
        f"llm-{thread['id']}",
        nodes,
        title=thread["name"] or "",
        created_at=min(times),
        leaf=thread["tip_message_hash"],
    )
    return Found(conversation, max(times))


def _nodes(connection: sqlite3.Connection, row: sqlite3.Row, turn: sqlite3.Row) -> dict[str, Node]:
    """A message; where it holds results of several calls, one behind the other."""
    role = Role(row["role"])
    said: list[str] = []
    thoughts: list[str] = []
    calls: list[ToolCall] = []
    attachments: list[Attachment] = []
    results: list[Message] = []
    when = instant(turn["datetime_utc"])
    parts = connection.execute("SELECT * FROM parts WHERE message_hash = ? ORDER BY position", (row["hash"],))
    for part in parts.fetchall():
        payload = json.loads(part["payload"]) if part["payload"] else {}
        content = part["text"] or _referred(connection, payload)
        match part["type"]:
            case "reasoning":
                thoughts.append(content)
            case "tool_call":
                arguments = json.dumps(payload.get("arguments"), ensure_ascii=False)
                identity = payload.get("tool_call_id") or f"call{part['position']}"
                calls.append(ToolCall(identity, payload.get("name") or "", arguments))
            case "tool_result":
                identity = payload.get("tool_call_id") or ""
                output = content or payload.get("output") or ""
                results.append(Message("x", None, Role.TOOL, output, tool_call_id=identity, created_at=when))
            case "attachment":
                attachments += _attachment(connection, payload)
            case _:
                said.append(content)
    if results:
        return _in_a_row(row, results)
    is_reply = role is Role.ASSISTANT
    is_last = is_reply and row["hash"] == turn["tip_message_hash"]
    message = Message(
        "x",
        None,
        role,
        "\n\n".join(text for text in said if text),
        "\n\n".join(text for text in thoughts if text),
        tuple(calls),
        attachments=tuple(attachments),
        created_at=when,
        duration_s=(turn["duration_ms"] or 0) / 1000 if is_last else 0.0,
        model=(turn["model"] or "") if is_reply else "",
        ending=(Ending.TOOL_CALLS if calls else Ending.COMPLETE) if is_reply else None,
        usage=_usage(turn) if is_last else None,
    )
    return {row["hash"]: Node(row["parent_hash"], message)}


def _in_a_row(row: sqlite3.Row, results: list[Message]) -> dict[str, Node]:
    """Results one behind the other; the last has the hash's own name, since what follows hangs on it."""
    nodes = {}
    parent = row["parent_hash"]
    for number, result in enumerate(results, 1):
        name = row["hash"] if number == len(results) else f"{row['hash']}-{number}"
        nodes[name] = Node(parent, result)
        parent = name
    return nodes


def _usage(turn: sqlite3.Row) -> Usage | None:
    counts = (turn["input_tokens"] or 0, turn["output_tokens"] or 0)
    return Usage(*counts, sum(counts)) if any(counts) else None


def _referred(connection: sqlite3.Connection, payload: dict[str, object]) -> str:
    """Text that is put together from fragments."""
    pieces = payload.get("text_ref")
    found = []
    for piece in pieces if isinstance(pieces, list) else []:
        if "literal" in piece:
            found.append(str(piece["literal"]))
            continue
        row = connection.execute(
            "SELECT content FROM fragments WHERE id = ?", (piece["fragment"],)
        ).fetchone()
        found.append(row["content"] if row else "")
    return "".join(found)


def _attachment(connection: sqlite3.Connection, payload: dict[str, object]) -> Iterator[Attachment]:
    reference = payload.get("attachment")
    name = reference.get("id") if isinstance(reference, dict) else None
    for row in connection.execute("SELECT * FROM attachments WHERE id = ?", (name,)):
        title = Path(row["path"] or row["url"] or "attachment").name
        yield Attachment(title, row["type"] or "application/octet-stream", row["content"] or b"")
