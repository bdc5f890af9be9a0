"""What a server may send at most: whoever sends more is cut off in good order, and nothing crashes."""

from __future__ import annotations

import json

import pytest
from support.dialects import chunk, read, sse, text_of
from support.wire import failing, problem, reply

from llmhub_tui.domain.errors import ChatError, ErrorKind

PIECE = "x" * (900 << 10)
"""Each line is below its own limit."""

FRAMES = ("{}", '{{"error": {}}}', '{{"choices": [{{"delta": {{"content": {}}}}}]}}')


def nested(depth: int, inner: str = '"deep"') -> str:
    """An object in an object in an object."""
    return '{"message":' * depth + inner + "}" * depth


@pytest.mark.parametrize(
    "delta",
    [
        {"content": PIECE},
        {"reasoning_content": PIECE},
        {"refusal": PIECE},
        {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": PIECE}}]},
        {"function_call": {"name": "f", "arguments": PIECE}},
    ],
    ids=["text", "reasoning", "refusal", "arguments", "legacy arguments"],
)
def test_a_reply_has_at_most_16_megabytes_whatever_it_is_made_of(delta: dict[str, object]) -> None:
    value = json.loads(json.dumps(chunk(delta)))
    with pytest.raises(ChatError, match="longer than 16 MB"):
        read(sse(*[value] * 20))
    assert read(sse(*[value] * 16))


def test_a_line_has_at_most_one_megabyte() -> None:
    with pytest.raises(ChatError, match="more than 1 MB"):
        read(b"data: " + b"x" * (2 << 20))
    with pytest.raises(ChatError, match="more than 1 MB"):
        read(b"x" * (2 << 20))


@pytest.mark.parametrize("depth", [30, 100, 500, 900, 2000, 100_000])
@pytest.mark.parametrize(
    "frame", ["{}", '{{"error": {}}}', '{{"choices": [{{"delta": {{"content": {}}}}}]}}']
)
def test_json_of_any_depth_crashes_nothing(depth: int, frame: str) -> None:
    body = sse(
        chunk({"content": "before"}), "data: " + frame.format(nested(depth)), chunk({"content": "x"}, "stop")
    )
    try:
        assert text_of(read(body)).startswith("before")
    except ChatError as error:
        assert error.kind in ErrorKind


@pytest.mark.parametrize("depth", [100, 900, 50_000])
async def test_an_error_of_any_depth_crashes_nothing(depth: int) -> None:
    error = await failing(reply("400 Bad Request", nested(depth).encode()))
    assert error.kind is ErrorKind.BAD_REQUEST


async def test_the_words_of_an_error_are_cut_and_no_more_is_kept() -> None:
    error = await failing(reply("400 Bad Request", problem("word " * 10_000)))
    assert 100 < len(error.message) <= 500
