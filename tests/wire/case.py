"""One row of the table: what a server sends, byte for byte, and what a good client makes of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from llmhub_tui.domain.endings import Ending

Fields = dict[str, Any]
HELLO = "Hello, world!"
PARIS = '{"city": "Paris", "days": 3}'
SNOW = '{"q": "snow \\"leopard\\"", "n": 2}'


@dataclass(frozen=True)
class Expected:
    """How a reply ends."""

    ending: Ending = Ending.COMPLETE
    text: str = HELLO
    reasoning: str = ""
    calls: tuple[tuple[str, str, str], ...] = ()
    """Id, name and arguments of each tool call."""
    error: str = ""
    """Words that the error has."""
    refusal: str = ""
    finish_reason: str | None = None
    """Compared where it is set."""
    total_tokens: int | None = None
    requests: int = 1
    """How many requests it takes; 0 for any number."""


@dataclass(frozen=True)
class Case:
    """What a server sends to one request after the other, and the outcome."""

    answers: tuple[bytes, ...]
    expected: Expected = field(default_factory=Expected)
    piece: int = 0
    """Bytes that are sent at once; 0 for all."""
    end: str = "fin"
    """What follows the last byte: `fin` closes, `rst` resets, `hang` keeps the connection open for ever."""


def chunk(delta: Any, reason: str | None = None, **more: Any) -> str:
    """A `chat.completion.chunk` as JSON."""
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return json.dumps(
        {"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [choice]} | more
    )


def say(text: str) -> str:
    """A chunk with text."""
    return chunk({"content": text})


ROLE, STOP, DONE = chunk({"role": "assistant", "content": ""}), chunk({}, "stop"), "[DONE]"
WORDS = (ROLE, say("Hello"), say(", wor"), say("ld!"))
WHOLE = (*WORDS, STOP, DONE)


def data(*values: str, end: str = "\n\n") -> bytes:
    """An event stream of these values."""
    return "".join(f"data: {value}{end}" for value in values).encode()


def response(body: bytes, status: str = "200 OK", head: str = "", *, whole: bool = True) -> bytes:
    """A response as bytes; without `whole` its body is shorter than its head says."""
    length = len(body) if whole else len(body) + 100
    head = head or "Content-Type: text/event-stream"
    return f"HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n".encode() + body


def stream(*values: str) -> bytes:
    """A response that streams these values, and is closed in good order."""
    return response(data(*values))


def problem(status: str, body: Any, head: str = "Content-Type: application/json") -> bytes:
    """A response with an error."""
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return response(raw, status, head)


def chunked(*parts: bytes, last: bytes = b"0\r\n\r\n", head: str = "HTTP/1.1 200 OK") -> bytes:
    """A response in HTTP's chunked encoding."""
    start = f"{head}\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return start + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + last


def failed(words: str, *, text: str = "", requests: int = 1) -> Expected:
    """An error with these words."""
    return Expected(Ending.ERROR, text, error=words, requests=requests)


def cut(text: str) -> Expected:
    """A lost connection; the rest was asked for, and did not come."""
    return Expected(Ending.INCOMPLETE, text, requests=0)
