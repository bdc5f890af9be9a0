"""One turn: from the request to the one event that ends it, with as many rounds of tools as it takes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind, StorageError
from llmhub_tui.domain.events import (
    Event,
    NotSaved,
    ReasoningArrived,
    ReplyFinished,
    RoundStarted,
    TerminalEvent,
    TextArrived,
    TurnFailed,
    TurnFinished,
    TurnStarted,
    TurnStopped,
)
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.requests import ToolSpec
from llmhub_tui.session.calls import CallRunner
from llmhub_tui.session.exchange import Exchange
from llmhub_tui.session.history import sendable
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.outlet import Outlet
from llmhub_tui.session.plugs import Ports

_LOG: Final = logging.getLogger(__name__)
_CLOSE_S: Final = 0.05
"""How long a stopped stream may take to close before the turn ends without waiting for it."""
_LEAVE_S: Final = 2.0
"""How long a task that does not heed its cancellation is waited for when the turn is left."""
_ASKING: Final = frozenset({Ending.TOOL_CALLS, Ending.LENGTH})
"""Endings after which calls are answered; one that the token limit has cut is answered by an error."""


class Turn:
    """An asynchronous context manager around an asynchronous iterator of events.

    Entering it starts the producer, in a task of its own; leaving it ends the producer, whatever
    happened to the front end. The last event is always one of `TurnFinished`, `TurnStopped` and
    `TurnFailed`, and there is exactly one of them. A reply that asks for tools is followed by their
    results and another reply, each of them a message that is saved as it happens.
    """

    def __init__(
        self,
        conversation: Conversation,
        reply: Message,
        *,
        ports: Ports,
        options: TurnOptions,
        unsaved: str = "",
    ) -> None:
        """Takes the reply as it stands in the conversation.

        Args:
            conversation: gets the finished reply, and all that follows it within this turn.
            reply: in flight, its text being what a continued reply keeps; or finished and with calls
                that were never answered, which the turn then begins with.
            ports: client, disk, time, tools and whom to ask.
            options: model, parameters, tools and patience.
            unsaved: why the prompt could not be saved, if so.
        """
        self._conversation = conversation
        self._reply = reply
        self._ports = ports
        self._options = options
        self._outlet = Outlet()
        self._stop = asyncio.Event()
        self._settled = False
        self._exchange: Exchange | None = None
        self._calls: CallRunner | None = None
        self._work: asyncio.Task[None] | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self.round = 1
        """Counted from one: how often the model was asked, each time with the results of its tools."""
        self._requests = 0
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
        """Stops the reply or the tools that run. Never raises; after the end it does nothing."""
        self._stop.set()
        if self._work is not None:
            self._work.cancel()

    def skip_wait(self) -> None:
        """Ends a retry's countdown now."""
        if self._exchange is not None:
            self._exchange.skip_wait()

    @property
    def requests(self) -> int:
        """How many requests were made so far, in all rounds."""
        return self._requests + (self._exchange.requests if self._exchange is not None else 0)

    @property
    def quiet_s(self) -> float:
        """Seconds since the request left or the last data event came; 0 while tools run."""
        return self._ports.clock.now() - self._exchange.last_data_at if self._exchange is not None else 0.0

    async def _supervise(self, work: asyncio.Task[None]) -> None:
        """Outlives the work, so that the turn ends properly even where the work never ran."""
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await asyncio.wait({work}, timeout=_CLOSE_S)
        finally:
            try:
                await self._settle(work)
            finally:  # whatever happens while it is saved, nobody waits for another event
                self._outlet.close()
                stop.cancel()
                work.cancel()
                await asyncio.wait({work, stop}, timeout=_LEAVE_S)

    async def _settle(self, work: asyncio.Task[None]) -> None:
        last = self._last_event(work)
        if self._calls is not None:
            await self._calls.settle()
        self._settled = True
        self._conversation.update(last.reply)
        self._outlet.put(last)
        if last.reply is self._reply:
            return  # it was saved when it was finished
        try:
            await self._ports.recorder.finish(self._conversation, last.reply)
        except StorageError as error:
            self.unsaved = str(error)

    def _last_event(self, work: asyncio.Task[None]) -> TerminalEvent:
        whole = work.done() and not work.cancelled()
        error = work.exception() if whole else None
        if error is not None and not isinstance(error, ChatError):
            _LOG.error("the turn failed", exc_info=error)
            detail = f"{type(error).__name__}: {error}"
            error = ChatError(ErrorKind.SETUP, f"llmhub-chat failed: {detail}", advice="Please report this.")
        if self._reply.ending is not None:  # while its tools ran, or before
            if error is not None:
                return TurnFailed(replace(self._reply, failure=error.failure()), error)
            return TurnFinished(self._reply) if whole else TurnStopped(self._reply)
        exchange = self._exchange or self._begin_exchange(())
        if error is not None:
            return TurnFailed(exchange.failed(error), error)
        if whole:
            return TurnFinished(exchange.message())
        return TurnStopped(exchange.message(Ending.STOPPED))

    def _emit(self, event: Event) -> None:
        if self._settled:
            return
        match event:
            case TextArrived(text):
                self._ports.recorder.append(self._reply.id, text, "")
            case ReasoningArrived(text):
                self._ports.recorder.append(self._reply.id, "", text)
            case NotSaved(reason):
                self.unsaved = reason
        self._outlet.put(event)

    async def _produce(self) -> None:
        """Asks the model, answers its calls, and asks again, until it stops."""
        offered: tuple[ToolSpec, ...] = ()
        if self._options.tools:
            offered = await self._ports.toolbox.offer(self._options.tools)
        answering = self._reply.ending is not None
        while True:
            if not answering:
                self._exchange = self._begin_exchange(offered)
                await self._exchange.run()
                reply = self._exchange.message()
                if not (offered and reply.tool_calls and reply.ending in _ASKING):
                    return
                await self._keep(reply)
            answering = False
            if self.round >= self._options.rounds:
                raise ChatError(
                    ErrorKind.ROUNDS, f"the model has asked for tools {self.round} times in a row"
                )
            self._calls = CallRunner(self._conversation, self._reply, ports=self._ports, emit=self._emit)
            await self._calls.run()
            await self._next_round(self._calls.last_id)

    def _begin_exchange(self, offered: tuple[ToolSpec, ...]) -> Exchange:
        options = self._options
        if self.round > 1:  # a call that is demanded once more after its result would never end
            options = replace(options, parameters=options.parameters.after_tools())
        history = sendable(self._conversation.before(self._reply.id))
        return Exchange(self._reply, history, offered, ports=self._ports, options=options, emit=self._emit)

    async def _keep(self, reply: Message) -> None:
        """Saves a reply that is whole, before its tools run."""
        if self._exchange is not None:
            self._requests += self._exchange.requests
        self._reply, self._exchange = reply, None
        self._conversation.update(reply)
        self._emit(ReplyFinished(reply))
        try:
            await self._ports.recorder.finish(self._conversation, reply)
        except StorageError as error:
            self._emit(NotSaved(str(error)))

    async def _next_round(self, parent: str) -> None:
        """Adds the next reply."""
        self.round += 1
        clock = self._ports.clock
        self._reply = Message(
            self._ports.new_id(), parent, Role.ASSISTANT, created_at=clock.wall(), model=self._options.model
        )
        self._conversation.add(self._reply)
        self._emit(RoundStarted(self.round, self._options.rounds, self._reply))
        try:
            await self._ports.recorder.begin(self._conversation, [self._reply])
        except StorageError as error:
            self._emit(NotSaved(str(error)))
