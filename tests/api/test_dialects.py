"""Every dialect that servers speak comes out as the same chunks, however the bytes are split."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.dialects import (
    HELLO,
    ROLE,
    STOP,
    WORLD,
    Fields,
    chunk,
    read,
    reasoning_of,
    reasons,
    sse,
    text_of,
)

from llmhub_tui.domain.chunks import DamageChunk, RefusalChunk, ToolCallChunk, UsageChunk
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.domain.reply import ReplyBuilder

SAME = {
    "as documented": sse(ROLE, HELLO, WORLD, STOP),
    "CRLF": sse(ROLE, HELLO, WORLD, STOP, end="\r\n\r\n"),
    "bare CR": sse(ROLE, HELLO, WORLD, STOP, end="\r\r"),
    "one newline between events": sse(ROLE, HELLO, WORLD, STOP, end="\n"),
    "no space after data:": sse(ROLE, HELLO, WORLD, STOP, data="data:"),
    "BOM": b"\xef\xbb\xbf" + sse(ROLE, HELLO, WORLD, STOP),
    "comments and empty data": sse(": hi", "data:", HELLO, ": OPENROUTER PROCESSING", "data: ", WORLD, STOP),
    "comment as data": sse("data: : PROCESSING", HELLO, WORLD, STOP),
    "retry, id and event lines": sse("retry: 5\nid: 1\nevent: message", HELLO, "id: 2", WORLD, STOP),
    "a ping": sse('event: ping\ndata: {"type": "ping"}', HELLO, WORLD, STOP),
    "no blank line at the end": sse(HELLO, WORLD, STOP).rstrip(b"\n"),
    "no [DONE]": sse(HELLO, WORLD, STOP, done=False),
    "choices empty, null or missing": sse(
        HELLO, {"choices": []}, {"choices": None}, {"id": "x"}, WORLD, STOP
    ),
    "delta null": sse(HELLO, WORLD, chunk(None, "stop")),
    "content null": sse(chunk({"role": None, "content": None}), HELLO, WORLD, STOP),
    "content as a list": sse(chunk({"content": [{"type": "text", "text": "Hello"}]}), WORLD, STOP),
    "no objects": sse("data: [1]", "data: 7", HELLO, 'data: "x"', WORLD, STOP),
    "finish with the last text": sse(HELLO, chunk({"content": ", wörld!"}, "stop")),
    "finish reason empty until the end": sse(chunk({"content": "Hello"}, ""), WORLD, STOP),
    "text behind the finish reason": sse(HELLO, STOP, WORLD),
    "two choices": sse(
        {"choices": [{"index": 1, "delta": {"content": "Other"}}]},
        {"choices": [{"index": 1, "delta": {"content": "!"}}, {"index": 0, "delta": {"content": "Hello"}}]},
        WORLD,
        STOP,
    ),
    "legacy text": sse({"choices": [{"text": "Hello"}]}, {"choices": [{"text": ", wörld!"}]}, STOP),
    "error null": sse({**HELLO, "error": None}, WORLD, STOP),
    "events behind [DONE]": sse(HELLO, WORLD, STOP) + sse(chunk({"content": "late"})),
    "one object over several lines": b"data: "
    + json.dumps(HELLO, indent=1).replace("\n", "\ndata: ").encode()
    + b"\n\n"
    + sse(WORLD, STOP),
    "a frame cut, the next glued on": b'data: {"choices": [{"del' + sse(HELLO, WORLD, STOP),
    "bare JSON lines": (
        json.dumps(HELLO) + "\n" + json.dumps(WORLD) + "\n" + json.dumps(STOP) + "\n"
    ).encode(),
    "one whole completion": json.dumps(
        {"choices": [{"index": 0, "message": {"content": "Hello, wörld!"}, "finish_reason": "stop"}]},
        indent=2,
    ).encode(),
}


@pytest.mark.parametrize("name", SAME)
def test_every_dialect_says_the_same(name: str) -> None:
    chunks = read(SAME[name])
    assert text_of(chunks) == "Hello, wörld!"
    assert reasons(chunks) == ["stop"]


@pytest.mark.parametrize("name", SAME)
def test_it_does_not_matter_where_the_bytes_are_split(name: str) -> None:
    body = SAME[name]
    for at in range(len(body)):
        chunks = read(body, [at])
        assert (text_of(chunks), reasons(chunks)) == ("Hello, wörld!", ["stop"])
    assert text_of(read(body, [1] * len(body))) == "Hello, wörld!"


def test_nothing_is_finished_before_the_server_says_so() -> None:
    body = sse(ROLE, HELLO, WORLD, STOP)
    end = body.index(b'"finish_reason": "stop"') + len(b'"finish_reason": "stop"')
    for at in range(len(body)):
        if reasons(read(body[:at])):
            assert at >= end
    assert reasons(read(sse(HELLO, done=False))) == []
    assert reasons(read(sse(HELLO))) == [None]


@settings(max_examples=80)
@given(st.binary(max_size=200), st.lists(st.integers(0, 40), max_size=10))
def test_garbage_never_crashes(noise: bytes, sizes: list[int]) -> None:
    body = sse(HELLO, done=False) + noise + b"\n\n" + sse(WORLD, STOP)
    with suppress(ChatError):  # an error that the noise happens to state
        assert "wörld" in text_of(read(body, sizes)) or noise


def test_halves_of_a_character_are_joined() -> None:
    halves = b'data: {"choices": [{"delta": {"content": "a\\ud83d"}}]}\n\n'
    halves += b'data: {"choices": [{"delta": {"content": "\\ude00b"}}]}\n\ndata: [DONE]\n\n'
    assert text_of(read(halves)) == "a\U0001f600b"
    lonely = b'data: {"choices": [{"delta": {"content": "a\\ud83d"}}]}\n\ndata: [DONE]\n\n'
    assert text_of(read(lonely)) == "a\ufffd"
    assert text_of(read(lonely.removesuffix(b"data: [DONE]\n\n"))) == "a"  # the rest may bring the other half


def test_a_byte_that_is_no_utf8_costs_itself_alone() -> None:
    assert text_of(read(b'data: {"choices": [{"delta": {"content": "a\xffb"}}]}\n\n')) == "a\ufffdb"


def test_line_separators_within_json_end_no_line() -> None:
    body = 'data: {"choices": [{"delta": {"content": "a\u2028b\u0085c"}}]}\n\n'.encode()
    assert text_of(read(body)) == "a\u2028b\u0085c"


def test_a_broken_frame_is_reported_and_the_rest_is_read() -> None:
    chunks = read(sse(HELLO, 'data: {"choices": [{"de', WORLD, STOP))
    assert text_of(chunks) == "Hello, wörld!"
    assert any(isinstance(part, DamageChunk) for part in chunks)


@pytest.mark.parametrize(
    "deltas",
    [
        [{"reasoning_content": "Let me think."}, {"content": "Hi"}],
        [{"reasoning": "Let me think."}, {"content": "Hi"}],
        [{"reasoning": "Let me think.", "reasoning_content": "Let me think."}, {"content": "Hi"}],
        [{"content": "<think>\nLet me think.\n</think>\n\nHi"}],
        [
            {"content": part}
            for part in ("<th", "ink>", "\n", "Let me", " think.", "\n</th", "ink>\n", "\nHi")
        ],
    ],
)
def test_reasoning_is_kept_apart_and_counted_once(deltas: list[Fields]) -> None:
    chunks = read(sse(*[chunk(delta) for delta in deltas], STOP))
    assert (reasoning_of(chunks), text_of(chunks)) == ("Let me think.", "Hi")


@pytest.mark.parametrize("text", ["a <think> tag in the text", "<thin", "  <b>bold</b>"])
def test_a_tag_elsewhere_is_text(text: str) -> None:
    assert text_of(read(sse(*[chunk({"content": char}) for char in text], STOP))) == text


def test_a_refusal_and_usage_are_told() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 4, "completion_tokens_details": {"reasoning_tokens": 2}}
    chunks = read(sse(chunk({"refusal": "No."}), STOP, {"choices": [], "usage": usage}))
    assert RefusalChunk("No.") in chunks
    [counted] = [part.usage for part in chunks if isinstance(part, UsageChunk)]
    assert (counted.prompt_tokens, counted.completion_tokens, counted.total_tokens) == (9, 4, 13)
    assert counted.reasoning_tokens == 2


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ('data: {"error": {"message": "overloaded", "code": 503}}', "overloaded"),
        ('data: {"error": "model runner died"}', "model runner died"),
        ('event: error\ndata: {"message": "overloaded"}', "overloaded"),
        ('data: {"object": "error", "message": "bad luck"}', "bad luck"),
        ("error: it broke", "it broke"),
        ('data: {"type": "error", "error": {"message": "no"}}', "no"),
    ],
)
def test_an_error_in_mid_stream_is_raised_with_its_words(event: str, words: str) -> None:
    with pytest.raises(ChatError) as caught:
        read(sse(HELLO, event, WORLD))
    assert words in caught.value.message


def calls_of(*fragments: Fields) -> list[tuple[str, str, str]]:
    """Id, name and arguments of each call that these fragments make."""
    builder = ReplyBuilder(Message("r", None, Role.ASSISTANT))
    for part in read(sse(*[chunk(fragment) for fragment in fragments], chunk({}, "tool_calls"))):
        if isinstance(part, ToolCallChunk):
            builder.add_call(part)
    return [(call.id, call.name, call.arguments) for call in builder.message(None).tool_calls]


def fragment(arguments: Any = None, index: Any = None, id: Any = None, name: Any = None) -> Fields:
    """A delta with one fragment of a tool call; what is `None` is left out."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    call = {key: value for key, value in (("index", index), ("id", id)) if value is not None}
    return {"tool_calls": [{**call, "type": "function", "function": function}]}


