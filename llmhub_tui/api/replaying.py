"""A network that is a recording: what a server once sent, in the same pieces and at the same pace."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import httpx2

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.wire import Answered, Asked, Came, Ended, How, WireRecord

_UNDONE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that are not true of a recorded body: it was recorded behind the decompression."""

_TRANSPORT_ERRORS = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.ProxyError,
    httpx2.ReadError,
    httpx2.RemoteProtocolError,
    httpx2.WriteError,
)


@dataclass(slots=True)
class Recorded:
    """One exchange of a recording."""

    asked: Asked
    answered: Answered | None = None
    pieces: list[Came] = field(default_factory=list)
    ended: Ended | None = None


def exchanges_of(records: Iterable[WireRecord]) -> list[Recorded]:
    """A recording's exchanges, in the order in which they began."""
    found: dict[int, Recorded] = {}
    for record in records:
        if isinstance(record, Asked):
            found[record.exchange] = Recorded(record)
        elif (known := found.get(record.exchange)) is not None:
            match record:
                case Answered():
                    known.answered = record
                case Came():
                    known.pieces.append(record)
                case Ended():
                    known.ended = record
                case _:
                    pass
    return list(found.values())


class ReplayTransport(httpx2.AsyncBaseTransport):
    """Answers each request with the next recorded answer to a request of its kind."""

    def __init__(self, exchanges: Iterable[Recorded], speed: float) -> None:
        """Takes the exchanges.

        Args:
            exchanges: in order.
            speed: how many times faster than recorded; 0 for no waiting at all.
        """
        self.left = deque(exchanges)
        """What was not asked for yet."""
        self._speed = speed

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The next answer.

        Raises:
            ChatError: where the recording holds none.
        """
        recorded = self._next(request)
        asked, answered, ended = recorded.asked, recorded.answered, recorded.ended
        if answered is None:
            await self._wait(asked.at, ended.at if ended is not None else asked.at)
            raise _failure(ended)
        await self._wait(asked.at, answered.at)
        headers = [item for item in answered.headers if item[0].lower() not in _UNDONE]
        if answered.status >= 400 and self.left:  # the wait that was recorded, not the one that was asked for
            pause = self.left[0].asked.at - (ended or answered).at
            headers = [item for item in headers if not item[0].lower().startswith("retry-after")]
            headers.append(("retry-after-ms", str(round(1000 * self.scaled(pause)))))
        body = _Body(self, recorded, answered.at)
        sent = [(name.encode(), value.encode("utf-8", "replace")) for name, value in headers]
        return httpx2.Response(answered.status, headers=sent, stream=body)

    def _next(self, request: httpx2.Request) -> Recorded:
        for recorded in self.left:
            same = recorded.asked.method == request.method
            if same and recorded.asked.url.endswith(request.url.path.rsplit("/", 1)[-1]):
                self.left.remove(recorded)
                return recorded
        raise ChatError(
            ErrorKind.SETUP, "the recording holds no answer to this request", advice="It is over."
        )

    def scaled(self, seconds: float) -> float:
        """How long a recorded wait takes here."""
        return max(0.0, seconds) / self._speed if self._speed else 0.0

    async def _wait(self, since: float, until: float) -> None:
        await asyncio.sleep(self.scaled(until - since))


class _Body(httpx2.AsyncByteStream):
    """A recorded body."""

    def __init__(self, transport: ReplayTransport, recorded: Recorded, since: float) -> None:
        self._transport = transport
        self._recorded = recorded
        self._since = since

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        began = loop.time()  # what is late, since its reader takes pauses, does not make the rest late

        async def come(at: float) -> None:
            due = began + self._transport.scaled(at - self._since)
            await asyncio.sleep(max(0.0, due - loop.time()))

        for piece in self._recorded.pieces:
            await come(piece.at)
            yield piece.data
        ended = self._recorded.ended
        if ended is None or ended.how is not How.WHOLE:
            if ended is not None:
                await come(ended.at)
            raise _failure(ended)


def _failure(ended: Ended | None) -> Exception:
    """What ended an exchange that did not come to its own end."""
    if ended is not None and ended.how is How.FAILED:
        known = {kind.__name__: kind for kind in _TRANSPORT_ERRORS}
        return known.get(ended.error, httpx2.ReadError)(ended.detail)
    words = "here the connection was closed from this side, as it was when this was recorded"
    return ChatError(ErrorKind.SETUP, words, advice="The recording holds no more of this reply.")
