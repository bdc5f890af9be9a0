"""Streams that are cut at every byte or damaged: never a crash, never a hang, never complete on a guess."""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import count

import pytest
from support.dialects import read
from support.scripted import MemoryRecorder
from support.sessions import ended, play
from wire import calls, endings, framing, payload
from wire.case import DONE, STOP, WORDS, Case, Expected, chunked, data
from wire.server import playing

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.chunks import (
    FinishChunk,
    ReasoningChunk,
    RecastChunk,
    RefusalChunk,
    TextChunk,
    ToolCallChunk,
)
from llmhub_tui.domain.conversation import Conversation
from llmhub_tui.domain.endings import Ending
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.reply import ReplyBuilder
from llmhub_tui.domain.retry import RetryPolicy
from llmhub_tui.session.clock import LoopClock
from llmhub_tui.session.options import Clocks, TurnOptions
from llmhub_tui.session.plugs import Ports
from llmhub_tui.session.session import Session

CUT = {
    "as documented": framing.CASES["as documented"],
    "bare CR": framing.CASES["bare CR"],
    "event names and ids": framing.CASES["event names and ids"],
    "one object over several lines": framing.CASES["one object over several lines"],
    "a frame cut, the next glued on": framing.CASES["a frame cut, the next glued on"],
    "a whole completion": payload.CASES["a whole completion instead of a stream"],
    "think tags": payload.CASES["think tags"],
    "only the closing think tag": payload.CASES["only the closing think tag"],
    "fragments interleaved": calls.CASES["fragments interleaved"],
    "a refusal": endings.CASES["a refusal"],
    "[DONE] alone": endings.CASES["[DONE] alone"],
}
"""Recorded streams, one of each family."""


def body_of(case: Case) -> bytes:
    """The body of a case's first answer."""
    return case.answers[0].partition(b"\r\n\r\n")[2]


def outcome(body: bytes) -> Message:
    """The reply that these bytes make, if nothing follows."""
    builder = ReplyBuilder(Message("r", None, Role.ASSISTANT))
    for chunk in read(body):
        match chunk:
            case TextChunk(text):
                builder.add_text(text)
            case ReasoningChunk(text):
                builder.add_reasoning(text)
            case RecastChunk():
                builder.recast()
            case RefusalChunk(text):
                builder.refusal += text
            case ToolCallChunk():
                builder.add_call(chunk)
            case FinishChunk(reason):
                builder.finish(reason)
            case _:
                pass
    return builder.message(builder.ending())


def sure_from(body: bytes) -> int:
    """Where the first word that closes the reply has been read: a finish reason, or `[DONE]`."""
    found = []
    for word in (b'"stop"', b'"tool_calls"}', b"[DONE]"):
        at = body.find(word)
        found += [at + len(word) - (word == b'"tool_calls"}')] if at >= 0 else []
    return min(found)


@pytest.mark.parametrize("name", CUT)
def test_a_stream_that_is_cut_at_any_byte_is_not_complete_before_the_server_says_so(name: str) -> None:
    body = body_of(CUT[name])
    whole, sure = outcome(body), sure_from(body)
    assert whole.ending is CUT[name].expected.ending
    for at in range(len(body)):
        with suppress(ChatError):  # the whole body is one piece of JSON, and no event: it says so
            reply = outcome(body[:at])
            assert reply.ending is Ending.INCOMPLETE or at >= sure, at
            assert whole.text.startswith(reply.text) or whole.reasoning.startswith(reply.text), at


@pytest.mark.parametrize("name", CUT)
def test_a_stream_with_any_byte_damaged_crashes_nothing(name: str) -> None:
    body, chance = body_of(CUT[name]), random.Random(name)
    for _ in range(60):
        damaged = bytearray(body)
        for _ in range(chance.choice((1, 1, 2, 9))):
            damaged[chance.randrange(len(body))] = chance.randrange(256)
        with suppress(ChatError):
            assert outcome(bytes(damaged)).ending is not None


async def test_a_response_that_is_cut_anywhere_on_the_network_is_not_complete_before_its_time() -> None:
    whole = chunked(data(*WORDS[:2]), data(*WORDS[2:]), data(STOP), data(DONE))
    sure = whole.index(b'"stop"') + len(b'"stop"')
    cuts = range(0, len(whole), 9)
    cases = {str(at): Case((whole[:at],), Expected()) for at in cuts}
    options = TurnOptions(
        model="m", clocks=Clocks(first_token_s=20, silence_s=20), retry=RetryPolicy(retries=0), resumes=0
    )
    async with playing(cases) as server:
        client, ids = ChatClient(Endpoint(server.url)), map(str, count(1))
        ports = Ports(client, MemoryRecorder(), LoopClock(), jitter=lambda: 0.5, new_id=lambda: next(ids))
        for at in cuts:
            session = Session(Conversation("c"), ports=ports, options=options)
            reply = ended(await play(await session.send(str(at))))
            assert "Hello, world!".startswith(reply.text)
            if at < sure:
                assert reply.ending in (Ending.INCOMPLETE, Ending.ERROR), at
        await client.aclose()
    assert reply.ending is Ending.COMPLETE
