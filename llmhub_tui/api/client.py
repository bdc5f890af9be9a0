"""The client: requests go out through the SDK, answers are read by our own decoder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import Any, Final

import httpx2
import openai
from openai import AsyncAPIResponse, AsyncOpenAI

from llmhub_tui.api.continuation import Continuer
from llmhub_tui.api.decode import ChunkDecoder
from llmhub_tui.api.diagnosis import unlike_a_reply
from llmhub_tui.api.endpoint import Endpoint, transport_to
from llmhub_tui.api.failures import LIBRARY_ERRORS, translated
from llmhub_tui.api.gulps import Gulps
from llmhub_tui.api.models import ModelList, read_models
from llmhub_tui.api.request import body_of
from llmhub_tui.api.sse import EventReader
from llmhub_tui.api.transport import EXCHANGE
from llmhub_tui.domain.chunks import Chunk, OpenedChunk, ReasoningChunk, TextChunk, ToolCallChunk, UsageChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.domain.wire import Counted, Spoke, WireTap

_LIST_S: Final = 30.0
"""Seconds that a list of models may take."""
_LOOK_S: Final = 2.0
"""Seconds for finding out what kind of server it is; without an answer it is taken for an unknown one."""
_DRAIN_S: Final = 0.05
_ADAPTABLE: Final = (400, 404, 415, 422)
"""Statuses with which servers reject a field that they do not know."""


class ChatClient:
    """One server. It remembers what the server rejects, and leaves that out from then on."""

    def __init__(
        self,
        endpoint: Endpoint,
        taps: Sequence[WireTap] = (),
        *,
        network: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepares the connection pool; nothing is sent yet.

        Args:
            endpoint: the server.
            taps: are told of everything that passes.
            network: answers instead of a server, such as a recording.

        Raises:
            ChatError: if the key would travel in the clear, or proxy or CA file cannot be used.
        """
        self._endpoint = endpoint
        self._wire = transport_to(endpoint, taps, network)
        self._headers = endpoint.all_headers
        self._http = httpx2.AsyncClient(trust_env=False, transport=self._wire, follow_redirects=False)
        self._sdk = AsyncOpenAI(
            api_key=endpoint.key.reveal() if endpoint.key is not None else "none",
            base_url=endpoint.base_url,
            http_client=self._http,
            max_retries=0,
        )
        self._continuer = Continuer(endpoint.continuation, endpoint.base_url)
        self._first_model = ""
        self._usage_refused = False
        self._new_limit_name = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Sends a request and yields the reply as it arrives; see `session.ports.Client`."""
        if _continues(request) and not request.in_words and not self._continuer.settled:
            await self._look()
        body = self._body(request, request.model or await self._default_model())
        async with AsyncExitStack() as stack:
            response = await self._open(request, body, stack)
            raw = response.http_response
            self._continuer.learn([raw.headers.get("server", "")])
            yield OpenedChunk(request.stream)
            reader, decoder = EventReader(), ChunkDecoder()
            try:
                pieces = raw.aiter_raw()
                async for data in Gulps(pieces):
                    for event in reader.feed(data):
                        for chunk in decoder.decode(event):
                            self._note(chunk, raw)
                            yield chunk
                        if decoder.done:
                            await _drain(pieces)
                            return
                for event in reader.flush():
                    for chunk in decoder.decode(event):
                        self._note(chunk, raw)
                        yield chunk
            except (ChatError, *LIBRARY_ERRORS) as error:
                for chunk in decoder.flush():
                    yield chunk
                if isinstance(error, ChatError):
                    raise
                raise translated(error, self._endpoint) from error
            for chunk in decoder.flush():
                yield chunk
            if not decoder.recognized:
                self._explain(reader, raw)

    async def models(self) -> list[str]:
        """The names of the server's models.

        Raises:
            ChatError: for every failure.
        """
        return list((await self._list(_LIST_S)).names)

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._http.aclose()

    async def _list(self, seconds: float) -> ModelList:
        try:
            async with asyncio.timeout(seconds):
                response = await self._sdk.models.with_raw_response.list(
                    extra_headers=self._headers, timeout=None
                )
        except TimeoutError as error:
            message = f"the list of models did not come within {seconds:g} s"
            raise ChatError(ErrorKind.TIMEOUT_START, message) from error
        except LIBRARY_ERRORS as error:
            raise translated(error, self._endpoint) from error
        found = read_models(response.content)
        self._continuer.learn([response.headers.get("server", ""), *found.owners])
        self._continuer.settled = True
        return found

    async def _look(self) -> None:
        """Finds out what kind of server it is, once, before it is asked to go on with a reply."""
        with suppress(ChatError):  # then it is an unknown one
            await self._list(_LOOK_S)
        self._continuer.settled = True

    async def _default_model(self) -> str:
        if not self._first_model:
            names = await self.models()
            if not names:
                raise ChatError(
                    ErrorKind.MODEL,
                    "the server names no model",
                    advice="Name one with -m or in the profile.",
                )
            self._first_model = names[0]
        return self._first_model

    def _body(self, request: ChatRequest, model: str) -> dict[str, Any]:
        body = body_of(replace(request, model=model), self._continuer.way)
        if request.stream and not self._usage_refused:
            body["stream_options"] = {"include_usage": True}
        if self._new_limit_name and "max_tokens" in body:
            body["max_completion_tokens"] = body.pop("max_tokens")
        return body

    async def _open(
        self, request: ChatRequest, body: dict[str, Any], stack: AsyncExitStack
    ) -> AsyncAPIResponse[Any]:
        """The response with a success status; asks again without what the server does not know."""
        timeout = httpx2.Timeout(None, connect=request.connect_s)
        while True:
            try:
                return await stack.enter_async_context(
                    self._sdk.chat.completions.with_streaming_response.create(
                        model=body["model"],
                        messages=[],
                        stream=request.stream,
                        extra_body={key: value for key, value in body.items() if key != "model"},
                        extra_headers=self._headers,
                        timeout=timeout,
                    )
                )
            except LIBRARY_ERRORS as error:
                found = translated(error, self._endpoint)
                said = error.response.text if isinstance(error, openai.APIStatusError) else ""
                if not (found.status in _ADAPTABLE and self._adapt(said, found, request)):
                    raise found from error
                body = self._body(request, body["model"])

    def _adapt(self, said: str, error: ChatError, request: ChatRequest) -> bool:
        """Whether asking in another way can help; remembers the way."""
        if "max_completion_tokens" in said and not self._new_limit_name and request.parameters.max_tokens:
            self._new_limit_name = True
            return True
        if "stream_options" in said and request.stream and not self._usage_refused:
            self._usage_refused = True
            return True
        mendable = error.kind in (ErrorKind.BAD_REQUEST, ErrorKind.PROTOCOL)
        return _continues(request) and not request.in_words and mendable and self._continuer.rejected()

    def _explain(self, reader: EventReader, raw: httpx2.Response) -> None:
        """Raises what explains a success status without a reply."""
        problem = unlike_a_reply(
            self._endpoint.base_url,
            reader.stray,
            events=reader.events > 0,
            status=raw.status_code,
            content_type=raw.headers.get("content-type", ""),
        )
        if problem is not None:
            raise problem

    def _note(self, chunk: Chunk, raw: httpx2.Response) -> None:
        """Tells the wire's observers what a server's words meant."""
        match chunk:
            case TextChunk() | ReasoningChunk() | ToolCallChunk():
                self._wire.tell(Spoke(raw.extensions[EXCHANGE], time.monotonic()))
            case UsageChunk(usage):
                self._wire.tell(Counted(raw.extensions[EXCHANGE], time.monotonic(), usage.completion_tokens))
            case _:
                pass


async def _drain(pieces: AsyncIterator[bytes]) -> None:
    """Reads on to the end of the body, if it comes at once: then the connection serves the next request."""
    with suppress(TimeoutError, *LIBRARY_ERRORS):
        async with asyncio.timeout(_DRAIN_S):
            async for _ in pieces:
                pass


def _continues(request: ChatRequest) -> bool:
    """Whether a request asks for the rest of a partial reply."""
    return bool(request.messages) and request.messages[-1].role is Role.ASSISTANT
