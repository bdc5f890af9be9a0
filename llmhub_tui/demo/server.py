"""The routes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from llmhub_tui.demo import showpieces
from llmhub_tui.demo.answers import script_for
from llmhub_tui.demo.calls import TOOLLESS, after_tools
from llmhub_tui.demo.protocol import MODELS, Completion, Fields, error_body, model_record
from llmhub_tui.demo.script import Refusal, Script, tokens_of

_LARGEST: Final = 8 << 20
"""Bytes of a request's body."""
_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_BREAK: Final = "continue it exactly where it stops"
"""How a chat asks for the rest of a reply in a user message."""


Handler = Callable[[Request], Awaitable[Response]]


class CutError(Exception):
    """Ends a response in the middle, so that the connection is closed under the client."""


class Demo:
    """The demo's routes and its counts."""

    def __init__(self, pace: float) -> None:
        """Takes the pace in tokens per second; 0 for no limit."""
        self._pause_s = 1 / pace if pace else 0.0
        self._counts = {"requests": 0, "active": 0, "disconnects": 0}
        self._refused: dict[int, int] = {}

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route("/v1/models", self._guarded(self._models), methods=["GET"]),
                Route("/v1/models/{name}", self._guarded(self._model), methods=["GET"]),
                Route("/v1/chat/completions", self._guarded(self._complete), methods=["POST"]),
                Route("/_demo/status", self._guarded(self._status), methods=["GET"]),
                Route("/{path:path}", self._guarded(self._unknown), methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )

    def _guarded(self, handler: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            host = request.headers.get("host", "")
            name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
            if name not in _HOSTS:  # a web page that was resolved to this address
                return JSONResponse(error_body("This server answers to this machine only.", "forbidden"), 403)
            return await handler(request)

        return handle

    async def _models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [model_record(name) for name in MODELS]})

    async def _model(self, request: Request) -> Response:
        name = request.path_params["name"]
        return JSONResponse(model_record(name)) if name in MODELS else _no_model(name)

    async def _status(self, request: Request) -> Response:
        return JSONResponse(self._counts)

    async def _unknown(self, request: Request) -> Response:
        message = f"Unknown request URL: {request.method} {request.url.path}."
        return JSONResponse(error_body(message, "invalid_request_error", "unknown_url"), 404)

    async def _complete(self, request: Request) -> Response:
        self._counts["requests"] += 1
        body = await _body(request)
        if isinstance(body, Response):
            return body
        plan = _plan(body["messages"])
        if isinstance(plan, Refusal) and plan.code == "tools_unsupported" and not body.get("tools"):
            plan = TOOLLESS
        script = self._refuse(plan) if isinstance(plan, Refusal) else plan
        if isinstance(script, Response):
            return script
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        if isinstance(limit, int) and limit > 0:
            script = script.cut_at(limit)
        prompt = sum(len(tokens_of(_text(message))) for message in body["messages"])
        completion = Completion(body["model"], prompt)
        if not body.get("stream"):
            if script.failure:
                return JSONResponse(error_body(script.failure, "server_error"), 500)
            return JSONResponse(completion.whole(script))
        usage = bool((body.get("stream_options") or {}).get("include_usage"))
        stream = self._counted(self._events(completion, script, usage))
        return StreamingResponse(
            stream, media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
        )

    def _refuse(self, refusal: Refusal) -> Script | Response:
        """Refuses; what a retry may mend it refuses twice only."""
        seen = self._refused[refusal.status] = self._refused.get(refusal.status, 0) + 1
        if refusal.status in (429, 503) and seen % 3 == 0:
            return Script(
                f"The third attempt went through. Before it, HTTP {refusal.status} was answered twice."
            )
        headers = {"Retry-After": str(refusal.retry_after_s)} if refusal.retry_after_s else {}
        kind = "server_error" if refusal.status >= 500 else "invalid_request_error"
        return JSONResponse(error_body(refusal.message, kind, refusal.code), refusal.status, headers)

    async def _counted(self, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Counts the replies that run, and the clients that went away."""
        self._counts["active"] += 1
        whole = False
        try:
            async for data in events:
                yield data
            whole = True
        except CutError:
            whole = True
            raise
        finally:
            self._counts["active"] -= 1
            self._counts["disconnects"] += not whole

    async def _events(self, completion: Completion, script: Script, usage: bool) -> AsyncIterator[bytes]:
        sent = 0
        yield completion.chunk({"role": "assistant", "content": ""})
        for field, text in (("reasoning_content", script.reasoning), ("content", script.text)):
            pause_s = self._pause_s if script.pause_s is None else script.pause_s
            due = time.monotonic()
            for piece in tokens_of(text):
                due += pause_s
                await asyncio.sleep(max(0.0, due - time.monotonic()) if pause_s else 0)
                yield completion.chunk({field: piece})
                sent += 1
        for index, call in enumerate(script.calls):
            head = {"index": index, "id": f"call_{completion.id[-8:]}{index}", "type": "function"}
            yield completion.chunk(
                {"tool_calls": [{**head, "function": {"name": call.name, "arguments": ""}}]}
            )
            for piece in tokens_of(call.arguments):
                await asyncio.sleep(self._pause_s)
                fragment = {"index": index, "function": {"arguments": piece}}
                yield completion.chunk({"tool_calls": [fragment]})
        if script.drop:
            raise CutError
        if script.failure:
            yield b"data: " + json.dumps(error_body(script.failure, "server_error")).encode() + b"\n\n"
            return
        yield completion.chunk({}, script.finish_reason)
        if usage:
            yield completion.usage_chunk(sent)
        yield b"data: [DONE]\n\n"


def _plan(messages: list[Fields]) -> Script | Refusal:
    """The reply to a conversation, or the rest of it where a part is there already."""
    *before, last = messages
    partial = ""
    if last.get("role") == "user" and _BREAK in _text(last).lower() and before:
        last = before[-1]
    if last.get("role") == "assistant":
        partial = _text(last)
        last = next((message for message in reversed(before) if message.get("role") == "user"), last)
    if last.get("role") == "tool":
        asked = max((at for at, message in enumerate(messages) if message.get("role") == "user"), default=0)
        results = [_text(message) for message in messages[asked:] if message.get("role") == "tool"]
        return after_tools(_text(messages[asked]), results)
    script = script_for(_text(last))
    if isinstance(script, Refusal):
        return script
    if partial and script.text.startswith(partial):
        finish_reason = "tool_calls" if script.calls else "stop"
        return replace(script.after(partial), finish_reason=finish_reason)
    if script.drop:
        return replace(script, text=script.text[: showpieces.DROP_AT])
    if script.finish_reason == "length":
        return replace(script, text=script.text[: showpieces.CUT_AT])
    return script


def _text(message: Fields) -> str:
    content = message.get("content")
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


async def _body(request: Request) -> Fields | Response:
    """The request's body, checked; a response where it is wrong."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > _LARGEST:
            return JSONResponse(error_body("The request is too large.", "invalid_request_error"), 413)
    try:
        body = json.loads(bytes(data))
    except (ValueError, RecursionError):
        return _wrong("We could not parse the JSON body of your request.")
    if not isinstance(body, dict):
        return _wrong("The body must be a JSON object.")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(item, dict) for item in messages):
        return _wrong("'messages' must be a list of at least one message.", "messages")
    if not isinstance(body.get("model"), str):
        return _wrong("you must provide a model parameter", "model")
    if body["model"] not in MODELS:
        return _no_model(body["model"])
    return body


def _wrong(message: str, param: str | None = None) -> Response:
    return JSONResponse(error_body(message, "invalid_request_error", param=param), 400)


def _no_model(name: str) -> Response:
    message = f"The model `{name[:100]}` does not exist; the demo has {', '.join(MODELS)}."
    return JSONResponse(error_body(message, "invalid_request_error", "model_not_found", "model"), 404)
