"""Reasoning whose opening tag stands in the prompt: only the closing one is sent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.dialects import STOP, chunk, read, sse

from llmhub_tui.domain.chunks import ReasoningChunk, RecastChunk, TextChunk
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.reply import ReplyBuilder


def recast(body: bytes, sizes: Sequence[int] = ()) -> tuple[str, str]:
    """Reasoning and text of a body whose closing tag comes without an opening one."""
    builder = ReplyBuilder(Message("r", None, Role.ASSISTANT))
    for part in read(body, sizes):
        match part:
            case TextChunk(text):
                builder.add_text(text)
            case ReasoningChunk(text):
                builder.add_reasoning(text)
            case RecastChunk():
                builder.recast()
            case _:
                pass
    message = builder.message(None)
    return message.reasoning, message.text


@pytest.mark.parametrize("size", [1, 3, 9, 99])
def test_a_thought_that_only_the_prompt_has_opened_is_no_text(size: int) -> None:
    said = "Let me think.\n</think>\n\nHello </think>"
    parts = [said[at : at + size] for at in range(0, len(said), size)]
    body = sse(*[chunk({"content": part}) for part in parts], STOP)
    assert recast(body) == ("Let me think.\n" if size < 13 else "Let me think.", "Hello </think>")


@pytest.mark.parametrize(
    "text", ["the `</think>` tag", "the </think> tag", "a <think>b</think> c", "1 </thin"]
)
def test_a_closing_tag_that_the_reply_talks_about_is_text(text: str) -> None:
    assert recast(sse(*[chunk({"content": char}) for char in text], STOP)) == ("", text)
