"""One turn: from the request to the one event that ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Self

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind, StorageError
from llmhub_tui.domain.events import (
    Connecting,
    Event,
    NotSaved,
    ReasoningArrived,
    Resuming,
    RetryScheduled,
    TerminalEvent,
    TextArrived,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
)
from llmhub_tui.domain.messages import Failure, Message, Role
from llmhub_tui.domain.reply import ReplyBuilder
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.domain.seam import Seam
from llmhub_tui.session.attempt import Attempt
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.outlet import Outlet
from llmhub_tui.session.ports import Client, Clock, Recorder

_CLOSE_S: Final = 0.05
"""How long a stopped stream may take to close before the turn ends without waiting for it."""
_LEAVE_S: Final = 2.0
"""How long a task that does not heed its cancellation is waited for when the turn is left."""
_RESUMABLE: Final = frozenset({ErrorKind.NETWORK, ErrorKind.TIMEOUT_SILENCE, ErrorKind.TIMEOUT_CONNECT})


@dataclass(frozen=True, slots=True)
class Ports:
    """What a turn works with."""

    client: Client
    recorder: Recorder
    clock: Clock
    jitter: Callable[[], float]
    """A random number in [0, 1)."""


class Turn:
    """An asynchronous context manager around an asynchronous iterator of events.

    Entering it starts the producer, in a task of its own; leaving it ends the producer, whatever
    happened to the front end. The last event is always one of `TurnFinished`, `TurnStopped` and
    `TurnFailed`, and there is exactly one of them.
    """

    def __init__(
        self,
        conversation: Conversation,
        reply: Message,
        history: tuple[Message, ...],
        *,
        ports: Ports,
        options: TurnOptions,
        unsaved: str = "",
    ) -> None:
        """Takes the reply as it stands in the conversation, and what leads to it.

        Args:
            conversation: gets the finished reply.
            reply: in flight; its text is what a continued reply keeps.
            history: the messages to send, oldest first, without the reply.
            ports: client, disk and time.
            options: model, parameters and patience.
            unsaved: why the prompt could not be saved, if so.
        """
        self._conversation = conversation
        self._reply = reply
        self._history = history
        self._ports = ports
        self._options = options
        self._builder = ReplyBuilder(reply)
        self._outlet = Outlet()
        self._skip = asyncio.Event()
        self._stop = asyncio.Event()
        self._cut = False
        self._settled = False
        self._began_at = ports.clock.now()
        self._attempt: Attempt | None = None
        self._work: asyncio.Task[None] | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self.requests = 0
        """How many requests were made so far."""
        self.unsaved = unsaved
        """Why the reply or its prompt is not on the disk; empty when all is well."""

    async def __aenter__(self) -> Self:
        self._emit(TurnStarted(self._reply))
        if self.unsaved:
            self._emit(NotSaved(self.unsaved))
        self._work = asyncio.create_task(self._produce(), name="turn")
        self._supervisor = asyncio.create_task(self._supervise(self._work), name="turn supervisor")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cancel()
        if self._supervisor is not None:
            await self._supervisor

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        event = await self._outlet.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def cancel(self) -> None:
        """Stops the reply. Never raises; after the end it does nothing."""
        self._stop.set()
        if self._work is not None:
            self._work.cancel()

    def skip_wait(self) -> None:
        """Ends a retry's countdown now."""
        self._skip.set()

    @property
    def quiet_s(self) -> float:
        """Seconds since the request left or the last data event came."""
        since = self._attempt.last_data_at if self._attempt is not None else self._began_at
        return self._ports.clock.now() - since

    @property
    def elapsed_s(self) -> float:
        """Seconds since the turn began."""
        return self._ports.clock.now() - self._began_at

    async def _supervise(self, work: asyncio.Task[None]) -> None:
        """Outlives the work, so that the turn ends properly even where the work never ran."""
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await asyncio.wait({work}, timeout=_CLOSE_S)
        finally:
            await self._settle(work)
            self._outlet.close()
            stop.cancel()
            work.cancel()
            await asyncio.wait({work, stop}, timeout=_LEAVE_S)

    async def _settle(self, work: asyncio.Task[None]) -> None:
        last = self._last_event(work)
        self._settled = True
        self._conversation.update(last.reply)
        self._outlet.put(last)
        try:
            await self._ports.recorder.finish(self._conversation, last.reply)
        except StorageError as error:
            self.unsaved = str(error)

    def _last_event(self, work: asyncio.Task[None]) -> TerminalEvent:
        error = work.exception() if work.done() and not work.cancelled() else None
        if error is None and work.done() and not work.cancelled():
            return TurnFinished(self._message(self._builder.ending()))
        if error is None:
            return TurnStopped(self._message(Ending.STOPPED))
        if not isinstance(error, ChatError):
            detail = f"{type(error).__name__}: {error}"
            error = ChatError(ErrorKind.SETUP, f"llmhub-chat failed: {detail}", advice="Please report this.")
        lost = self._cut or (self._builder.started and error.kind in _RESUMABLE)
        return TurnFailed(self._message(Ending.INCOMPLETE if lost else Ending.ERROR, error), error)

    def _message(self, ending: Ending, error: ChatError | None = None) -> Message:
        failure = error.failure() if error is not None else None
        if ending is Ending.REFUSAL and self._builder.refusal:
            failure = Failure("refusal", self._builder.refusal)
        return self._builder.message(ending, duration_s=self.elapsed_s, failure=failure)

    def _emit(self, event: Event) -> None:
        if self._settled:
            return
        if isinstance(event, TextArrived):
            self._ports.recorder.append(self._reply.id, event.text, "")
        elif isinstance(event, ReasoningArrived):
            self._ports.recorder.append(self._reply.id, "", event.text)
        self._outlet.put(event)

    async def _produce(self) -> None:
        """Asks, and asks again where that is right, until the reply is there."""
        failures = resumes = 0
        while True:
            error = await self._ask()
            if self._builder.finished:
                return
            if error is None and not self._builder.started:
                self._builder.finish(None)  # a stream that ends properly and says nothing
                return
            error = error or ChatError(
                ErrorKind.NETWORK, "the connection was closed before the reply was finished"
            )
            if self._builder.has_calls:
                self._builder.drop_calls()
            if self._builder.chars == self._builder.kept_chars:
                failures += 1
                self._builder.drop_reasoning()
                wait_s = self._options.retry.delay(error, failures, self._ports.jitter())
                if wait_s is None:
                    raise error
                self._emit(RetryScheduled(wait_s, self.requests + 1, error))
            else:
                self._cut = self._cut or error.kind in _RESUMABLE
                resumes += 1
                if resumes > self._options.resumes or error.kind not in _RESUMABLE:
                    raise error
                wait_s = self._options.retry.delay(_again(error), resumes, self._ports.jitter()) or 0.0
                self._emit(Resuming(self._builder.chars, wait_s, error))
            await self._pause(wait_s)

    async def _ask(self) -> ChatError | None:
        """Makes one request and reads its answer; returns what went wrong."""
        self.requests += 1
        self._emit(Connecting(self.requests))
        partial = self._builder.text
        self._attempt = Attempt(
            self._builder,
            clock=self._ports.clock,
            clocks=self._options.clocks,
            emit=self._emit,
            seam=Seam(partial) if partial else None,
        )
        try:
            await self._attempt.run(self._ports.client, self._request(partial))
        except ChatError as error:
            return error
        return None

    def _request(self, partial: str) -> ChatRequest:
        options = self._options
        messages = self._history
        if partial:
            messages = (*messages, replace(self._reply, role=Role.ASSISTANT, text=partial))
        return ChatRequest(
            model=options.model,
            messages=messages,
            system=options.system,
            parameters=options.parameters,
            stream=options.stream,
            connect_s=options.clocks.connect_s,
        )

    async def _pause(self, seconds: float) -> None:
        """Waits, unless the user does not want to."""
        self._skip.clear()
        skip = asyncio.create_task(self._skip.wait())
        nap = asyncio.create_task(self._ports.clock.sleep(seconds))
        try:
            await asyncio.wait({skip, nap}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            skip.cancel()
            nap.cancel()
            await asyncio.gather(skip, nap, return_exceptions=True)


def _again(error: ChatError) -> ChatError:
    """The error as one that may be retried: a lost connection in mid-reply always may."""
    return ChatError(error.kind, error.message, retry_after_s=error.retry_after_s, retryable=True)