ONE = [("c1", "f", '{"a":1}')]
TWO = [("c1", "f", '{"a":1}'), ("c2", "g", "{}")]


@pytest.mark.parametrize(
    ("fragments", "calls"),
    [
        ([fragment("", 0, "c1", "f"), fragment('{"a"', 0), fragment(":1}", 0)], ONE),
        ([fragment('{"a":1}', None, "c1", "f")], ONE),
        ([fragment('{"a"', None, "c1", "f"), fragment(":1}")], ONE),
        ([fragment('{"a"', 0, "c1", "f"), fragment(":1}", 0, "c1", "f")], ONE),
        ([fragment('{"a"', 0, "c1", "f"), fragment(":1}", 0, "other")], ONE),
        ([fragment({"a": 1}, 0, "c1", "f")], [("c1", "f", '{"a": 1}')]),
        ([fragment(None, 0, "c1", "f")], [("c1", "f", "")]),
        ([fragment('{"a":1}', 0, "c1", "f"), fragment("{}", 1, "c2", "g")], TWO),
        ([fragment('{"a":1}', 0, "c1", "f"), fragment("{}", 0, "c2", "g")], TWO),
        ([fragment('{"a":1}', None, "c1", "f"), fragment("{}", None, "c2", "g")], TWO),
        (
            [
                fragment("", 1, "c2", "g"),
                fragment('{"a"', 0, "c1", "f"),
                fragment("{}", 1),
                fragment(":1}", 0),
            ],
            TWO,
        ),
        ([fragment('{"a":1}', "0", "c1", "f")], ONE),
        (
            [{"function_call": {"name": "f", "arguments": '{"a"'}}, {"function_call": {"arguments": ":1}"}}],
            [("call_0", "f", '{"a":1}')],
        ),
        ([{"tool_calls": None}, {"tool_calls": "x"}, {"tool_calls": [None, 3]}], []),
    ],
)
def test_tool_calls_come_out_whole(fragments: list[Fields], calls: list[tuple[str, str, str]]) -> None:
    assert calls_of(*fragments) == calls


@pytest.mark.parametrize("count", ["1e400", "Infinity", "-Infinity", "NaN", "9" * 40])
def test_no_number_of_a_server_is_too_large(count: str) -> None:
    usage = f'data: {{"choices": [], "usage": {{"prompt_tokens": {count}}}}}'
    found = read(sse(HELLO, usage, WORLD, STOP))
    assert text_of(found) == "Hello, wörld!"
    assert all(part.usage.prompt_tokens < 1 << 60 for part in found if isinstance(part, UsageChunk))


@pytest.mark.parametrize("index", ["\u00b2", "", "-1", "9" * 5000], ids=["two", "empty", "minus", "long"])
def test_an_index_that_is_no_number_is_as_good_as_none(index: str) -> None:
    assert calls_of(fragment('{"a":1}', index, "c1", "f")) == ONE
