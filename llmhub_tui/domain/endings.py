"""Why a reply ended, and which remedy fits."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class Ending(StrEnum):
    """How a reply ended. `COMPLETE` is never a guess: a finish reason or `[DONE]` was read."""

    COMPLETE = "complete"
    LENGTH = "length"
    """The token limit cut the reply."""
    FILTERED = "filtered"
    """The server's content filter cut or withheld the reply."""
    REFUSAL = "refusal"
    TOOL_CALLS = "tool_calls"
    EMPTY = "empty"
    """Finished properly, with neither text nor tool calls."""
    STOPPED = "stopped"
    """The user pressed Escape."""
    INCOMPLETE = "incomplete"
    """The connection was lost, or closed with neither a finish reason nor `[DONE]`."""
    ERROR = "error"
    """The server said so, or the request could not be made."""


class Remedy(StrEnum):
    """What one key should do about an ending."""

    NONE = "none"
    CONTINUE = "continue"
    RETRY = "retry"


def remedy(ending: Ending) -> Remedy:
    """The action that most often helps after `ending`."""
    match ending:
        case Ending.COMPLETE | Ending.TOOL_CALLS:
            return Remedy.NONE
        case Ending.LENGTH | Ending.STOPPED | Ending.INCOMPLETE:
            return Remedy.CONTINUE
        case Ending.FILTERED | Ending.REFUSAL | Ending.EMPTY | Ending.ERROR:
            return Remedy.RETRY
        case _ as never:
            assert_never(never)


_BY_FINISH_REASON = {
    "length": Ending.LENGTH,
    "max_tokens": Ending.LENGTH,
    "content_filter": Ending.FILTERED,
    "insufficient_system_resource": Ending.INCOMPLETE,
}
"""Finish reasons that mean more than `complete`.

The first and third are OpenAI's; `max_tokens` leaks through gateways in front of other vendors;
the last is DeepSeek's word for a reply that its own load cut short.
"""


def ending_of(finish_reason: str | None, *, has_text: bool, has_calls: bool, refused: bool) -> Ending:
    """The ending of a stream that was closed by a finish reason or, with `None`, by `[DONE]` alone."""
    if finish_reason in _BY_FINISH_REASON:
        return _BY_FINISH_REASON[finish_reason]
    if refused:
        return Ending.REFUSAL
    if has_calls:
        return Ending.TOOL_CALLS
    return Ending.COMPLETE if has_text else Ending.EMPTY
