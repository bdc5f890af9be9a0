"""A conversation for people: Markdown, or plain text."""

from __future__ import annotations

import time
from collections.abc import Iterator

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role

_WHO = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool"}


def to_markdown(conversation: Conversation) -> str:
    """The open path, each message's Markdown as it is, and other attempts folded below their sibling."""
    parts = [f"# {_line(conversation.title) or 'Conversation'}"]
    if conversation.created_at:
        parts.append(f"*{_when(conversation.created_at)}*")
    for message in conversation.path():
        parts.append(f"## {_heading(conversation, message)}")
        parts += _body(message)
        for other in conversation.siblings(message.id):
            if other != message.id:
                sibling = conversation[other]
                parts.append(f"<details><summary>{_heading(conversation, sibling)}</summary>")
                parts += _body(sibling)
                parts.append("</details>")
    return "\n\n".join(parts) + "\n"


def to_text(conversation: Conversation) -> str:
    """The path that is open, as plain text."""
    parts = [_line(conversation.title) or "Conversation"]
    for message in conversation.path():
        parts.append(f"--- {_heading(conversation, message)} ---")
        parts += _body(message)
    return "\n\n".join(parts) + "\n"


def _body(message: Message) -> Iterator[str]:
    if message.text:
        yield message.text.strip("\n")
    for call in message.tool_calls:
        yield f"Tool call: `{_line(call.name)}`\n\n```json\n{call.arguments or '{}'}\n```"
    for part in message.attachments:
        yield f"Attachment: {_line(part.name)}"
    if message.failure is not None:
        yield f"({_line(message.failure.message)})"


def _heading(conversation: Conversation, message: Message) -> str:
    """Who, which model, when, which attempt, and an ending that is not the usual one."""
    place = conversation.place(message.id)
    facts = [_line(message.model)] if message.model else []
    if message.created_at:
        facts.append(_when(message.created_at))
    if place.attempts > 1:
        facts.append(f"attempt {place.attempt}/{place.attempts}")
    if message.ending not in (None, Ending.COMPLETE, Ending.TOOL_CALLS):
        facts.append(str(message.ending))
    return " · ".join([_WHO[message.role], *facts])


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _line(text: str) -> str:
    return " ".join(text.split())
