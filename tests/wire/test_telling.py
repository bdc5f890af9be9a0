"""What passes over the wire is told as it happens, bounded, and never with a key."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.wire import HI, KEY, SSE, ask, asking, events, problem, reply, serving

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.api.redaction import REMOVED, Redactor
from llmhub_tui.domain.errors import ChatError
from llmhub_tui.domain.wire import Answered, Asked, Came, Ended, How, WireRecord
from llmhub_tui.domain.wire_log import WireLog


class Kept(WireLog):
    """Keeps every record besides."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[WireRecord] = []

    def take(self, record: WireRecord) -> None:
        """Keeps it."""
        self.records.append(record)
        super().take(record)


async def told(endpoint: Endpoint, *prompts: str) -> Kept:
    """What is told of some requests."""
    log = Kept()
    client = ChatClient(endpoint, (log,))
    for _ in prompts or ("hi",):
        with suppress(ChatError):
            _ = [chunk async for chunk in client.stream(asking(model="m"))]
    await client.aclose()
    return log


async def test_an_exchange_is_told_from_the_request_to_its_end() -> None:
    usage = json.dumps({"choices": [], "usage": {"completion_tokens": 7}}).encode()
    body = events("Hi ", "there", done=False) + b"data: " + usage + b"\n\ndata: [DONE]\n\n"
    async with serving(reply("200 OK", body, SSE)) as seen:
        log = await told(Endpoint(seen.url, KEY))
    [exchange] = log.exchanges
    assert exchange.asked.method == "POST"
    assert exchange.asked.url == seen.url + "/chat/completions"
    assert json.loads(exchange.asked.body)["messages"] == [{"role": "user", "content": "hi"}]
    assert exchange.answered is not None
    assert exchange.answered.status == 200
    assert b"".join(piece.data for piece in exchange.pieces) == body
    assert (exchange.chunks, exchange.tokens) == (2, 7)
    assert exchange.first_token_s is not None
    assert exchange.ended is not None
    assert exchange.ended.how is How.WHOLE
    times = [record.at for record in log.records]
    assert times == sorted(times)


async def test_no_key_is_told_wherever_a_server_repeats_it() -> None:
    secret = "another-secret-of-the-profile"
    echo = f"your key is {KEY.reveal()} and {secret}"
    headers = {"X-Api-Token": secret, "X-Title": "llmhub-chat"}
    answers = [
        reply("401 No", problem(echo), {"Set-Cookie": "session=12345678", "X-Echo": KEY.reveal()}),
        reply("200 OK", events(echo), SSE),
    ]
    async with serving(*answers) as seen:
        log = await told(Endpoint(seen.url, KEY, headers), "a", "b")
        assert seen.requests[0][1]["authorization"] == f"Bearer {KEY.reveal()}"
    everything = repr(log.records)
    assert KEY.reveal() not in everything
    assert secret not in everything
    assert "12345678" not in everything
    assert everything.count(REMOVED) >= 6
    assert "'x-title', 'llmhub-chat'" in everything.lower()


@given(st.lists(st.integers(0, 80)), st.integers(0, 3))
def test_a_key_that_is_split_between_reads_is_found(cuts: list[int], times: int) -> None:
    key = KEY.reveal().encode()
    text = b"before sk-planted " + key * times + b" between " + key + b" after sk-pl"
    redactor = Redactor(KEY, {}).stream()
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    pieces = [text[a:b] for a, b in pairwise(places)]
    out = b"".join(redactor.feed(piece) for piece in pieces) + redactor.flush()
    assert out == text.replace(key, REMOVED.encode())


async def test_compression_is_undone_before_it_is_told() -> None:
    packed = gzip.compress(events("Hi"))
    async with serving(reply("200 OK", packed, {**SSE, "Content-Encoding": "gzip"})) as seen:
        log = await told(Endpoint(seen.url))
    assert b"".join(piece.data for piece in log.exchanges[0].pieces) == events("Hi")


async def test_a_connection_that_fails_is_told() -> None:
    log = await told(Endpoint("http://127.0.0.1:9/v1"))
    [exchange] = log.exchanges
    assert exchange.answered is None
    assert exchange.ended is not None
    assert (exchange.ended.how, exchange.ended.error) == (How.FAILED, "ConnectError")


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_of_a_failure_no_more_is_read_than_its_words_need(encoding: str) -> None:
    body = b'{"error": {"message": "too much"}, "more": "' + b"x" * (8 << 20)
    headers = {"Content-Encoding": "gzip"} if encoding else {}
    async with serving(reply("500 Oops", gzip.compress(body) if encoding else body, headers)) as seen:
        log = await told(Endpoint(seen.url))
    assert log.exchanges[0].size < 1 << 20


async def test_the_connection_serves_the_next_request() -> None:
    log = Kept()
    async with serving(HI) as seen:
        await ask(Endpoint(seen.url))
        client = ChatClient(Endpoint(seen.url), (log,))
        stream = client.stream(asking())
        assert [chunk async for chunk in stream]
        await client.aclose()
    assert isinstance(log.records[-1], Ended)
    assert log.records[-1].how is How.WHOLE


def test_the_log_is_bounded() -> None:
    log = WireLog()
    for number in range(1, 40):
        log.take(Asked(number, 0.0, "POST", "u", (), "x" * 500_000))
        log.take(Answered(number, 0.0, 200, ()))
    for at in range(400):
        log.take(Came(39, float(at), b"y" * 10_000))
    log.take(Came(1, 0.0, b"late, and forgotten"))
    last = log.exchanges[-1]
    assert len(log.exchanges) <= 16
    assert len(last.asked.body) < 100_000
    assert (last.size, last.count) == (4_000_000, 400)
    assert sum(len(piece.data) for piece in last.pieces) <= 1 << 20
    assert set(last.gaps) == {1.0}


def test_the_key_in_a_header_is_removed_also_where_it_stands_without_its_scheme() -> None:
    cleaner = Redactor(None, {"Authorization": "Bearer planted/0123456789"})
    for text in ("no such key: planted/0123456789", "no such key: Bearer planted/0123456789"):
        assert cleaner.text(text) == f"no such key: {REMOVED}"
    stream = cleaner.stream()
    assert stream.feed(b"key planted/01234") + stream.feed(b"56789!") + stream.flush() == (
        f"key {REMOVED}!".encode()
    )
