"""The JSON of chat completions, as OpenAI documents it: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from llmhub_tui.demo.script import Script, tokens_of

MODELS: Final = ("llmhub-demo", "llmhub-demo-fast")
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Completion:
    """One reply in the making: its identity and its token counts."""

    model: str
    prompt_tokens: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex[:24]}")
    created: int = field(default_factory=lambda: int(time.time()))

    def chunk(self, delta: Fields, finish_reason: str | None = None) -> bytes:
        """A `chat.completion.chunk` event."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return event({**self._head("chat.completion.chunk"), "choices": [choice]})

    def usage_chunk(self, completion_tokens: int) -> bytes:
        """The last event but `[DONE]`, where usage was asked for."""
        usage = self.usage(completion_tokens)
        return event({**self._head("chat.completion.chunk"), "choices": [], "usage": usage})

    def whole(self, script: Script) -> Fields:
        """A `chat.completion` object."""
        message: Fields = {"role": "assistant", "content": script.text or None, "refusal": None}
        if script.reasoning:
            message["reasoning_content"] = script.reasoning
        if script.calls:
            message["tool_calls"] = [
                {
                    "id": f"call_{self.id[-8:]}{index}",
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for index, call in enumerate(script.calls)
            ]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": script.finish_reason}
        usage = self.usage(len(tokens_of(script.text)) + len(tokens_of(script.reasoning)))
        return {**self._head("chat.completion"), "choices": [choice], "usage": usage}

    def usage(self, completion_tokens: int) -> Fields:
        """Token counts; a token is one of the demo's own pieces."""
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": self.prompt_tokens + completion_tokens,
        }

    def _head(self, kind: str) -> Fields:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def event(value: Fields) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(value, separators=(",", ":")).encode() + b"\n\n"


def error_body(message: str, kind: str, code: str | None = None, param: str | None = None) -> Fields:
    """An error as OpenAI states it."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def model_record(name: str) -> Fields:
    """A model in a list of models."""
    return {"id": name, "object": "model", "created": 1_790_000_000, "owned_by": "llmhub-chat"}
