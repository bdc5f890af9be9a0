"""Every failure is told apart, in the server's words, with what to do, and without a key."""

from __future__ import annotations

import pytest
from support.wire import HI, KEY, ask, failing, problem, reply, serving

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.errors import ChatError, ErrorKind


@pytest.mark.parametrize(
    ("status", "body", "kind", "words", "retryable"),
    [
        ("401 Unauthorized", problem("bad key"), ErrorKind.AUTH, "bad key", False),
        ("401 Unauthorized", b"", ErrorKind.AUTH, "HTTP 401", False),
        ("402 Payment Required", problem("Insufficient credits"), ErrorKind.QUOTA, "credits", False),
        ("404 Not Found", problem("x", code="model_not_found"), ErrorKind.MODEL, "x", False),
        ("404 Not Found", b"<html><title>Not here</title>", ErrorKind.PROTOCOL, "Not here", False),
        ("400 Bad Request", problem("maximum context length is 10"), ErrorKind.TOO_LONG, "context", False),
        ("400 Bad Request", b'{"detail": "no such field"}', ErrorKind.BAD_REQUEST, "no such field", False),
        (
            "422 Unprocessable",
            b'{"detail": [{"msg": "field required"}]}',
            ErrorKind.BAD_REQUEST,
            "required",
            False,
        ),
        ("429 Too Many", problem("slow down"), ErrorKind.RATE_LIMIT, "slow down", True),
        ("429 Too Many", problem("pay", code="insufficient_quota"), ErrorKind.QUOTA, "pay", False),
        ("500 Oops", problem("broken"), ErrorKind.SERVER, "broken", True),
        (
            "502 Bad Gateway",
            b"<html><title>Bad gateway</title></html>",
            ErrorKind.SERVER,
            "Bad gateway",
            True,
        ),
        ("200 OK", b"<!doctype html><title>Log in</title>", ErrorKind.PROTOCOL, "HTML page", False),
        ("200 OK", b"", ErrorKind.PROTOCOL, "the answer is empty", False),
        ("200 OK", problem("overloaded"), ErrorKind.SERVER, "overloaded", True),
        ("200 OK", b'{"hello": 1}', ErrorKind.PROTOCOL, "no chat completion", False),
        ("200 OK", b"It works!", ErrorKind.PROTOCOL, "It works!", False),
    ],
)
async def test_every_failure_is_told_apart(
    status: str, body: bytes, kind: ErrorKind, words: str, retryable: bool
) -> None:
    error = await failing(reply(status, body))
    assert (error.kind, error.retryable) == (kind, retryable)
    assert words in error.message


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"Retry-After": "7"}, 7.0), ({"retry-after-ms": "1500"}, 1.5), ({}, None)]
)
async def test_how_long_to_wait_is_the_servers_word(headers: dict[str, str], seconds: float | None) -> None:
    assert (await failing(reply("429 Slow", problem("wait"), headers))).retry_after_s == seconds


async def test_a_key_in_an_error_is_removed() -> None:
    error = await failing(reply("401 No", problem(f"Incorrect API key: {KEY.reveal()} or sk-abcdefghijkl")))
    assert "planted" not in error.message
    assert "abcdef" not in error.message


@pytest.mark.parametrize(
    ("path", "advice"), [("", "/v1."), ("/v1/v1", "twice"), ("/v1/chat/completions", "ends before")]
)
async def test_a_wrong_base_url_is_diagnosed(path: str, advice: str) -> None:
    error = await failing(reply("404 Not Found", b"404 page not found"), path)
    assert advice in error.advice


async def test_a_redirect_is_told_and_never_followed() -> None:
    async with serving(HI) as other:
        error = await failing(reply("307 Moved", b"", {"Location": f"{other.url}/chat/completions"}))
        assert "sends us to" in error.message
        assert other.requests == []


async def test_a_key_is_not_sent_in_the_clear() -> None:
    with pytest.raises(ChatError, match="plain http"):
        ChatClient(Endpoint("http://llm.example.com/v1", KEY))
    await ChatClient(Endpoint("http://llm.example.com/v1")).aclose()
    await ChatClient(Endpoint("http://localhost:1/v1", KEY)).aclose()


async def test_nothing_that_listens_is_said() -> None:
    with pytest.raises(ChatError, match=r"nothing listens at 127\.0\.0\.1:9") as caught:
        await ask(Endpoint("http://127.0.0.1:9/v1"))
    assert (caught.value.kind, caught.value.retryable) == (ErrorKind.NETWORK, True)


@pytest.mark.parametrize("location", ["http://[", "//[::1", ""])
async def test_a_redirect_to_no_address_is_explained_like_any_other(location: str) -> None:
    error = await failing(reply("302 Found", b"", {"Location": location}))
    assert (error.kind, error.message) == (ErrorKind.PROTOCOL, "HTTP 302: the server sends us to nowhere")


@pytest.mark.parametrize("charset", ["idna", "base64", "undefined", "no-such"])
async def test_a_charset_that_is_none_hides_no_error(charset: str) -> None:
    headers = {"Content-Type": f"application/json; charset={charset}"}
    error = await failing(reply("400 Bad", problem("bad \u00fc luck"), headers))
    assert error.message == "bad \u00fc luck"
