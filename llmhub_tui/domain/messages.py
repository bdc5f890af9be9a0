"""The values that a conversation is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from llmhub_tui.domain.endings import Ending


class Role(StrEnum):
    """Who speaks, in the words of the chat completions protocol."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function call that a model asked for."""

    id: str
    name: str
    arguments: str
    """The JSON text as it was sent; not parsed, perhaps not even valid."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along with a prompt."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the server reported them; never estimated."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    reasoning_tokens: int = 0
    """The part of `completion_tokens` that was spent on reasoning."""
    cached_tokens: int = 0
    """The part of `prompt_tokens` that the server had in its cache."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is kept of an error: enough to show it again later."""

    kind: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One node in the tree of a conversation. Changed by replacement, never in place."""

    id: str
    parent: str | None
    """The message that this one answers or follows; `None` at the root."""
    role: Role
    text: str = ""
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    """For `Role.TOOL`: the call that this message answers."""
    attachments: tuple[Attachment, ...] = ()
    created_at: float = 0.0
    """Seconds since the Unix epoch."""
    duration_s: float = 0.0
    """For replies: from the request to the last word."""
    model: str = ""
    ending: Ending | None = None
    """`None` for prompts, and for a reply that is in flight or was found so after a crash."""
    finish_reason: str | None = None
    """The server's own word."""
    usage: Usage | None = None
    failure: Failure | None = None
    kept_chars: int = 0
    """For a continued reply: how many characters at the start come from the attempt before it."""
    seams: tuple[int, ...] = ()
    """Where a resumed or continued stream was joined to what was there: characters from the start."""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("Message.id is empty")
        if self.id == self.parent:
            raise ValueError(f"Message.parent is the message itself: {self.id!r}")

    @property
    def is_prompt(self) -> bool:
        """Whether the user has said this."""
        return self.role is Role.USER
