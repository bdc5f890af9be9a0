"""The chat itself: one conversation that is looked at, and what is done with its turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from llmhub_tui.domain.endings import Ending, Remedy, remedy
from llmhub_tui.tui.opening import Opening
from llmhub_tui.tui.widgets.banner import Banner
from llmhub_tui.tui.widgets.composer import Composer
from llmhub_tui.tui.widgets.status import StatusLine
from llmhub_tui.tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from llmhub_tui.domain.messages import Message
    from llmhub_tui.session.session import Session
    from llmhub_tui.tui.player import MakeTurn, Player
    from llmhub_tui.tui.players import Players
    from llmhub_tui.tui.showing import Showing
    from llmhub_tui.tui.widgets.attachments import AttachmentBar
    from llmhub_tui.tui.widgets.transcript import Transcript


def load_showing() -> type[Showing]:
    """Loads what shows conversations; may block, and is therefore called in a thread first."""
    from llmhub_tui.tui.showing import Showing  # the events of a turn, and lines of Markdown: 35 ms

    return Showing


class ChatView(Vertical):
    """A conversation with its turns: the app calls `open`, `start`, `stop`.

    The first frame has the composer and a welcome. What shows conversations comes after it, or at once
    where it is wanted sooner. A turn goes on when another conversation is opened; who comes back to it
    sees it as it then stands.
    """

    def __init__(self, opening: Opening) -> None:
        """Takes what the first frame shows."""
        super().__init__()
        self._opening = opening
        self._showing: Showing | None = None
        self.composer = Composer(placeholder="Type a prompt; Enter sends it")
        self.status = StatusLine()

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        banner = Banner()
        banner.display = False
        yield banner
        yield Welcome(blank=self._opening.resume)
        yield self.composer
        yield self.status

    def on_mount(self) -> None:
        """Shows what is known before anything is loaded."""
        self.tell(self._opening)
        self.status.state = "ready"
        self.composer.focus()

    @property
    def showing(self) -> Showing:
        """What shows the conversation; made when it is first wanted."""
        if self._showing is None:
            self._showing = load_showing()(self, self, self._opening)
        return self._showing

    @property
    def players(self) -> Players:
        """The conversations that are open."""
        return self.showing.players

    @property
    def player(self) -> Player:
        """The player that is looked at."""
        return self.showing.player

    @property
    def transcript(self) -> Transcript:
        """The pane that shows the conversation."""
        return self.showing.transcript

    @property
    def attachments(self) -> AttachmentBar:
        """What goes along with the next prompt."""
        return self.showing.attachments

    @property
    def session(self) -> Session | None:
        """The session that is looked at."""
        return self.player.session if self._showing is not None else None

    @property
    def opened(self) -> bool:
        """Whether a session is there."""
        return self._showing is not None and self.player.opened

    @property
    def running(self) -> bool:
        """Whether a turn is on its way in the conversation that is looked at."""
        return self._showing is not None and self.player.running

    @property
    def counting_down(self) -> bool:
        """Whether the next try of the turn that is looked at is being waited for."""
        return self._showing is not None and self.player.counting_down

    def tell(self, opening: Opening) -> None:
        """Shows model, profile and banner."""
        self.status.model = opening.model
        self.status.profile = opening.profile
        self.query_one(Banner).tell(opening.banner)
        self.query_one(Welcome).tell(opening.tries)

    def welcome(self, *, empty: bool) -> None:
        """Shows how to begin a conversation, or makes room for the one that there is."""
        welcome = self.query_one(Welcome)
        welcome.blank = False
        welcome.display = empty

    def open(self, session: Session) -> None:
        """Shows a session; prompts that were sent before the first one was there go to it."""
        self.players.open(session)
        self.showing.show()

    def start(self, make: MakeTurn, unsent: Callable[[], None] | None = None) -> None:
        """Runs a turn; the caller has made sure that none is running. See `Player.start`."""
        self.player.start(make, unsent)

    def stop(self) -> bool:
        """Stops the turn that is looked at, if one runs; says whether one did."""
        if not self.running:
            return False
        stopped = self.player.stop()
        self.showing.tick()
        return stopped

    def last_reply(self) -> Message | None:
        """The last reply on the path."""
        return self._showing.last_reply() if self._showing is not None else None

    def last_prompt(self) -> Message | None:
        """The last prompt on the path."""
        return self._showing.last_prompt() if self._showing is not None else None

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
        self.showing.sync()
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
