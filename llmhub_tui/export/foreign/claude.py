"""Claude's `conversations.json`: each conversation is a list under `chat_messages`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Entry, Found, Node, Unreadable, grown
from llmhub_tui.domain.messages import Attachment, Message, Role, ToolCall
from llmhub_tui.export.foreign.loose import fenced, fields, items, name_of, seconds, text

_ROLES: Final = {"human": Role.USER, "user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}


def is_conversation(record: dict[str, object]) -> bool:
    """Whether a record is one of Claude's conversations."""
    return isinstance(record.get("chat_messages"), list)


def read(record: dict[str, object], where: str) -> Iterator[Entry]:
    """The conversation, and those of its messages that could not be read.

    A message hangs on the one that `parent_message_uuid` names, where that is there, which makes
    branches; else on the one before it in the list.
    """
    nodes: dict[str, Node] = {}
    before: str | None = None
    raws = [fields(value) for value in items(record.get("chat_messages"))]
    names = [f"{text(raw.get('uuid')) or number}" for number, raw in enumerate(raws)]
    linked = any(text(raw.get("parent_message_uuid")) in names for raw in raws)
    for number, (key, raw) in enumerate(zip(names, raws, strict=True), 1):
        message, why = _message(raw)
        if why:
            yield Unreadable(f"{where}, message {number}", why)
        above = text(raw.get("parent_message_uuid"))
        nodes[key] = Node((above if above in names else None) if linked else before, message)
        before = key
    created_at = seconds(record.get("created_at"))
    leaf = text(record.get("current_leaf_message_uuid"))
    conversation = grown(
        f"claude-{name_of(record, 'uuid')}",
        nodes,
        title=text(record.get("name")),
        created_at=created_at,
        leaf=leaf if leaf in nodes else before,
    )
    yield Found(
        conversation,
        seconds(record.get("updated_at")) or created_at,
        pinned=record.get("is_starred") is True,
    )


def _message(raw: dict[str, object]) -> tuple[Message | None, str]:
    """A message, or none and why; with neither, there was nothing to read."""
    role = _ROLES.get(text(raw.get("sender")))
    if role is None:
        return None, "it does not say who speaks"
    said: list[str] = []
    thoughts: list[str] = []
    calls: list[ToolCall] = []
    for number, value in enumerate(items(raw.get("content"))):
        block = fields(value)
        match text(block.get("type")):
            case "text":
                said.append(text(block.get("text")))
            case "thinking":
                thoughts.append(text(block.get("thinking")))
            case "tool_use":
                arguments = json.dumps(block.get("input"), ensure_ascii=False)
                identity = text(block.get("id")) or f"call{number}"
                calls.append(ToolCall(identity, text(block.get("name")), arguments))
            case "tool_result":
                if result := _flat(block.get("content")):
                    said.append(fenced(result))
            case _:
                said.append(_flat(block.get("text")))
    whole = "\n\n".join(part for part in said if part) or text(raw.get("text"))
    attachments = tuple(_attachments(raw))
    reasoning = "\n\n".join(part for part in thoughts if part)
    if not (whole or reasoning or calls or attachments):
        return None, ""
    return Message(
        "x",
        None,
        role,
        whole,
        reasoning,
        tuple(calls),
        attachments=attachments,
        created_at=seconds(raw.get("created_at")),
        ending=Ending.COMPLETE if role is Role.ASSISTANT else None,
    ), ""


def _flat(value: object) -> str:
    if isinstance(value, str):
        return value
    return "\n".join(text(fields(part).get("text")) for part in items(value)).strip()


def _attachments(raw: dict[str, object]) -> Iterator[Attachment]:
    """Attached text, which is in the export, and other files, of which only the names are."""
    for value in items(raw.get("attachments")):
        part = fields(value)
        content = text(part.get("extracted_content"))
        yield Attachment(text(part.get("file_name")) or "attachment", "text/plain", content.encode())
    for value in [*items(raw.get("files")), *items(raw.get("files_v2"))]:
        if name := text(fields(value).get("file_name")):
            yield Attachment(name, "application/octet-stream", b"")
