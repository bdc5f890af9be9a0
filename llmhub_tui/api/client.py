"""The client: requests go out through the SDK, answers are read by our own decoder."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
import openai
from openai import AsyncAPIResponse, AsyncOpenAI, Omit

from llmhub_tui.api.decode import ChunkDecoder
from llmhub_tui.api.failures import LIBRARY_ERRORS, translated, url_advice
from llmhub_tui.api.inflate import Inflater
from llmhub_tui.api.request import Continuation, body_of
from llmhub_tui.api.server_words import ServerWords, find_words, is_html
from llmhub_tui.api.sse import EventReader, parse_models
from llmhub_tui.domain.chunks import Chunk, OpenedChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Role
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.domain.secret import Secret

_LIST_S: Final = 30.0
"""Seconds that a list of models may take."""
_ADAPTABLE: Final = (400, 404, 415, 422)
"""Statuses with which servers reject a field that they do not know."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server, and how to talk to it."""

    base_url: str
    key: Secret | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None
    """None means none: the environment's proxy is not used."""
    ca_file: str | None = None
    continuation: Continuation = "auto"


class ChatClient:
    """One server. It remembers what the server rejects, and leaves that out from then on."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Prepares the connection pool; nothing is sent yet.

        Raises:
            ChatError: if the key would travel in the clear, or the CA file cannot be read.
        """
        _check_key_is_safe(endpoint)
        self._endpoint = endpoint
        try:
            self._http = httpx2.AsyncClient(
                trust_env=False,
                proxy=endpoint.proxy,
                verify=endpoint.ca_file or True,
                follow_redirects=False,
            )
        except (OSError, ValueError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            message = f"the proxy or the CA file of the profile cannot be used: {error}"
            raise ChatError(ErrorKind.SETUP, message) from error
        self._headers: dict[str, str | Omit] = {"Accept-Encoding": "identity", **endpoint.headers}
        omitted = ["OpenAI-Organization", "OpenAI-Project"]  # the SDK takes them from the environment
        if endpoint.key is None:
            omitted.append("Authorization")
        for name in omitted:
            if name not in endpoint.headers:
                self._headers[name] = Omit()
        self._sdk = AsyncOpenAI(
            api_key=endpoint.key.reveal() if endpoint.key is not None else "none",
            base_url=endpoint.base_url,
            http_client=self._http,
            max_retries=0,
        )
        self._first_model = ""
        self._usage_refused = False
        self._new_limit_name = False
        self._last_refused = False

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Chunk, None]:
        """Sends a request and yields the reply as it arrives; see `session.ports.Client`."""
        body = self._body(request, request.model or await self._default_model())
        async with AsyncExitStack() as stack:
            response = await self._open(request, body, stack)
            yield OpenedChunk(request.stream)
            reader, decoder = EventReader(), ChunkDecoder()
            raw = response.http_response
            inflater = Inflater(raw.headers.get("content-encoding", ""))
            try:
                async for data in raw.aiter_raw():
                    for plain in inflater.feed(data):
                        for event in reader.feed(plain):
                            for chunk in decoder.decode(event):
                                yield chunk
                            if decoder.done:
                                return
            except LIBRARY_ERRORS as error:
                for chunk in decoder.flush():
                    yield chunk
                raise translated(error, self._endpoint.base_url, self._endpoint.key) from error
            for event in reader.flush():
                for chunk in decoder.decode(event):
                    yield chunk
            for chunk in decoder.flush():
                yield chunk
            if not decoder.recognized:
                self._say_what_came(reader, raw)

    async def models(self) -> list[str]:
        """The names of the server's models.

        Raises:
            ChatError: for every failure.
        """
        try:
            response = await self._sdk.models.with_raw_response.list(
                extra_headers=self._headers, timeout=_LIST_S
            )
        except LIBRARY_ERRORS as error:
            raise translated(error, self._endpoint.base_url, self._endpoint.key) from error
        return parse_models(response.content)

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._http.aclose()

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
        continuation = self._endpoint.continuation
        if continuation == "auto" and self._last_refused:
            continuation = "message"
        body = body_of(request, continuation)
        body["model"] = model
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
            except openai.APIStatusError as error:
                known = error.status_code in _ADAPTABLE and self._adapt(error.response.text, request)
                if not known:
                    raise translated(error, self._endpoint.base_url, self._endpoint.key) from error
                body = self._body(request, body["model"])
            except LIBRARY_ERRORS as error:
                raise translated(error, self._endpoint.base_url, self._endpoint.key) from error

    def _adapt(self, said: str, request: ChatRequest) -> bool:
        """Whether asking in another way can help; remembers the way."""
        if "max_completion_tokens" in said and not self._new_limit_name and request.parameters.max_tokens:
            self._new_limit_name = True
            return True
        if "stream_options" in said and request.stream and not self._usage_refused:
            self._usage_refused = True
            return True
        partial = bool(request.messages) and request.messages[-1].role is Role.ASSISTANT
        if partial and self._endpoint.continuation == "auto" and not self._last_refused:
            self._last_refused = True
            return True
        return False

    def _say_what_came(self, reader: EventReader, raw: httpx2.Response) -> None:
        """Raises what explains a success status without a reply; an empty event stream needs none."""
        stray = reader.stray.decode("utf-8", "replace")
        kind = raw.headers.get("content-type", "").partition(";")[0].strip().lower()
        if is_html(stray):
            message = f"an HTML page came instead of a reply: {find_words(stray).text}"
        elif stray.strip():
            message = f"what came is no chat completion: {find_words(stray).text[:200]}"
        elif reader.events and kind != "text/event-stream":
            message = "the answer is JSON, but no chat completion"
        elif raw.status_code == 204 or kind != "text/event-stream":
            message = f"the answer is empty (HTTP {raw.status_code})"
        else:
            return
        advice = url_advice(self._endpoint.base_url, ServerWords(""), ErrorKind.PROTOCOL)
        raise ChatError(ErrorKind.PROTOCOL, message, advice=advice, status=raw.status_code)


def _check_key_is_safe(endpoint: Endpoint) -> None:
    parts = urlsplit(endpoint.base_url)
    if endpoint.key is None or parts.scheme == "https" or is_loopback(parts.hostname or ""):
        return
    raise ChatError(
        ErrorKind.SETUP,
        f"the key is not sent over plain http to {parts.hostname}",
        advice="Begin the base URL with https://, or use a profile without a key.",
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
