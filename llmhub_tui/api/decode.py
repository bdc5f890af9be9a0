"""Events to domain chunks, tolerant of every dialect known; pure.

The shape is OpenAI's `chat.completion.chunk` and `chat.completion`:
https://platform.openai.com/docs/api-reference/chat-streaming.
"""

from __future__ import annotations

from typing import Any, Final

from llmhub_tui.api.calls import CallAssembler
from llmhub_tui.api.server_words import error_from_body
from llmhub_tui.api.sse import Broken, Done, ServerEvent
from llmhub_tui.api.thinking import ThinkSplitter
from llmhub_tui.domain.chunks import (
    Chunk,
    DamageChunk,
    EmptyChunk,
    FinishChunk,
    ModelChunk,
    ReasoningChunk,
    RecastChunk,
    RefusalChunk,
    TextChunk,
    UsageChunk,
)
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Usage

_LONGEST_REPLY: Final = 16 << 20
"""Characters."""
_MOST_TOKENS: Final = 1 << 53
"""What a server counts beyond it, infinity for instance, is no count."""


class ChunkDecoder:
    """Keeps what must be known from one event to the next."""

    def __init__(self) -> None:
        self._calls = CallAssembler()
        self._thinking = ThinkSplitter()
        self._model = ""
        self._finished = False
        self._half = ""
        self._chars = 0
        self.recognized = False
        """Whether anything that belongs to a chat completion was read."""
        self.done = False
        """Whether `[DONE]` was read; nothing after it counts."""

    def decode(self, event: ServerEvent) -> list[Chunk]:
        """The chunks of one event.

        Raises:
            ChatError: if the event is an error, or the reply is longer than any reply.
        """
        value = event.value
        if isinstance(value, Done):
            self.done = self.recognized = True
            return self.flush() + ([] if self._finished else [FinishChunk(None)])
        if isinstance(value, Broken):
            if event.name == "error":
                raise error_from_body(value.text)
            return [DamageChunk(value.text)]
        self._check_error(event.name, value)
        if not isinstance(value, dict):
            return [EmptyChunk()]
        found = self._payload(value)
        return found or [EmptyChunk()]

    def flush(self) -> list[Chunk]:
        """The stream has ended: what was held back comes out."""
        found: list[Chunk] = []
        half, self._half = self._half, ""
        whole = self._finished or self.done
        if half and whole:
            self._split_text("\ufffd", found)  # otherwise the rest may bring the other half
        reasoning, text = self._thinking.flush(whole=whole)
        self._put(reasoning, text, found)
        return found

    def _check_error(self, name: str, value: object) -> None:
        if name == "error":
            raise error_from_body(value)
        if not isinstance(value, dict):
            return
        if value.get("error") or value.get("object") == "error" or value.get("type") == "error":
            raise error_from_body(value)

    def _payload(self, value: dict[str, Any]) -> list[Chunk]:
        found: list[Chunk] = []
        model = value.get("model")
        if not self._model and isinstance(model, str) and model:
            self._model = model
            found.append(ModelChunk(model))
        choice = _first_choice(value.get("choices"))
        if choice is None and isinstance(value.get("message"), dict):
            choice = value  # Ollama's own API: a message without choices
        self.recognized = self.recognized or choice is not None or "choices" in value
        if choice is not None:
            self._choice(choice, found)
        usage = value.get("usage") or (choice or {}).get("usage")
        if isinstance(usage, dict):
            found.append(UsageChunk(_usage(usage)))
        return found

    def _choice(self, choice: dict[str, Any], found: list[Chunk]) -> None:
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, dict):
            delta = {"content": choice.get("text")}
        reasoning = next(
            (text for key in ("reasoning_content", "reasoning") if (text := _joined(delta.get(key)))), ""
        )
        self._count(reasoning)
        self._put(reasoning, "", found)
        content = delta.get("content")
        if isinstance(content, list):
            self._put(_joined(content, "thinking"), "", found)
        if text := _joined(content):
            self._split_text(text, found)
        if refusal := _joined(delta.get("refusal")):
            self._count(refusal)
            found.append(RefusalChunk(_whole(refusal)))
        calls = self._calls.take(delta.get("tool_calls"))
        calls += self._calls.take_function(delta.get("function_call"))
        for call in calls:
            self._count(call.arguments)
        found += calls
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason and not self._finished:
            self._finished = True
            found += self.flush()
            found.append(FinishChunk(reason))

    def _count(self, text: str) -> None:
        """Sees to it that text, reasoning and arguments together are no longer than any reply."""
        self._chars += len(text)
        if self._chars > _LONGEST_REPLY:
            raise ChatError(ErrorKind.PROTOCOL, "the reply is longer than 16 MB and was cut here")

    def _split_text(self, text: str, found: list[Chunk]) -> None:
        text = self._half + text
        self._half = text[-1] if "\ud800" <= text[-1] <= "\udbff" else ""
        text = text[:-1] if self._half else text
        self._count(text)
        reasoning, text = self._thinking.feed(_whole(text))
        if self._thinking.take_late():
            found.append(RecastChunk())
        self._put(reasoning, text, found)

    def _put(self, reasoning: str, text: str, found: list[Chunk]) -> None:
        if reasoning:
            found.append(ReasoningChunk(_whole(reasoning)))
        if text:
            found.append(TextChunk(text))


def _first_choice(choices: object) -> dict[str, Any] | None:
    """The choice with index 0; the only one, where none has an index."""
    if not isinstance(choices, list):
        return None
    usable = [choice for choice in choices if isinstance(choice, dict)]
    return next((choice for choice in usable if choice.get("index") in (0, "0", 0.0, None)), None)


def _joined(content: object, kind: str = "text") -> str:
    """Text that is a string, or a list of parts of which those of one kind count."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = []
    for part in content:
        if isinstance(part, str) and kind == "text":
            parts.append(part)
        elif isinstance(part, dict) and part.get("type", "text") in (kind, f"output_{kind}"):
            parts.append(_joined(part.get(kind), "text"))
    return "".join(parts)


def _whole(text: str) -> str:
    """Halves of surrogate pairs joined; a half that has no other becomes U+FFFD."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _usage(usage: dict[str, Any]) -> Usage:
    def count(*path: str) -> int:
        value: object = usage
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return int(min(value, _MOST_TOKENS)) if isinstance(value, int | float) and value >= 0 else 0

    prompt, completion = count("prompt_tokens"), count("completion_tokens")
    return Usage(
        prompt,
        completion,
        count("total_tokens") or prompt + completion,
        count("completion_tokens_details", "reasoning_tokens"),
        count("prompt_tokens_details", "cached_tokens"),
    )
