"""One request and the reading of its answer, under three clocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Final, assert_never

from llmhub_tui.domain.chunks import (
    Chunk,
    DamageChunk,
    EmptyChunk,
    FinishChunk,
    ModelChunk,
    OpenedChunk,
    ReasoningChunk,
    RecastChunk,
    RefusalChunk,
    TextChunk,
    ToolCallChunk,
    UsageChunk,
)
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.events import (
    Event,
    FirstToken,
    Joined,
    ReasoningArrived,
    Recast,
    TextArrived,
    ToolCallArrived,
    UsageReported,
    Waiting,
)
from llmhub_tui.domain.reply import ReplyBuilder
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.domain.seam import Joint, Seam
from llmhub_tui.domain.words import WordBuffer
from llmhub_tui.session.options import Clocks
from llmhub_tui.session.ports import Client, Clock

HOLD_S: Final = 0.15
"""A word that is not complete after this time is let out anyway."""
_TICK_S: Final = 0.05


class Attempt:
    """Reads one stream into a `ReplyBuilder`, and says what arrives through `emit`.

    Text passes the seam (for a continuation) and the word buffer, so that what is emitted is whole
    words, and what is emitted is exactly what the builder holds.
    """

    def __init__(
        self,
        builder: ReplyBuilder,
        *,
        clock: Clock,
        clocks: Clocks,
        emit: Callable[[Event], None],
        seam: Seam | None = None,
    ) -> None:
        """Takes where the reply goes.

        Args:
            builder: collects the reply over all attempts of a turn.
            clock: the time.
            clocks: how long to wait for what.
            emit: takes each event; must not block.
            seam: where this attempt continues a partial reply.
        """
        self._builder = builder
        self._clock = clock
        self._clocks = clocks
        self._emit = emit
        self._seam = seam
        self._words = WordBuffer()
        self._thoughts = WordBuffer()
        self._started_at = clock.now()
        self._finished_at: float | None = None
        self._got_token = False
        self._joined_at = builder.chars if seam is not None else -1
        """Where the first text of this stream goes; -1 once it is there, or where nothing is joined."""
        self.last_data_at = self._started_at
        """When the last data event came, on the session's clock."""

    async def run(self, client: Client, request: ChatRequest) -> None:
        """Reads to the end of the stream, or until a clock runs out.

        Returns normally where the stream ended, properly or not: the builder knows.

        Raises:
            ChatError: where the client or a clock says so.
        """
        reader = asyncio.create_task(self._read(client, request))
        watch = asyncio.create_task(self._watch())
        try:
            await asyncio.wait({reader, watch}, return_when=asyncio.FIRST_COMPLETED)
            if reader.done():
                await reader
            elif (expired := await watch) is not None:
                raise expired
        finally:
            reader.cancel()
            watch.cancel()
            self._flush()  # before the wait: closing the connection may take longer than the turn waits
            await asyncio.gather(reader, watch, return_exceptions=True)
            self._flush()

    async def _read(self, client: Client, request: ChatRequest) -> None:
        async with aclosing(client.stream(request)) as stream:
            async for chunk in stream:
                self._take(chunk)

    async def _watch(self) -> ChatError | None:
        """Lets out words that were held too long; returns when a clock has run out."""
        while True:
            now = self._clock.now()
            for words, show in ((self._words, self._show_text), (self._thoughts, self._show_reasoning)):
                if words.since is not None and now - words.since >= HOLD_S - _TICK_S:
                    show(words.flush())
            if self._finished_at is not None:
                if now - self._finished_at >= self._clocks.grace_s:
                    return None
            elif (error := self._expired(now)) is not None:
                return error
            await self._clock.sleep(_TICK_S)

    def _expired(self, now: float) -> ChatError | None:
        clocks = self._clocks
        if not self._got_token:
            if now - self._started_at < clocks.first_token_s:
                return None
            return ChatError(
                ErrorKind.TIMEOUT_START,
                f"timeout: no first token after {clocks.first_token_s:g} s of waiting",
            )
        if now - self.last_data_at < clocks.silence_s:
            return None
        return ChatError(
            ErrorKind.TIMEOUT_SILENCE, f"timeout: no data for {clocks.silence_s:g} s in mid-reply"
        )

    def _take(self, chunk: Chunk) -> None:
        now = self.last_data_at = self._clock.now()
        match chunk:
            case TextChunk(text):
                self._token(now)
                self._show_text(self._words.feed(self._behind_seam(text), now))
            case RefusalChunk(text):
                self._token(now)
                self._builder.refusal += text
            case RecastChunk():
                self._show_text(self._words.flush())
                self._builder.recast()
                self._emit(Recast())
            case ReasoningChunk(text):
                self._token(now)
                self._show_reasoning(self._thoughts.feed(text, now))
            case ToolCallChunk():
                self._token(now)
                self._emit(ToolCallArrived(chunk.index, self._builder.add_call(chunk)))
            case UsageChunk(usage):
                self._builder.usage = usage
                self._emit(UsageReported(usage))
            case ModelChunk(model):
                self._builder.model = model
            case FinishChunk(reason):
                self._builder.finish(reason)
                self._finished_at = now
            case OpenedChunk():
                self._emit(Waiting())
            case DamageChunk(detail):
                self._builder.damage = self._builder.damage or detail
            case EmptyChunk():
                pass
            case _ as never:
                assert_never(never)

    def _behind_seam(self, text: str) -> str:
        if self._seam is None:
            return text
        text = self._seam.feed(text)
        if self._seam.joint is Joint.DIVERGED:
            raise ChatError(ErrorKind.RESTARTED, "the server began the reply anew instead of continuing it")
        return text

    def _token(self, now: float) -> None:
        if not self._got_token:
            self._got_token = True
            self._emit(FirstToken(now - self._started_at))

    def _show_text(self, text: str) -> None:
        if text:
            if self._joined_at >= 0:
                self._builder.add_seam()
                self._emit(Joined(self._joined_at))
                self._joined_at = -1
            self._builder.add_text(text)
            self._emit(TextArrived(text))

    def _show_reasoning(self, text: str) -> None:
        if text:
            self._builder.add_reasoning(text)
            self._emit(ReasoningArrived(text))

    def _flush(self) -> None:
        """Lets out all that is still held; the stream is over."""
        if self._seam is not None:
            rest = self._seam.flush()
            if self._seam.joint is not Joint.DIVERGED:
                self._show_text(self._words.feed(rest, 0.0))
        self._show_text(self._words.flush())
        self._show_reasoning(self._thoughts.flush())
