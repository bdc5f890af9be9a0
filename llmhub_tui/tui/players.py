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
            self._unseen = {key: player for key, player in self._unseen.items() if _needed(player)}
            if before.session is not None and _needed(before):
                self._unseen[before.session.conversation.id] = before
            player = self._unseen.pop(session.conversation.id, None)
            if player is None or player.session is not session:
                player = self._make()
                player.open(session)
            self.current = player

    def session_of(self, conversation_id: str) -> Session | None:
        """The session of an unseen conversation whose turn runs, or could not be saved."""
        player = self._unseen.get(conversation_id)
        return player.session if player is not None and _needed(player) else None

    def running(self) -> int:
        """How many turns are running, seen or unseen."""
        return sum(player.running for player in self)

    async def stop_all(self) -> None:
        """Stops every turn, and returns when all have ended."""
        for player in self:
            player.stop()
        for player in self:
            await player.stopped()


def _needed(player: Player) -> bool:
    """Whether a player that nobody looks at is kept: its reply is not, or not yet, on the disk."""
    return player.running or bool(player.unsaved)
