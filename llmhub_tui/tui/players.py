"""The conversations that are open: the one that is looked at, and those whose replies go on unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from llmhub_tui.tui.player import Player

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session


class Players:
    """One player for each open conversation. Those that nobody looks at are kept while they are needed."""

    def __init__(self, make: Callable[[], Player]) -> None:
        """Takes what makes a player; the first one waits for its session."""
        self._make = make
        self.current = make()
        """The one that is looked at."""
        self._unseen: dict[str, Player] = {}

    def __iter__(self) -> Iterator[Player]:
        yield self.current
        yield from self._unseen.values()

    def open(self, session: Session) -> None:
        """Makes a session the one that is looked at; a turn that runs in the one before goes on."""
        before = self.current
        if not before.opened:
            before.open(session)
        elif session is not before.session:
            self._unseen = {key: player for key, player in self._unseen.items() if player.needed}
            if before.session is not None and before.needed:
                self._unseen[before.session.conversation.id] = before
            player = self._unseen.pop(session.conversation.id, None)
            if player is None or player.session is not session:
                player = self._make()
                player.open(session)
            self.current = player

    def find(self, conversation_id: str) -> Player | None:
        """The player of a conversation that is open, seen or unseen."""
        return next(
            (
                player
                for player in self
                if player.session is not None and player.session.conversation.id == conversation_id
            ),
            None,
        )

    def running(self) -> int:
        """How many turns are running, seen or unseen."""
        return sum(player.running for player in self)

    def all_saved(self) -> None:
        """What could not be saved before is on the disk now."""
        for player in self:
            player.unsaved = ""

    async def stop_all(self) -> None:
        """Stops every turn, and returns when all have ended."""
        for player in self:
            player.stop()
        for player in self:
            await player.stopped()
