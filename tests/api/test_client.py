"""The client against a real server on loopback that behaves as badly as servers do."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from dataclasses import replace

import pytest
from support.wire import HI, JSON, KEY, SSE, ask, asking, events, failing, problem, reply, serving, text_of

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.chunks import FinishChunk, OpenedChunk, TextChunk
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.messages import Message, Role, ToolCall


async def test_a_stream_is_read_and_asked_for_with_usage() -> None:
    async with serving(HI) as seen:
        chunks = await ask(Endpoint(seen.url, KEY), asking(temperature=0.0, max_tokens=5))
        assert chunks == [OpenedChunk(), TextChunk("Hi"), FinishChunk("stop")]
        line, headers, body = seen.requests[0]
    assert line.startswith("POST /v1/chat/completions ")
    assert headers["authorization"] == f"Bearer {KEY.reveal()}"
    assert headers["accept-encoding"] == "identity"
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.0,
        "max_tokens": 5,
    }


async def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-another-server")
    async with serving(HI) as seen:
        await ask(Endpoint(seen.url))
        assert "another-server" not in str(seen.requests[0][1])
        assert "authorization" not in seen.requests[0][1]


async def test_a_whole_answer_gives_the_same_chunks() -> None:
    message = {"content": "Hi", "reasoning_content": "hm"}
    whole = json.dumps(
        {"choices": [{"message": message, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}}
    )
    async with serving(reply("200 OK", whole.encode(), JSON)) as seen:
        chunks = await ask(Endpoint(seen.url), asking(stream=False))
        assert "stream_options" not in seen.requests[0][2]
    assert text_of(chunks) == "Hi"
    assert chunks[-2:] == [FinishChunk("stop"), chunks[-1]]


async def test_without_a_model_the_servers_first_one_is_taken() -> None:
    models = json.dumps({"data": [{"id": "first"}, {"id": "second"}]}).encode()
    async with serving(reply("200 OK", models, JSON), HI) as seen:
        await ask(Endpoint(seen.url), asking(model=""))
        assert seen.requests[1][2]["model"] == "first"


async def test_closing_the_stream_is_seen_by_the_server_at_once() -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
            + events("Hi", reason=None, done=False)
        )
        await writer.drain()

    async with serving(slow) as seen:
        client = ChatClient(Endpoint(seen.url))
        stream = client.stream(asking())
        async for chunk in stream:
            if isinstance(chunk, TextChunk):
                break
        assert not seen.closed.is_set()
        await stream.aclose()
        await asyncio.wait_for(seen.closed.wait(), 5)
        await client.aclose()


async def test_a_cut_body_keeps_its_text_and_is_no_end() -> None:
    body = events("Hi there", reason=None, done=False)
    async with serving(reply("200 OK", body, SSE, length=len(body) + 50)) as seen:
        client, found = ChatClient(Endpoint(seen.url)), []
        with pytest.raises(ChatError) as caught:
            async for chunk in client.stream(asking()):
                found.append(chunk)
        await client.aclose()
    assert caught.value.kind is ErrorKind.NETWORK
    assert text_of(found) == "Hi there"
    assert not any(isinstance(chunk, FinishChunk) for chunk in found)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_compressed_answer_is_read_though_none_was_asked_for(encoding: str) -> None:
    body = gzip.compress(events("Hi")) if encoding == "gzip" else zlib.compress(events("Hi"))
    answer = reply("200 OK", body, {**SSE, "Content-Encoding": encoding})
    async with serving(answer) as seen:
        assert text_of(await ask(Endpoint(seen.url))) == "Hi"


async def test_a_bomb_does_not_fill_the_memory() -> None:
    bomb = gzip.compress(b"data: " + b"x" * (64 << 20))
    error = await failing(reply("200 OK", bomb, {**SSE, "Content-Encoding": "gzip"}))
    assert "more than 1 MB" in error.message


async def test_what_a_server_rejects_is_left_out_from_then_on() -> None:
    answers = [
        reply("400 Bad", problem("Unrecognized request argument: stream_options")),
        reply("400 Bad", problem("Use 'max_completion_tokens' instead of 'max_tokens'")),
        HI,
    ]
    async with serving(*answers) as seen:
        client = ChatClient(Endpoint(seen.url))
        for _ in range(2):
            assert text_of([chunk async for chunk in client.stream(asking(max_tokens=5))]) == "Hi"
        await client.aclose()
        bodies = [body for _, _, body in seen.requests]
    assert len(bodies) == 4
    assert "stream_options" not in bodies[3]
    assert (bodies[3]["max_completion_tokens"], "max_tokens" in bodies[3]) == (5, False)


async def test_tool_calls_and_results_are_sent_back() -> None:
    talk = (
        Message("p", None, Role.USER, "hi"),
        Message("r", "p", Role.ASSISTANT, tool_calls=(ToolCall("c", "f", ""),)),
        Message("t", "r", Role.TOOL, "42", tool_call_id="c"),
    )
    async with serving(HI) as seen:
        await ask(Endpoint(seen.url), asking(*talk))
        sent = seen.requests[0][2]["messages"]
    function = {"name": "f", "arguments": "{}"}
    assert sent[1]["tool_calls"] == [{"id": "c", "type": "function", "function": function}]
    assert sent[2] == {"role": "tool", "content": "42", "tool_call_id": "c"}


async def test_what_was_held_back_comes_before_the_error_that_ends_the_stream() -> None:
    body = events("if a ", "</", reason=None, done=False) + b"data: " + problem("overloaded") + b"\n\n"
    async with serving(reply("200 OK", body, SSE)) as seen:
        client = ChatClient(Endpoint(seen.url))
        chunks = []
        with pytest.raises(ChatError, match="overloaded"):
            async for chunk in client.stream(asking()):
                chunks.append(chunk)
        await client.aclose()
    assert text_of(chunks) == "if a </"


async def test_an_answer_in_an_unknown_encoding_is_not_left_open() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 99\r\n\r\n")
        await writer.drain()

    async with serving(endless) as seen:
        client = ChatClient(Endpoint(seen.url))
        with pytest.raises(ChatError, match="encoding 'br'"):
            async for _ in client.stream(asking()):
                pass
        await asyncio.wait_for(seen.closed.wait(), 5)
        await client.aclose()


async def test_headers_may_hold_more_than_ascii() -> None:
    async with serving(reply("200 OK", events("Hi"), {**SSE, "X-Region": "Z\u00fcrich"})) as seen:
        assert text_of(await ask(Endpoint(seen.url))) == "Hi"


async def test_half_a_character_anywhere_keeps_nothing_from_being_sent() -> None:
    call = ToolCall("c", "f\ud83d", '{"a": "\ud83d\ude00\udcff"}')
    talk = (
        Message("p", None, Role.USER, "hi\ud83d"),
        Message("r", "p", Role.ASSISTANT, "a\udcff", tool_calls=(call,)),
        Message("t", "r", Role.TOOL, "42\udcff", tool_call_id="c"),
    )
    request = replace(asking(*talk, model="m\udcff", stop=("end\udcff",)), system="Be brief.\udcff")
    async with serving(HI) as seen:
        assert text_of(await ask(Endpoint(seen.url), request)) == "Hi"
        body = seen.requests[0][2]
    assert (body["model"], body["stop"]) == ("m", ["end"])
    assert [message["content"] for message in body["messages"]] == ["Be brief.", "hi", "a", "42"]
    assert body["messages"][2]["tool_calls"][0]["function"] == {
        "name": "f",
        "arguments": '{"a": "\U0001f600"}',
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-City", "Z\u00fcrich"), ("X-Key", "secret\r\nb: c"), ("X Y", "a"), ("X:", "a"), ("", "a")],
)
def test_a_header_that_cannot_be_sent_is_a_mistake_in_the_settings(name: str, value: str) -> None:
    with pytest.raises(ChatError, match="header") as caught:
        ChatClient(Endpoint("https://api.example/v1", headers={name: value}))
    assert caught.value.kind is ErrorKind.SETUP
    assert value not in caught.value.message or value == "a"
