"""The chat itself: prompts become turns, and turns become what the transcript shows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message as Posted
from textual.timer import Timer
from textual.worker import Worker

from llmhub_tui.domain.endings import Remedy, remedy
from llmhub_tui.domain.events import (
    Event,
    NotSaved,
    ReasoningArrived,
    TextArrived,
    ToolCallArrived,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
)
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.tui.progress import Phase, Progress
from llmhub_tui.tui.widgets.banner import Banner
from llmhub_tui.tui.widgets.composer import Composer
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.status import StatusLine
from llmhub_tui.tui.widgets.transcript import Transcript
from llmhub_tui.tui.workspace import Opening

if TYPE_CHECKING:
    from llmhub_tui.session.session import Session
    from llmhub_tui.session.turn import Turn

    MakeTurn = Callable[[Session], Awaitable[Turn]]


class ChatView(Vertical):
    """Transcript, composer and status line around one session.

    Messages go up (`Troubled`); the app calls `open`, `send`, `stop`, `retry`, `resume`.
    """

    @dataclass
    class Troubled(Posted):
        """Something could not be saved."""

        reason: str

    def __init__(self, opening: Opening) -> None:
        """Takes what the first frame shows."""
        super().__init__()
        self._opening = opening
        self._session: Session | None = None
        self._opened = asyncio.Event()
        self._turn: Turn | None = None
        self._worker: Worker[None] | None = None
        self._clock: Timer | None = None
        self._shown: list[str] = []
        self.progress = Progress()

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        banner = Banner()
        banner.display = False
        yield banner
        yield Transcript(wall=self._opening.wall)
        yield Composer(placeholder="Type a prompt; Enter sends it")
        yield StatusLine()

    def on_mount(self) -> None:
        """Shows what is known before anything is loaded."""
        self.transcript = self.query_one(Transcript)
        self.composer = self.query_one(Composer)
        self.status = self.query_one(StatusLine)
        self.tell(self._opening)
        self.composer.focus()
        self._tick()

    @property
    def opened(self) -> bool:
        """Whether a session is there."""
        return self._opened.is_set()

    @property
    def running(self) -> bool:
        """Whether a turn is on its way."""
        return self._worker is not None and not self._worker.is_finished

    def tell(self, opening: Opening) -> None:
        """Shows model, profile and banner."""
        self.status.model = opening.model
        self.status.profile = opening.profile
        self.query_one(Banner).tell(opening.banner)

    def open(self, session: Session) -> None:
        """Shows a session; prompts that were sent meanwhile go to it."""
        self._session = session
        self._shown = []
        self.transcript.show([])
        self._sync()
        self.progress.ended = ""
        self._opened.set()
        self._tick()

    def start(self, make: MakeTurn) -> None:
        """Runs a turn; the caller has made sure that none is running."""
        self._worker = self.run_worker(self._play(make), group="turn", exit_on_error=True)

    def stop(self) -> bool:
        """Stops the turn, if one runs; says whether one did."""
        if not self.running or self._worker is None:
            return False
        self.progress.stopping()
        if self._turn is not None:
            self._turn.cancel()
        else:
            self._worker.cancel()
        self._tick()
        return True

    async def stopped(self) -> None:
        """Returns when no turn is running any more."""
        if self._worker is not None and not self._worker.is_finished:
            await asyncio.wait({asyncio.ensure_future(self._worker.wait())})

    def skip_wait(self) -> bool:
        """Ends the countdown of a retry; says whether one was running."""
        if self._turn is None or self.progress.phase is not Phase.PAUSED:
            return False
        self._turn.skip_wait()
        return True

    def last_reply(self) -> Message | None:
        """The last reply on the path."""
        return self._session.conversation.last(Role.ASSISTANT) if self._session else None

    def step_attempt(self, key: str, step: int) -> Message | None:
        """Shows the attempt before or after this one, if there is one; returns it."""
        if self._session is None or self.running:
            return None
        conversation = self._session.conversation
        siblings = conversation.siblings(key)
        at = siblings.index(key) + step
        if not 0 <= at < len(siblings):
            return None
        conversation.choose(siblings[at])
        self._sync()
        return conversation[siblings[at]]

    async def _play(self, make: MakeTurn) -> None:
        self.progress.begin(self._opening.now())
        self._clock = self.set_interval(0.5, self._tick)
        try:
            await self._opened.wait()
            if self._session is None:
                return
            turn = await make(self._session)
            async with turn:
                self._turn = turn
                if self.progress.phase is Phase.STOPPING:
                    turn.cancel()
                async for event in turn:
                    self._show(event)
            if turn.unsaved:
                self.post_message(self.Troubled(turn.unsaved))
        finally:
            self._turn = None
            self._clock.stop()
            self.progress.phase = Phase.IDLE
            self._tick()

    def _show(self, event: Event) -> None:
        self.progress.take(event, self._opening.now())
        match event:
            case TurnStarted(reply):
                self._sync(live=reply.id)
            case TextArrived(text):
                self.transcript.write(self._shown[-1], text)
            case ReasoningArrived(text):
                self.transcript.write_reasoning(self._shown[-1], text)
            case ToolCallArrived(index, call):
                self.transcript.set_call(self._shown[-1], index, call)
            case NotSaved(reason):
                self.post_message(self.Troubled(reason))
            case TurnFinished(reply) | TurnStopped(reply) | TurnFailed(reply, _):
                if reply.model:
                    self.status.model = reply.model
                self.transcript.update(self._entry(reply))
                self._tick()
            case _:
                self._tick()

    def _tick(self) -> None:
        """Brings the state up to date; twice a second while a turn is running, and never without one."""
        now = self._opening.now()
        quiet_s = self._turn.quiet_s if self._turn is not None else 0.0
        self.status.state = self.progress.label(now, quiet_s)
        if self._turn is not None and self._shown:
            self.transcript.set_waiting(self._shown[-1], self.progress.at_cursor(now, quiet_s))

    def _sync(self, live: str = "") -> None:
        """Makes the transcript show the conversation's path: what is the same stays, the rest is replaced."""
        if self._session is None:
            return
        path = self._session.conversation.path()
        pairs = zip(self._shown, path, strict=False)
        same = next((at for at, (key, message) in enumerate(pairs) if key != message.id), None)
        if same is None:
            same = min(len(self._shown), len(path))
        if not same:
            self.transcript.show([self._entry(message, live) for message in path])
        else:
            if same < len(self._shown):
                self.transcript.remove_from(self._shown[same])
            for message in path[same:]:
                self.transcript.add(self._entry(message, live))
        self._shown = [message.id for message in path]

    def _entry(self, message: Message, live: str = "") -> Entry:
        if self._session is None:
            return Entry(message)
        place = self._session.conversation.place(message.id)
        return Entry(message, place.attempt, place.attempts, live=message.id == live)


def can_continue(reply: Message | None) -> bool:
    """Whether a reply has an end that is not its own."""
    return (
        reply is not None
        and reply.ending is not None
        and remedy(reply.ending) is Remedy.CONTINUE
        and bool(reply.text)
    )
