"""A conversation as JSON: complete, and read back exactly.

The document: `{"format": "llmhub-chat", "version": 1, "id", "title", "created_at", "messages": […],
"chosen": {parent id or "": child id}}`. Each message has `id`, `parent` (null at the root), `role`,
`text`, `reasoning`, `tool_calls` (`id`, `name`, `arguments` as JSON text), `tool_call_id`,
`attachments` (`name`, `media_type`, `data` in base64), `created_at` (seconds since the Unix epoch),
`duration_s`, `model`, `ending`, `finish_reason`, `usage`, `failure`, `kept_chars` and
`seams` (characters from the start at which a resumed stream was joined).
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import msgspec

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.messages import Attachment, Message

FORMAT: Final = "llmhub-chat"
VERSION: Final = 1


def to_json(conversation: Conversation) -> str:
    """The whole tree of attempts, as indented JSON with a newline at its end."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "id": conversation.id,
        "title": conversation.title,
        "created_at": conversation.created_at,
        "messages": [_record(message) for message in conversation.messages],
        "chosen": conversation.chosen,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Conversation:
    """The conversation in a document that `to_json` has made.

    Raises:
        ValueError: if it is none, saying where it is wrong.
    """
    try:
        return conversation_in(json.loads(text))
    except RecursionError as error:
        raise ValueError("this is nested too deeply") from error


def conversation_in(document: object) -> Conversation:
    """The conversation in a parsed document.

    Raises:
        ValueError: if it is none, saying where it is wrong.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError("this is no conversation saved by llmhub-chat")
    if document.get("version") != VERSION:
        raise ValueError(f"version {document.get('version')!r} of the format is not known here")
    try:
        head = msgspec.convert(document, _Head)
        return Conversation(
            head.id,
            title=head.title,
            created_at=head.created_at,
            messages=[_message(record) for record in head.messages],
            chosen=head.chosen,
        )
    except (KeyError, TypeError, msgspec.MsgspecError) as error:
        raise ValueError(f"the conversation is not as it was saved: {error}") from error


@dataclass(frozen=True, slots=True)
class _Head:
    id: str
    title: str
    created_at: float
    messages: list[dict[str, Any]]
    chosen: dict[str, str]


def _record(message: Message) -> dict[str, Any]:
    record = asdict(message)
    record["attachments"] = [
        {**asdict(part), "data": base64.b64encode(part.data).decode("ascii")} for part in message.attachments
    ]
    return record


def _message(record: dict[str, Any]) -> Message:
    parts = tuple(
        Attachment(part["name"], part["media_type"], base64.b64decode(part["data"]))
        for part in record["attachments"]
    )
    rest = {name: value for name, value in record.items() if name != "attachments"}
    return replace(msgspec.convert(rest, Message), attachments=parts)
