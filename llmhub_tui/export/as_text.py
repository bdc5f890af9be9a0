"""A conversation for people: Markdown, or plain text."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import escape
from typing import assert_never

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.export.outline import OtherBegins, OtherEnds, Said, outline

_WHO = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool"}


def to_markdown(conversation: Conversation) -> str:
    """The open path, each message's Markdown as it is, and other attempts folded below their sibling."""
    parts = [f"# {one_line(conversation.title) or 'Conversation'}"]
    if conversation.created_at:
        parts.append(f"*{when(conversation.created_at)}*")
    depth, headed = 0, ""
    for step in outline(conversation):
        match step:
            case Said(message):
                if message.id != headed:
                    parts.append(f"{'#' * min(6, 2 + depth)} {heading(conversation, message)}")
                parts += _body(message)
            case OtherBegins(message):
                depth, headed = depth + 1, message.id
                parts.append(f"<details><summary>{escape(heading(conversation, message))}</summary>")
            case OtherEnds():
                depth -= 1
                parts.append("</details>")
            case _ as never:
                assert_never(never)
    return "\n\n".join(parts) + "\n"


def to_text(conversation: Conversation) -> str:
    """The path that is open, as plain text."""
    parts = [one_line(conversation.title) or "Conversation"]
    for message in conversation.path():
        parts.append(f"--- {heading(conversation, message)} ---")
        parts += _body(message)
    return "\n\n".join(parts) + "\n"


def _body(message: Message) -> Iterator[str]:
    if message.role is Role.TOOL:  # its output is no Markdown, and where it failed, it says so itself
        yield _fenced(message.text)
        return
    if message.text:
        yield message.text.strip("\n")
    for call in message.tool_calls:
        yield f"Tool call: `{one_line(call.name)}`\n\n{_fenced(call.arguments or '{}', 'json')}"
    for part in message.attachments:
        yield f"Attachment: {one_line(part.name)}"
    if message.failure is not None:
        yield f"({one_line(message.failure.message)})"


def _fenced(text: str, kind: str = "") -> str:
    """Text as a block of code that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{kind}\n{text.rstrip()}\n{fence}"


def heading(conversation: Conversation, message: Message) -> str:
    """Who, which model, when, which attempt, and an ending that is not the usual one."""
    place = conversation.place(message.id)
    facts = [one_line(message.model)] if message.model else []
    if message.created_at:
        facts.append(when(message.created_at))
    if place.attempts > 1:
        facts.append(f"attempt {place.attempt}/{place.attempts}")
    if message.ending not in (None, Ending.COMPLETE, Ending.TOOL_CALLS):
        facts.append(str(message.ending))
    return " · ".join([_WHO[message.role], *facts])


def when(seconds: float) -> str:
    """A time that means the same everywhere."""
    try:
        return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
    except (OverflowError, OSError, ValueError):  # a time that some import made up
        return "at an unknown time"


def one_line(text: str) -> str:
    """Text with its white space folded."""
    return " ".join(text.split())
