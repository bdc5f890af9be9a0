"""What the transcript is told of each message: a view, made by the app, that the widget only shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from llmhub_tui.domain.messages import Message, Role, ToolCall

WHO: Final = {Role.SYSTEM: "System", Role.USER: "You", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool"}
"""What each speaker is called."""


class CallState(StrEnum):
    """Where a tool call stands, in the words of its card."""

    ARRIVING = "…"
    WAITING = "waiting"
    """For the calls before it."""
    ASKING = "asks you"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DENIED = "not allowed"
    INVALID = "invalid, not run"
    CUT = "cut, not run"
    NOT_RUN = "not run"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Card:
    """A tool call and what has become of it."""

    call: ToolCall
    state: CallState
    result: str = ""
    """What went back to the model."""
    seconds: float = 0.0
    """How long it ran."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with its place among its siblings."""

    message: Message
    attempt: int = 1
    """Counted from one, as in `2/3`."""
    attempts: int = 1
    notice: str = ""
    """A line below the message for what is going on or what to do, such as a countdown. Plain text."""
    cards: tuple[Card, ...] = ()
    """The tool calls of a reply."""
    live: bool = False
    """Whether this is the reply in flight: the cursor is drawn behind it and more text will come."""

    @property
    def key(self) -> str:
        """Identifies the entry within the transcript."""
        return self.message.id
