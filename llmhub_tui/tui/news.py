"""What is told of turns: up from what shows them, to the screen and to the app's actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message as Posted

if TYPE_CHECKING:
    from llmhub_tui.domain.messages import Message
    from llmhub_tui.session.session import Session


@dataclass
class TurnTroubled(Posted):
    """Something could not be saved."""

    reason: str


@dataclass
class TurnEnded(Posted):
    """A turn is over."""

    session: Session
    reply: Message | None
    """The last one on the session's path."""
    seen: bool
    """Whether its conversation is the one that is looked at."""
