"""Asks the model for a title, as a request of its own that is no part of the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import Final

from llmhub_tui.domain.chunks import TextChunk
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.domain.requests import ChatRequest
from llmhub_tui.session.options import TurnOptions
from llmhub_tui.session.ports import Client

_WISH: Final = (
    "Give the conversation below a title of at most six words, in the language that it is in. "
    "Answer with the title alone, without quotation marks.\n\n"
)
_MOST_CHARS: Final = 2000
"""Of each message; the beginning says what it is about."""
_ENOUGH: Final = 200
"""Characters of an answer after which it is not listened to any more."""
_LONGEST: Final = 80
_PATIENCE_S: Final = 60.0
_AROUND: Final = " \t\"'`*_.\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"


async def ask_for_title(client: Client, messages: Sequence[Message], options: TurnOptions) -> str:
    """A title for these messages; empty where the model gives none. Never raises a `ChatError`."""
    said = "\n\n".join(f"{message.role.value}: {message.text[:_MOST_CHARS]}" for message in messages)
    request = ChatRequest(
        options.model,
        (Message("title", None, Role.USER, _WISH + said),),
        stream=options.stream,
        connect_s=options.clocks.connect_s,
    )
    answer = ""
    with suppress(ChatError, TimeoutError):  # the title made of the first words stays
        async with asyncio.timeout(_PATIENCE_S), aclosing(client.stream(request)) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, TextChunk):
                    answer += chunk.text
                if len(answer) > _ENOUGH:
                    break
    return cleaned(answer)


def cleaned(answer: str) -> str:
    """The title in an answer: its first line, without what models put around it."""
    line = next((bare for line in answer.splitlines() if (bare := _bare(line))), "")
    if line.lower().startswith("title:"):
        line = _bare(line[len("title:") :])
    return plain_line(line, _LONGEST)


def _bare(text: str) -> str:
    return text.strip(_AROUND).lstrip("#").strip(_AROUND)  # at the end it may be C#
