"""Event streams as bytes, and what our decoder makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from llmhub_tui.api.decode import ChunkDecoder
from llmhub_tui.api.sse import EventReader
from llmhub_tui.domain.chunks import Chunk, FinishChunk, ReasoningChunk, TextChunk

Fields = dict[str, Any]


def chunk(delta: Fields | None, reason: str | None = None, **more: Any) -> Fields:
    """A `chat.completion.chunk`."""
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "x", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}


def sse(*values: Any, done: bool = True, end: str = "\n\n", data: str = "data: ") -> bytes:
    """An event stream of these values; a string stands for itself."""
    lines = [value if isinstance(value, str) else data + json.dumps(value) for value in values]
    return (end.join([*lines, *(["data: [DONE]"] if done else [])]) + end).encode("utf-8", "surrogatepass")


def read(body: bytes, sizes: Sequence[int] = ()) -> list[Chunk]:
    """All chunks of a body that comes in pieces of these sizes."""
    reader, decoder = EventReader(), ChunkDecoder()
    found: list[Chunk] = []
    at = 0
    pieces = []
    for size in [*sizes, len(body)]:
        pieces.append(body[at : at + size])
        at += size
    for piece in pieces:
        for event in reader.feed(piece):
            if not decoder.done:
                found += decoder.decode(event)
    if not decoder.done:
        for event in reader.flush():
            found += decoder.decode(event)
        found += decoder.flush()
    return found


def text_of(chunks: Sequence[Chunk]) -> str:
    """The reply's text."""
    return "".join(part.text for part in chunks if isinstance(part, TextChunk))


def reasoning_of(chunks: Sequence[Chunk]) -> str:
    """The reasoning."""
    return "".join(part.text for part in chunks if isinstance(part, ReasoningChunk))


def reasons(chunks: Sequence[Chunk]) -> list[str | None]:
    """The finish reasons."""
    return [part.reason for part in chunks if isinstance(part, FinishChunk)]


HELLO, WORLD, STOP = chunk({"content": "Hello"}), chunk({"content": ", wörld!"}), chunk({}, "stop")
ROLE = chunk({"role": "assistant", "content": ""})
