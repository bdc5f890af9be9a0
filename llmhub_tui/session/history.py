"""The messages before a reply, in the form that servers accept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from llmhub_tui.domain.messages import Message, Role

_LOST: Final = "No result: the program ended before this call did."


def sendable(messages: Iterable[Message]) -> tuple[Message, ...]:
    """No empty replies, no tool calls that were never answered, no results without their call."""
    kept = list(messages)
    found: list[Message] = []
    at = 0
    while at < len(kept):
        message = kept[at]
        at += 1
        if message.role is Role.TOOL:
            continue  # those that belong to a call were taken with it
        if message.role is not Role.ASSISTANT:
            found.append(message)
            continue
        results = _results(message, kept, at)
        calls = tuple(call for call in message.tool_calls if call.id in results)
        if message.text or calls:
            found.append(replace(message, tool_calls=calls))
            found += [_answered(results[call.id]) for call in calls]
    return tuple(found)


def _results(reply: Message, messages: list[Message], at: int) -> dict[str, Message]:
    """The results that follow a reply, by the call that they answer; the last one for each."""
    asked = {call.id for call in reply.tool_calls}
    found: dict[str, Message] = {}
    while at < len(messages) and messages[at].role is Role.TOOL:
        if messages[at].tool_call_id in asked:
            found[messages[at].tool_call_id] = messages[at]
        at += 1
    return found


def _answered(result: Message) -> Message:
    """A result; where a crash has left none, words that say so."""
    return result if result.ending is not None or result.text else replace(result, text=_LOST)
