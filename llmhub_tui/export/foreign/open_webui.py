"""Open WebUI's export of chats: each holds a tree under `chat.history.messages`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.imported import Entry, Found, Node, Unreadable, grown
from llmhub_tui.domain.messages import Attachment, Failure, Message, Role, Usage
from llmhub_tui.export.foreign.loose import count, fields, flag, items, name_of, seconds, text

_ROLES: Final = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}


def is_conversation(record: dict[str, object]) -> bool:
    """Whether a record is one of Open WebUI's chats."""
    chat = fields(record.get("chat"))
    return "history" in chat or isinstance(chat.get("messages"), list)


def read(record: dict[str, object], where: str) -> Iterator[Entry]:
    """The conversation, and those of its messages that could not be read."""
    chat = fields(record.get("chat"))
    history = fields(chat.get("history"))
    tree = fields(history.get("messages")) or _chained(items(chat.get("messages")))
    nodes: dict[str, Node] = {}
    for key, value in tree.items():
        raw = fields(value)
        message, why = _message(raw)
        if why:
            yield Unreadable(f"{where}, message {key}", why)
        parent = raw.get("parentId")
        nodes[key] = Node(parent if isinstance(parent, str) else None, message)
    created_at = seconds(record.get("created_at")) or seconds(chat.get("timestamp"))
    leaf = history.get("currentId")
    conversation = grown(
        f"openwebui-{name_of(record, 'id')}",
        nodes,
        title=text(record.get("title")) or text(chat.get("title")),
        created_at=created_at,
        leaf=leaf if isinstance(leaf, str) else next(reversed(nodes), None),
    )
    tags = [text(tag) for tag in items(fields(record.get("meta")).get("tags"))]
    yield Found(
        conversation,
        seconds(record.get("updated_at")) or created_at,
        pinned=flag(record.get("pinned")),
        archived=flag(record.get("archived")),
        tags=tuple(tag for tag in tags if tag),
    )


def _chained(messages: list[object]) -> dict[str, object]:
    """A list of messages, as old versions wrote it, as a tree with one branch."""
    found: dict[str, object] = {}
    before: str | None = None
    for number, value in enumerate(messages):
        key = text(fields(value).get("id")) or str(number)
        found[key] = {**fields(value), "parentId": before}
        before = key
    return found


def _message(raw: dict[str, object]) -> tuple[Message | None, str]:
    role = _ROLES.get(text(raw.get("role")))
    if role is None:
        return None, "it does not say who speaks"
    content = raw.get("content")
    said = text(content) or "\n\n".join(text(fields(part).get("text")) for part in items(content)).strip()
    attachments = tuple(_attachments(raw, content))
    failure = _failure(raw.get("error"))
    ending = None
    if role is Role.ASSISTANT:
        ending = Ending.COMPLETE if raw.get("done") is not False else Ending.INCOMPLETE
        ending = Ending.ERROR if failure is not None and not said else ending
    return Message(
        "x",
        None,
        role,
        said,
        attachments=attachments,
        created_at=seconds(raw.get("timestamp")),
        model=text(raw.get("model")) if role is Role.ASSISTANT else "",
        ending=ending,
        usage=_usage(raw.get("usage") or raw.get("info")),
        failure=failure,
    ), ""


def _usage(value: object) -> Usage | None:
    raw = fields(value)
    prompt = count(raw.get("prompt_tokens")) or count(raw.get("prompt_eval_count"))
    completion = count(raw.get("completion_tokens")) or count(raw.get("eval_count"))
    if not prompt and not completion:
        return None
    return Usage(prompt, completion, count(raw.get("total_tokens")) or prompt + completion)


def _failure(value: object) -> Failure | None:
    said = text(value) or text(fields(value).get("content"))
    return Failure("server", said) if said else None


def _attachments(raw: dict[str, object], content: object) -> Iterator[Attachment]:
    """Pictures that are in the export; of other files only the names are."""
    pictures = [fields(fields(part).get("image_url")).get("url") for part in items(content)]
    for value in items(raw.get("files")):
        file = fields(value)
        if file.get("type") == "image":
            pictures.append(file.get("url"))
        elif name := text(file.get("name")):
            yield Attachment(name, "application/octet-stream", b"")
    for number, address in enumerate(filter(None, map(text, pictures)), 1):
        kind, _, data = address.removeprefix("data:").partition(";base64,")
        if data and kind.startswith("image/"):
            try:
                yield Attachment(f"image {number}", kind, base64.b64decode(data))
            except (binascii.Error, ValueError):
                continue
