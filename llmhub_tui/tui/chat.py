"""The chat itself: one conversation that is looked at, and what is done with its turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from llmhub_tui.domain.endings import Ending, Remedy, remedy
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.showing import ConversationView

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.tui.player import MakeTurn


class ChatView(ConversationView):
    """A conversation with its turns: the app calls `open`, `start`, `stop`.

    A turn goes on when another conversation is opened; who comes back to it sees it as it then stands.
    """

    @property
    def session(self) -> Session | None:
        """The session that is looked at."""
        return self.player.session

    @property
    def opened(self) -> bool:
        """Whether a session is there."""
        return self.player.opened

    @property
    def running(self) -> bool:
        """Whether a turn is on its way in the conversation that is looked at."""
        return self.player.running

    def open(self, session: Session) -> None:
        """Shows a session; prompts that were sent before the first one was there go to it."""
        self.players.open(session)
        self.show()

    def start(self, make: MakeTurn, unsent: Callable[[], None] | None = None) -> None:
        """Runs a turn; the caller has made sure that none is running. See `Player.start`."""
        self.player.start(make, unsent)

    def stop(self) -> bool:
        """Stops the turn that is looked at, if one runs; says whether one did."""
        stopped = self.player.stop()
        self.tick()
        return stopped

    def last_reply(self) -> Message | None:
        """The last reply on the path."""
        return self.session.conversation.last(Role.ASSISTANT) if self.session else None

    def step_attempt(self, key: str, step: int) -> Message | None:
        """Shows the attempt before or after this one, if there is one; returns it."""
        if self.session is None or self.running:
            return None
        conversation = self.session.conversation
        siblings = conversation.siblings(key)
        at = siblings.index(key) + step
        if not 0 <= at < len(siblings):
            return None
        conversation.choose(siblings[at])
        marked = self.transcript.marked
        self.sync()
        if marked == key:  # the message cursor stays where it is, now on the other attempt
            self.transcript.reveal(siblings[at])
        return conversation[siblings[at]]


def can_continue(reply: Message | None) -> bool:
    """Whether a reply has an end that is not its own, or calls that nothing has followed."""
    if reply is None or reply.ending is None:
        return False
    if reply.ending is Ending.TOOL_CALLS:
        return bool(reply.tool_calls)
    return remedy(reply.ending) is Remedy.CONTINUE and bool(reply.text)
