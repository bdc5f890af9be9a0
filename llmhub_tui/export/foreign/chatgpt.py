"""ChatGPT's `conversations.json`: each conversation is a tree of nodes under `mapping`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Entry, Found, Node, Unreadable, grown
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.export.foreign.loose import fenced, fields, flag, items, name_of, seconds, text

_ROLES: Final = {
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "tool": Role.ASSISTANT,
}
"""A tool's output becomes text of the assistant: no server would take it as an answer to a call of ours."""
_ENDINGS: Final = {"max_tokens": Ending.LENGTH, "interrupted": Ending.STOPPED}
_SETTINGS: Final = ("user_editable_context", "model_editable_context")


def is_conversation(record: dict[str, object]) -> bool:
    """Whether a record is one of ChatGPT's conversations."""
    return isinstance(record.get("mapping"), dict)


def read(record: dict[str, object], where: str) -> Iterator[Entry]:
    """The conversation, and those of its messages that could not be read."""
    name = name_of(record, "conversation_id", "id")
    nodes: dict[str, Node] = {}
    for key, value in fields(record.get("mapping")).items():
        node = fields(value)
        message, why = _message(node.get("message"))
        if why:
            yield Unreadable(f"{where}, message {key}", why)
        parent = node.get("parent")
        nodes[key] = Node(parent if isinstance(parent, str) else None, message)
    created_at = seconds(record.get("create_time"))
    leaf = record.get("current_node")
    conversation = grown(
        f"chatgpt-{name}",
        nodes,
        title=text(record.get("title")),
        created_at=created_at,
        leaf=leaf if isinstance(leaf, str) else None,
    )
    yield Found(
        conversation,
        seconds(record.get("update_time")) or created_at,
        archived=flag(record.get("is_archived")),
    )


def _message(value: object) -> tuple[Message | None, str]:
    """A message, or none and why; with neither, there was nothing to read."""
    if value is None:
        return None, ""
    raw = fields(value)
    role = _ROLES.get(text(fields(raw.get("author")).get("role")))
    if role is None:
        return None, "it does not say who speaks"
    metadata = fields(raw.get("metadata"))
    content = fields(raw.get("content"))
    kind = text(content.get("content_type"))
    if kind in _SETTINGS or flag(metadata.get("is_visually_hidden_from_conversation")):
        return None, ""
    said, reasoning = _said(content, kind)
    if not said and not reasoning:
        known = role is Role.SYSTEM or not content or kind in ("text", "multimodal_text", "code", "thoughts")
        return None, "" if known else f"content of the type {kind!r} holds no text"
    ending = None
    if role is Role.ASSISTANT:
        ending = _ENDINGS.get(text(fields(metadata.get("finish_details")).get("type")), Ending.COMPLETE)
    model = text(metadata.get("model_slug")) if role is Role.ASSISTANT else ""
    when = seconds(raw.get("create_time"))
    return Message("x", None, role, said, reasoning, created_at=when, model=model, ending=ending), ""


def _said(content: dict[str, object], kind: str) -> tuple[str, str]:
    """Text and reasoning."""
    if kind == "thoughts":
        thoughts = [fields(thought) for thought in items(content.get("thoughts"))]
        parts = [text(thought.get("content")) or text(thought.get("summary")) for thought in thoughts]
        return "", "\n\n".join(part for part in parts if part)
    if kind == "reasoning_recap":
        return "", text(content.get("content"))
    if kind == "code":
        language = text(content.get("language"))
        code = text(content.get("text"))
        return (fenced(code, "" if language == "unknown" else language) if code else ""), ""
    if kind == "execution_output":
        output = text(content.get("text"))
        return (fenced(output) if output else ""), ""
    parts = [_part(part) for part in items(content.get("parts"))]
    whole = "\n\n".join(part for part in parts if part)
    return whole or text(content.get("text")) or text(content.get("result")), ""


def _part(value: object) -> str:
    """Text as it is; what is no text by its kind and name."""
    if isinstance(value, str):
        return value
    part = fields(value)
    if said := text(part.get("text")):
        return said
    kind = text(part.get("content_type")).removesuffix("_asset_pointer").replace("_", " ")
    pointer = text(part.get("asset_pointer")).rpartition("/")[2]
    return f"[{kind or 'attachment'}: {pointer or 'not in the export'}]"
