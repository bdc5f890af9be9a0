"""What the chat needs to be told another server: a port, which the command line plugs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from llmhub_tui.domain.secret import Secret

if TYPE_CHECKING:
    from llmhub_tui.session.options import TurnOptions
    from llmhub_tui.tui.opening import Opening


@dataclass(frozen=True, slots=True)
class Server:
    """A server that the user has named, and its key."""

    base_url: str
    key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """What is so from now on."""

    opening: Opening
    options: TurnOptions
    """For the turns to come; which tools are on is the conversation's own."""
    notice: str
    """What was kept, and where."""


class Connector(Protocol):
    """Changes the server in mid-chat."""

    @property
    def base_url(self) -> str:
        """What to suggest: the server in use, or LLMHub instead of the demo."""
        ...

    def try_out(self, server: Server) -> None:
        """Asks the server something small. May block.

        Raises:
            ChatError: if it does not answer, or not to this key.
        """
        ...

    def keep(self, server: Server) -> str:
        """Keeps server and key for the next start; says where. May block.

        Raises:
            ChatError: if they can't be kept.
        """
        ...

    def switch(self, server: Server, notice: str) -> Connected:
        """Makes every request from now on go there. On the event loop."""
        ...
