"""Shows the conversation that is looked at, and its reply as it comes."""

from __future__ import annotations

from typing import Final, Protocol

from textual.timer import Timer
from textual.widget import Widget

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
from llmhub_tui.tui.news import TurnEnded, TurnTroubled
from llmhub_tui.tui.opening import Opening
from llmhub_tui.tui.player import Player
from llmhub_tui.tui.players import Players
from llmhub_tui.tui.widgets.attachments import AttachmentBar
from llmhub_tui.tui.widgets.composer import Composer
from llmhub_tui.tui.widgets.entries import CallState, Card, Entry
from llmhub_tui.tui.widgets.status import StatusLine
from llmhub_tui.tui.widgets.transcript import Transcript

_TICK_S: Final = 1.0


class Around(Protocol):
    """What is around the transcript: the chat, as far as it is shown before."""

    composer: Composer
    status: StatusLine

    def welcome(self, *, empty: bool) -> None:
        """Shows how to begin a conversation, or makes room for the one that there is."""
        ...


class Showing:
    """Watches the players, and shows the current one's turn in the transcript and the status line.

    The first frame does without it: what it needs takes as long to load as half of that frame.
    """

    def __init__(self, view: Widget, around: Around, opening: Opening) -> None:
        """Puts the transcript into the chat.

        Args:
            view: the chat, which outlives every turn.
            around: the same, as what it shows.
            opening: has the clocks.
        """
        self._view = view
        self._around = around
        self._opening = opening
        self._clock: Timer | None = None
        self._shown: list[str] = []
        self.players = Players(lambda: Player(view, opening.now, self))
        self.transcript = Transcript(wall=opening.wall)
        self.attachments = AttachmentBar()
        self.transcript.display = self.attachments.display = False
        self.mounted = view.mount(self.transcript, self.attachments, before=around.composer)
        """Done when they are on the screen."""

    @property
    def player(self) -> Player:
        """The player that is looked at."""
        return self.players.current

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
                    self._around.status.model = reply.model
                self.transcript.update(self._entry(reply))
                self.tick()
            case _:
                self.tick()

    def last_reply(self) -> Message | None:
        """See the chat."""
        return self._last(Role.ASSISTANT)

    def last_prompt(self) -> Message | None:
        """See the chat."""
        return self._last(Role.USER)

    def _last(self, role: Role) -> Message | None:
        session = self.player.session
        return session.conversation.last(role) if session is not None else None

    def turn_ended(self, player: Player) -> None:
        """See `Watcher`."""
        seen = player is self.player
        if seen and self._clock is not None:
            self._clock.stop()
            self._clock = None
        self.tick()
        if player.session is not None:
            reply = player.session.conversation.last(Role.ASSISTANT)
            self._view.post_message(TurnEnded(player.session, reply, seen))

    def turn_troubled(self, player: Player, reason: str) -> None:
        """See `Watcher`."""
        self._view.post_message(TurnTroubled(reason))

    def _run_clock(self) -> None:
        """Ticks while the turn that is looked at runs."""
        if self._clock is not None:
            self._clock.stop()
        self._clock = self._view.set_interval(_TICK_S, self.tick) if self.player.running else None

    def tick(self) -> None:
        """Brings the state up to date; each second while a turn is running, and never without one."""
        now, player = self._opening.now(), self.player
        self._around.status.state = self.player.progress.label(now, player.quiet_s)
        if player.turn is not None and player.live_id:
            self.transcript.set_waiting(player.live_id, self.player.progress.at_cursor(now, player.quiet_s))

    def sync(self) -> None:
        """Makes the transcript show the conversation's path: what is the same stays, the rest is replaced."""
        if self.player.session is None:
            return
        path = shown_path(self.player.session.conversation)
        self._around.welcome(empty=not path)
        self.transcript.display = bool(path)
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
