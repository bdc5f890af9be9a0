"""Between the SDK and the network: bounds what may come, undoes compression, and tells what passes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from itertools import count
from typing import Final

import httpx2

from llmhub_tui.api.inflate import Inflater
from llmhub_tui.api.redaction import Redactor
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.wire import Answered, Asked, Came, Ended, Headers, How, WireRecord, WireTap

EXCHANGE: Final = "llmhub.exchange"
"""The key under which a response's extensions carry the number of its exchange."""
_MOST_OF_A_FAILURE: Final = 1 << 18
"""Bytes that are read of a response which is no success: what it says fits in less."""
_UNDONE: Final = frozenset({b"content-encoding", b"content-length"})
"""Headers that are no longer true of a body whose compression is undone."""

Tell = Callable[[WireRecord], None]


class WireTransport(httpx2.AsyncBaseTransport):
    """Wraps another transport. Whatever the SDK reads has passed here."""

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, redactor: Redactor, taps: Sequence[WireTap] = ()
    ) -> None:
        """Takes what speaks to the network, what keeps keys out of the records, and who gets them."""
        self._inner = inner
        self._redactor = redactor
        self._taps = taps
        self._numbers = count(1)

    def tell(self, record: WireRecord) -> None:
        """Passes a record on."""
        for tap in self._taps:
            tap.take(record)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends a request; the response's body is bounded, and comes without compression.

        Raises:
            ChatError: for an encoding that was not asked for and is not known.
        """
        number = next(self._numbers)
        self.tell(
            Asked(
                number,
                time.monotonic(),
                request.method,
                self._redactor.text(str(request.url)),
                self._redactor.headers(request.headers.multi_items()),
                self._redactor.text(request.content.decode("utf-8", "replace")),
            )
        )
        try:
            response = await self._inner.handle_async_request(request)
        except httpx2.HTTPError as error:
            detail = self._redactor.text(str(error))
            self.tell(Ended(number, time.monotonic(), How.FAILED, type(error).__name__, detail))
            raise
        except BaseException:
            self.tell(Ended(number, time.monotonic(), How.CLOSED))
            raise
        headers: Headers = self._redactor.headers(response.headers.multi_items())
        self.tell(Answered(number, time.monotonic(), response.status_code, headers))
        try:
            inflater = Inflater(response.headers.get("content-encoding", ""))
        except ChatError:
            self.tell(Ended(number, time.monotonic(), How.CLOSED))
            await response.aclose()
            raise
        kept = _passed_on(response.headers.raw, _UNDONE if inflater.active else frozenset())
        body = _Body(number, response, inflater, self._redactor, self.tell)
        extensions = {**response.extensions, EXCHANGE: number}
        return httpx2.Response(response.status_code, headers=kept, stream=body, extensions=extensions)

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._inner.aclose()


def _passed_on(headers: Iterable[tuple[bytes, bytes]], undone: frozenset[bytes]) -> list[tuple[bytes, bytes]]:
    """Headers as they came, byte for byte: some servers send more than ASCII.

    What is undone is left out, and so is the charset, which a server may choose among all of Python's codecs.
    """
    return [
        (name, value.partition(b";")[0] if name.lower() == b"content-type" else value)
        for name, value in headers
        if name.lower() not in undone
    ]


class _Body(httpx2.AsyncByteStream):
    """A response's body on its way to the SDK."""

    def __init__(
        self, number: int, response: httpx2.Response, inflater: Inflater, redactor: Redactor, tell: Tell
    ) -> None:
        self._number = number
        self._response = response
        self._inflater = inflater
        self._redactor = redactor
        self._clean = redactor.stream()
        self._tell = tell
        self._left = None if response.is_success else _MOST_OF_A_FAILURE
        self._ended = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._response.stream
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise TypeError("the inner transport is asynchronous")
        try:
            async for data in stream:
                for plain in self._inflater.feed(data):
                    self._came(self._clean.feed(plain))
                    yield plain
                    if self._left is not None:
                        self._left -= len(plain)
                        if self._left <= 0:
                            self._end(How.CLOSED)
                            return
        except httpx2.HTTPError as error:
            self._end(How.FAILED, type(error).__name__, self._redactor.text(str(error)))
            raise
        self._end(How.WHOLE)

    async def aclose(self) -> None:
        """Closes the connection, or gives it back where the body was read to its end."""
        self._end(How.CLOSED)
        await self._response.aclose()

    def _came(self, data: bytes) -> None:
        if data:
            self._tell(Came(self._number, time.monotonic(), data))

    def _end(self, how: How, error: str = "", detail: str = "") -> None:
        if not self._ended:
            self._ended = True
            self._came(self._clean.flush())
            self._tell(Ended(self._number, time.monotonic(), how, error, detail))
