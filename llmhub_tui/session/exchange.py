"""One reply: asked for, asked for again where that is right, until it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError, ErrorKind, refuses_tools
from llmhub_tui.domain.events import Connecting, Event, Resuming, RetryScheduled
from llmhub_tui.domain.messages import Failure, Message, Role
from llmhub_tui.domain.reply import ReplyBuilder
from llmhub_tui.domain.requests import ChatRequest, ToolSpec
from llmhub_tui.domain.seam import Seam
from llmhub_tui.session.attempt import Attempt
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.plugs import Ports

_RESUMABLE: Final = frozenset({ErrorKind.NETWORK, ErrorKind.TIMEOUT_SILENCE, ErrorKind.TIMEOUT_CONNECT})


class Exchange:
    """Fills one reply message, over as many requests as it takes."""

    def __init__(
        self,
        reply: Message,
        history: tuple[Message, ...],
        tools: tuple[ToolSpec, ...],
        *,
        ports: Ports,
        options: TurnOptions,
        emit: Callable[[Event], None],
    ) -> None:
        """Takes the reply as it stands in the conversation, and what leads to it.

        Args:
            reply: in flight; its text is what a continued reply keeps.
            history: the messages to send, oldest first, without the reply.
            tools: offered to the model.
            ports: client, disk and time.
            options: model, parameters and patience.
            emit: takes each event; must not block.
        """
        self.reply = reply
        self._history = history
        self._tools = tools
        self._ports = ports
        self._options = options
        self._emit = emit
        self._builder = ReplyBuilder(reply)
        self._cut = False
        self._waited_s = 0.0
        self._skip = asyncio.Event()
        self._began_at = ports.clock.now()
        self._attempt: Attempt | None = None
        self.requests = 0
        """How many requests were made so far."""

    @property
    def last_data_at(self) -> float:
        """When the request left or the last data event came, on the session's clock."""
        return self._attempt.last_data_at if self._attempt is not None else self._began_at

    def skip_wait(self) -> None:
        """Ends a retry's countdown now."""
        self._skip.set()

    def message(self, ending: Ending | None = None, error: ChatError | None = None) -> Message:
        """The reply as it stands, with the ending given or else its own."""
        ending = self._builder.ending() if ending is None else ending
        failure = error.failure() if error is not None else None
        if ending is Ending.REFUSAL and self._builder.refusal:
            failure = Failure("refusal", self._builder.refusal)
        duration_s = self._ports.clock.now() - self._began_at
        return self._builder.message(ending, duration_s=duration_s, failure=failure)

    def failed(self, error: ChatError) -> Message:
        """The reply as an error has left it."""
        lost = self._cut or (self._builder.started and error.kind in _RESUMABLE)
        return self.message(Ending.INCOMPLETE if lost else Ending.ERROR, error)

    async def run(self) -> None:
        """Asks until the reply is there.

        Raises:
            ChatError: for what another request cannot mend.
        """
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
            if self._tools and refuses_tools(error):
                raise ChatError(ErrorKind.TOOLS, error.message, status=error.status)
            if self._builder.has_calls:
                self._builder.drop_calls()
            if self._builder.chars == self._builder.kept_chars:
                failures += 1
                wait_s = self._delay(error, failures)
                if wait_s is None:
                    raise error
                self._builder.start_over()
                self._emit(RetryScheduled(wait_s, self.requests + 1, error))
            else:
                self._cut = self._cut or error.kind in _RESUMABLE
                resumes += 1
                wait_s = self._delay(_again(error), resumes) if self._resumable(error) else None
                if wait_s is None or resumes > self._options.resumes:
                    raise error
                self._emit(Resuming(self._builder.chars, wait_s, error))
            self._waited_s += wait_s
            await self._pause(wait_s)

    def _delay(self, error: ChatError, attempts: int) -> float | None:
        return self._options.retry.delay(error, attempts, self._ports.jitter(), waited_s=self._waited_s)

    def _resumable(self, error: ChatError) -> bool:
        """Whether the rest may come yet: the connection was lost, and perhaps the server is not back."""
        return error.kind in _RESUMABLE or (self._cut and error.retryable)

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
            messages = (*messages, replace(self.reply, role=Role.ASSISTANT, text=partial))
        return ChatRequest(
            model=options.model,
            messages=messages,
            system=options.system,
            parameters=options.parameters,
            tools=self._tools,
            stream=options.stream,
            connect_s=options.clocks.connect_s,
            in_words=options.in_words,
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
