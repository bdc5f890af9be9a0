"""Plays the turns of one conversation, whether anybody looks at it or not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from textual.widget import Widget
from textual.worker import Worker

from llmhub_tui.domain.events import (
    Event,
    Joined,
    NotSaved,
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
from llmhub_tui.domain.messages import Message, ToolCall
from llmhub_tui.tui.progress import Phase, Progress
from llmhub_tui.tui.widgets.entries import CallState

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.session.turn import Turn

    MakeTurn = Callable[[Session], Awaitable[Turn]]


class Watcher(Protocol):
    """What is told of a player's turns. A player that nobody looks at goes on playing."""

    def turn_began(self, player: Player) -> None:
        """A turn is on its way."""
        ...

    def turn_showed(self, player: Player, event: Event) -> None:
        """The player has taken an event."""
        ...

    def turn_ended(self, player: Player) -> None:
        """The turn is over, however it ended."""
        ...

    def turn_troubled(self, player: Player, reason: str) -> None:
        """Something of the turn could not be saved."""
        ...


@dataclass(slots=True)
class _Live:
    """The reply in flight as far as it has arrived."""

    reply: Message
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: dict[int, ToolCall] = field(default_factory=dict)
    seams: list[int] = field(default_factory=list)

    def recast(self) -> None:
        """What came as text was reasoning."""
        self.reasoning += self.text
        self.text.clear()
        self.seams.clear()

    def message(self) -> Message:
        """The reply as it stands."""
        return replace(
            self.reply,
            text=self.reply.text + "".join(self.text),
            reasoning=self.reply.reasoning + "".join(self.reasoning),
            tool_calls=tuple(call for _, call in sorted(self.calls.items())),
            seams=(*self.reply.seams, *self.seams),
        )


class Player:
    """A session and the turn that runs in it, if one does."""

    def __init__(self, host: Widget, now: Callable[[], float], watcher: Watcher) -> None:
        """Begins without a session, so that a prompt can be sent before there is one.

        Args:
            host: owns the workers; it outlives every turn.
            now: the clock of what is shown, in seconds.
            watcher: is told of everything.
        """
        self._host = host
        self._now = now
        self._watcher = watcher
        self._opened = asyncio.Event()
        self._worker: Worker[None] | None = None
        self._live: _Live | None = None
        self._making = False
        self.session: Session | None = None
        self.turn: Turn | None = None
        self.progress = Progress()
        self.answering = False
        """Whether the turn is with the calls of the last reply."""
        self.calls: dict[str, CallState] = {}
        """The tool calls that are being answered, by the message that will hold the result."""
        self.unsaved = ""
        """Why the last turn is not on the disk; empty when it is."""

    @property
    def opened(self) -> bool:
        """Whether a session is there."""
        return self._opened.is_set()

    @property
    def running(self) -> bool:
        """Whether a turn is on its way."""
        return self._worker is not None and not self._worker.is_finished

    @property
    def needed(self) -> bool:
        """Whether there is more here than on the disk: the reply is not, or not yet, saved."""
        return self.running or bool(self.unsaved)

    @property
    def live_id(self) -> str:
        """The id of the reply in flight; empty for none."""
        return self._live.reply.id if self._live is not None else ""

    @property
    def quiet_s(self) -> float:
        """Seconds since the last data of the running turn came."""
        return self.turn.quiet_s if self.turn is not None else 0.0

    def open(self, session: Session) -> None:
        """Takes the session; prompts that were sent meanwhile go to it."""
        self.session = session
        self._opened.set()

    def current(self, message: Message) -> Message:
        """A message as it stands: the reply in flight with all that has arrived of it."""
        return self._live.message() if self._live is not None and message.id == self.live_id else message

    def start(self, make: MakeTurn, unsent: Callable[[], None] | None = None) -> None:
        """Runs a turn; the caller has made sure that none is running.

        Args:
            make: makes the turn, once there is a session.
            unsent: called if it came to no turn.
        """
        self._making = False
        self._worker = self._host.run_worker(self._play(make, unsent), group="turn", exit_on_error=True)

    def stop(self) -> bool:
        """Stops the turn, if one runs; says whether one did."""
        if not self.running or self._worker is None:
            return False
        self.progress.stopping()
        if self.turn is not None:
            self.turn.cancel()
        elif not self._making:  # else the prompt is on its way to the disk, and the turn is stopped there
            self._worker.cancel()
        return True

    async def stopped(self) -> None:
        """Returns when no turn is running any more."""
        if self._worker is not None and not self._worker.is_finished:
            await asyncio.wait({asyncio.ensure_future(self._worker.wait())})

    @property
    def counting_down(self) -> bool:
        """Whether the next try of a turn is being waited for."""
        return self.turn is not None and self.progress.phase is Phase.PAUSED

    def skip_wait(self) -> bool:
        """Ends the countdown of a retry; says whether one was running."""
        if self.turn is None or not self.counting_down:
            return False
        self.turn.skip_wait()
        return True

    async def _play(self, make: MakeTurn, unsent: Callable[[], None] | None) -> None:
        made = False
        self.progress.begin(self._now())
        self._watcher.turn_began(self)
        try:
            await self._opened.wait()
            if self.session is None:
                return
            self._making = True
            turn = await make(self.session)
            made = True
            async with turn:
                self.turn = turn
                if self.progress.phase is Phase.STOPPING:
                    turn.cancel()
                async for event in turn:
                    self._take(event)
            self.unsaved = turn.unsaved
            if turn.unsaved:
                self._watcher.turn_troubled(self, turn.unsaved)
        finally:
            self.turn = self._live = None
            self.answering = False
            self.calls.clear()
            self.progress.phase = Phase.IDLE
            if not made and unsent is not None:
                unsent()
            self._watcher.turn_ended(self)

    def _take(self, event: Event) -> None:
        self.progress.take(event, self._now())
        match event:
            case TurnStarted(reply) | RoundStarted(_, _, reply):
                self._live = _Live(reply) if reply.ending is None else None
                self.answering = reply.ending is not None
            case ReplyFinished():
                self._live, self.answering = None, True
            case ToolRequested(message, _):
                self.calls[message.id] = CallState.ASKING
            case ToolStarted(message, _):
                self.calls[message.id] = CallState.RUNNING
            case ToolFinished(message, _):
                self.calls.pop(message.id, None)
            case TextArrived(text) if self._live is not None:
                self._live.text.append(text)
            case ReasoningArrived(text) if self._live is not None:
                self._live.reasoning.append(text)
            case Recast() if self._live is not None:
                self._live.recast()
            case Joined(at) if self._live is not None:
                self._live.seams.append(at)
            case ToolCallArrived(index, call) if self._live is not None:
                self._live.calls[index] = call
            case NotSaved(reason):
                self._watcher.turn_troubled(self, reason)
            case TurnFinished() | TurnStopped() | TurnFailed():
                self._live, self.answering = None, False
            case _:
                pass
        self._watcher.turn_showed(self, event)
