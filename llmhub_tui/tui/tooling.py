"""The tools as the app works with them, made by the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from llmhub_tui.tools.consent import RuleBook
    from llmhub_tui.tools.mcp.offers import Offer
    from llmhub_tui.tools.toolbox import Listing
    from llmhub_tui.tui.asking import Asker


class Lister(Protocol):
    """Knows all tools."""

    async def listings(self) -> Sequence[Listing]:
        """What there is, by source."""
        ...


class Servers(Protocol):
    """What MCP servers offer beside tools."""

    def offers(self) -> Sequence[Offer]:
        """The prompts and resources that are there now."""
        ...

    async def text_of(self, offer: Offer, arguments: Mapping[str, str]) -> str:
        """What one of them says.

        Raises:
            ToolError: if its server does not hand it over.
        """
        ...


class ToolDesk(Protocol):
    """What Ctrl+T works with."""

    @property
    def toolbox(self) -> Lister:
        """All tools."""
        ...

    @property
    def servers(self) -> Servers:
        """The MCP servers."""
        ...

    @property
    def book(self) -> RuleBook:
        """What was allowed and refused for good."""
        ...

    @property
    def asker(self) -> Asker:
        """Asks the user."""
        ...

    @property
    def profile(self) -> str:
        """The profile in use."""
        ...

    async def keep(self, on: Sequence[str]) -> None:
        """Makes a choice of tools the profile's own.

        Raises:
            ChatError: if the settings cannot be changed.
        """
        ...
