"""What the transcript is told of each message: a view, made by the app, that the widget only shows."""

from __future__ import annotations

from dataclasses import dataclass

from llmhub_tui.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with its place among its siblings."""

    message: Message
    attempt: int = 1
    """Counted from one, as in `2/3`."""
    attempts: int = 1
    notice: str = ""
    """A line below the message for what is going on or what to do, such as a countdown. Plain text."""
    live: bool = False
    """Whether this is the reply in flight: the cursor is drawn behind it and more text will come."""

    @property
    def key(self) -> str:
        """Identifies the entry within the transcript."""
        return self.message.id
