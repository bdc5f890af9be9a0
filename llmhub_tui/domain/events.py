"""What a turn tells a front end, in order; the same to the screen, to standard output and to the disk."""

from __future__ import annotations

from dataclasses import dataclass

from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.messages import Message, ToolCall, Usage


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The prompt is safe; the reply exists. Always the first event."""

    reply: Message
    """Its `text` is what a continued reply keeps, and empty otherwise."""


@dataclass(frozen=True, slots=True)
class Connecting:
    """A request leaves."""

    attempt: int
    """Counted from one for each reply."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The server has accepted the request; its first word is awaited."""


@dataclass(frozen=True, slots=True)
class FirstToken:
    """The first text, reasoning or tool call has arrived."""

    after_s: float
    """Seconds since the request left."""


@dataclass(frozen=True, slots=True)
class TextArrived:
    """Whole words of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningArrived:
    """Whole words of the reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class Recast:
    """All text that this turn brought so far was reasoning; it is no longer part of the text."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A resumed or continued stream goes on behind the first `at` characters of the reply."""

    at: int


@dataclass(frozen=True, slots=True)
class ToolCallArrived:
    """A tool call as far as it is known; a later event with the same index replaces it."""

    index: int
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ReplyFinished:
    """A reply that asks for tools is whole and saved; the turn goes on."""

    reply: Message


@dataclass(frozen=True, slots=True)
class ToolRequested:
    """A call is whole; it is checked, and the user may be asked."""

    message: Message
    """Will hold the result; still without an ending."""
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolStarted:
    """A call was allowed and runs."""

    message: Message
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolFinished:
    """A call has a result, or a problem in its place; it is saved."""

    message: Message
    call: ToolCall


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """All calls are answered; the model is asked again."""

    number: int
    """Counted from one within the turn; the first round has no event of its own."""
    limit: int
    reply: Message
    """The next reply, still empty."""


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """Nothing of the reply has come; the request will be made again."""

    in_s: float
    attempt: int
    """The attempt that will follow."""
    error: ChatError


@dataclass(frozen=True, slots=True)
class Resuming:
    """The connection was lost in mid-reply; the rest is asked for."""

    kept_chars: int
    in_s: float
    error: ChatError | None


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The server's token counts."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class NotSaved:
    """The disk refused; the text stays in memory and is written as soon as it can be."""

    reason: str


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The reply ended by itself; `reply.ending` says how."""

    reply: Message


@dataclass(frozen=True, slots=True)
class TurnStopped:
    """The user ended the reply; what had arrived is kept."""

    reply: Message


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The reply ended in an error or a lost connection; what had arrived is kept."""

    reply: Message
    error: ChatError


ContentEvent = TextArrived | ReasoningArrived | Recast | Joined | ToolCallArrived
"""What a reply is made of."""
ToolEvent = ReplyFinished | ToolRequested | ToolStarted | ToolFinished | RoundStarted
"""What lies between two replies of one turn."""
TerminalEvent = TurnFinished | TurnStopped | TurnFailed
Event = (
    TurnStarted
    | Connecting
    | Waiting
    | FirstToken
    | ContentEvent
    | ToolEvent
    | RetryScheduled
    | Resuming
    | UsageReported
    | NotSaved
    | TerminalEvent
)
