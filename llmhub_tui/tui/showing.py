"""Shows the conversation that is looked at, and its reply as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as Posted
from textual.timer import Timer

from llmhub_tui.domain.events import (
    Event,
    Joined,
    ReasoningArrived,
    Recast,
    ReplyFinished,
    RoundStarted,
    TextArrived,
    ToolCallArrived,
    ToolFinished,
    ToolRequested,
    ToolStarted,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
)
from llmhub_tui.domain.messages import Message, Role, ToolCall
from llmhub_tui.tui.cards import cards_of, shown_path
from llmhub_tui.tui.player import Player
from llmhub_tui.tui.players import Players
from llmhub_tui.tui.widgets.attachments import AttachmentBar
from llmhub_tui.tui.widgets.banner import Banner
from llmhub_tui.tui.widgets.composer import Composer
from llmhub_tui.tui.widgets.entries import CallState, Card, Entry
from llmhub_tui.tui.widgets.status import StatusLine
from llmhub_tui.tui.widgets.transcript import Transcript
from llmhub_tui.tui.widgets.welcome import Welcome
from llmhub_tui.tui.workspace import Opening

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session

_TICK_S = 0.5


class ConversationView(Vertical):
    """Transcript, composer and status line. It watches the players, and shows the current one's turn."""

    @dataclass
    class Troubled(Posted):
        """Something could not be saved."""

        reason: str

    @dataclass
    class Ended(Posted):
        """A turn is over."""

        session: Session
        seen: bool
        """Whether its conversation is the one that is looked at."""

    def __init__(self, opening: Opening) -> None:
        """Takes what the first frame shows."""
        super().__init__()
        self.players = Players(lambda: Player(self, opening.now, self))
        self._opening = opening
        self._clock: Timer | None = None
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        banner = Banner()
        banner.display = False
        yield banner
        yield Welcome()
        yield Transcript(wall=self._opening.wall)
        attachments = AttachmentBar()
        attachments.display = False
        yield attachments
        yield Composer(placeholder="Type a prompt; Enter sends it")
        yield StatusLine()

    def on_mount(self) -> None:
        """Shows what is known before anything is loaded."""
        self.transcript = self.query_one(Transcript)
        self.composer = self.query_one(Composer)
        self.status = self.query_one(StatusLine)
        self._welcome(not self._opening.resume)
        self.tell(self._opening)
        self.composer.focus()
        self.tick()

    @property
    def player(self) -> Player:
        """The player that is looked at."""
        return self.players.current

    def tell(self, opening: Opening) -> None:
        """Shows model, profile and banner."""
        self.status.model = opening.model
        self.status.profile = opening.profile
        self.query_one(Banner).tell(opening.banner)
        self.query_one(Welcome).tell(opening.tries)

    def _welcome(self, empty: bool) -> None:
        """Shows the conversation, or where there is none yet how to begin one."""
        self.query_one(Welcome).display = empty
        self.transcript.display = not empty

    def show(self) -> None:
        """Shows the current player's conversation from its end, instead of what was shown before."""
        self._shown = []
        self.sync()
        self._run_clock()
        self.tick()

    def turn_began(self, player: Player) -> None:
        """See `Watcher`."""
        if player is self.player:
            self._run_clock()

    def turn_showed(self, player: Player, event: Event) -> None:
        """See `Watcher`: shows the event, if its conversation is looked at."""
        if player is not self.player:
            return
        match event:
            case TurnStarted(reply) if reply.ending is not None:  # its calls are answered now
                self.transcript.update(self._entry(reply))
            case TurnStarted() | RoundStarted():
                self.sync()
            case ReplyFinished(reply):
                self.transcript.update(self._entry(reply))
            case ToolRequested(message, call) | ToolStarted(message, call) | ToolFinished(message, call):
                self._show_card(message, call)
            case TextArrived(text):
                self.transcript.write(player.live_id, text)
            case ReasoningArrived(text):
                self.transcript.write_reasoning(player.live_id, text)
            case Recast():
                self._show_anew(player)
            case Joined():
                self.transcript.mark_seam(player.live_id)
                self.tick()
            case ToolCallArrived(index, call):
                self.transcript.set_card(player.live_id, index, Card(call, CallState.ARRIVING))
            case TurnFinished(reply) | TurnStopped(reply) | TurnFailed(reply, _):
                if reply.model:
                    self.status.model = reply.model
                self.transcript.update(self._entry(reply))
                self.tick()
            case _:
                self.tick()

    def turn_ended(self, player: Player) -> None:
        """See `Watcher`."""
        seen = player is self.player
        if seen and self._clock is not None:
            self._clock.stop()
            self._clock = None
        self.tick()
        if player.session is not None:
            self.post_message(self.Ended(player.session, seen))

    def turn_troubled(self, player: Player, reason: str) -> None:
        """See `Watcher`."""
        self.post_message(self.Troubled(reason))

    def _run_clock(self) -> None:
        """Ticks while the turn that is looked at runs."""
        if self._clock is not None:
            self._clock.stop()
        self._clock = self.set_interval(_TICK_S, self.tick) if self.player.running else None

    def tick(self) -> None:
        """Brings the state up to date; twice a second while a turn is running, and never without one."""
        now, player = self._opening.now(), self.player
        self.status.state = self.player.progress.label(now, player.quiet_s)
        if player.turn is not None and player.live_id:
            self.transcript.set_waiting(player.live_id, self.player.progress.at_cursor(now, player.quiet_s))

    def sync(self) -> None:
        """Makes the transcript show the conversation's path: what is the same stays, the rest is replaced."""
        if self.player.session is None:
            return
        path = shown_path(self.player.session.conversation)
        self._welcome(not path)
        pairs = zip(self._shown, path, strict=False)
        same = next((at for at, (key, message) in enumerate(pairs) if key != message.id), None)
        if same is None:
            same = min(len(self._shown), len(path))
        if not same:
            self.transcript.show([self._entry(message) for message in path])
        else:
            if same < len(self._shown):
                self.transcript.remove_from(self._shown[same])
            for message in path[same:]:
                self.transcript.add(self._entry(message))
        self._shown = [message.id for message in path]

    def _entry(self, message: Message) -> Entry:
        player = self.player
        if player.session is None:
            return Entry(message)
        place = player.session.conversation.place(message.id)
        live = message.id == player.live_id
        message = player.current(message)
        cards = cards_of(player.session.conversation, message, player.calls, running=self._in_turn(message))
        return Entry(message, place.attempt, place.attempts, cards=cards, live=live)

    def _show_anew(self, player: Player) -> None:
        """Shows the reply in flight as it stands, after something was taken out of it."""
        if player.session is not None and player.live_id:
            self.transcript.update(self._entry(player.session.conversation[player.live_id]))

    def _in_turn(self, reply: Message) -> bool:
        """Whether a reply is the last one, and its calls are being answered."""
        session = self.player.session
        return (
            session is not None
            and self.player.answering
            and session.conversation.last(Role.ASSISTANT) == reply
        )

    def _show_card(self, result: Message, call: ToolCall) -> None:
        """Shows what has become of a call."""
        if self.player.session is not None:
            reply = self.player.session.conversation.reply_of(result.id)
            cards = cards_of(self.player.session.conversation, reply, self.player.calls, running=True)
            for index, card in enumerate(cards):
                if card.call == call or card.state is CallState.WAITING:
                    self.transcript.set_card(reply.id, index, card)
        self.tick()
