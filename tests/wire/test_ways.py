"""The way to a server: certificates, proxies, headers, and what is said where it is the wrong one."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from support.wire import HI, KEY, Answer, ask, asking, black_hole, serving, text_of

from llmhub_tui.api.client import ChatClient
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.domain.errors import ChatError, ErrorKind

TLS = Path(__file__).parent / "tls"
"""A certificate for localhost and its authority, made for these tests alone and worth nothing elsewhere."""
CA = str(TLS / "ca.pem")


def server_side() -> ssl.SSLContext:
    """How a server with that certificate speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    return context


@dataclass
class Proxy:
    """What a small proxy was asked."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    allowed: str = ""

    @property
    def url(self) -> str:
        """For the profile."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def proxying(allowed: str = "") -> AsyncIterator[Proxy]:
    """A proxy that tunnels with CONNECT and passes plain requests on, to those who have the password."""
    proxy = Proxy(allowed=allowed)

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            proxy.asked.append(f"{method} {target}")
            token = base64.b64encode(proxy.allowed.encode())
            if proxy.allowed and b"Basic " + token not in head:
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                writer.close()
                return
            where = target.removeprefix("http://").split("/")[0]
            host, _, port = where.partition(":")
            there, out = await asyncio.open_connection(host, int(port))
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                out.write(head.replace(target.encode(), target.split(where, 1)[1].encode(), 1))
            await asyncio.gather(pump(reader, out), pump(there, writer), return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listening.close()


async def problem_with(endpoint: Endpoint) -> ChatError:
    """The error that a request ends in."""
    with pytest.raises(ChatError) as caught:
        await ask(endpoint)
    return caught.value


async def test_the_profiles_authority_is_trusted() -> None:
    async with serving(HI, tls=server_side()) as seen:
        assert text_of(await ask(Endpoint(seen.url, KEY, ca_file=CA))) == "Hi"
        assert seen.requests[0][1]["authorization"] == f"Bearer {KEY.reveal()}"


async def test_an_unknown_authority_is_not_trusted_and_gets_no_key() -> None:
    async with serving(HI, tls=server_side()) as seen:
        error = await problem_with(Endpoint(seen.url, KEY))
        assert (error.kind, error.retryable) == (ErrorKind.TLS, False)
        assert "ca_file" in error.advice or "CA file" in error.advice
        assert seen.requests == []


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_an_authority_that_cannot_be_read_is_said(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ChatError, match="CA file") as caught:
        ChatClient(Endpoint("https://x.example/v1", ca_file=str(path)))
    assert caught.value.kind is ErrorKind.SETUP


def bare(answer: bytes) -> Answer:
    """An answer of just these bytes."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return write


@pytest.mark.parametrize(
    "answer",
    [
        b"\x15\x03\x03\x00\x02\x02\x46",
        b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 77\r\n\r\n"
        b"<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>",
    ],
    ids=["an alert", "Go", "nginx"],
)
async def test_plain_http_to_a_port_that_speaks_https_is_diagnosed(answer: bytes) -> None:
    async with serving(bare(answer)) as seen:
        error = await problem_with(Endpoint(seen.url))
    assert "speaks https on this port" in error.advice
    assert f"https://127.0.0.1:{seen.port}/v1" in error.advice


async def test_a_server_that_closes_without_a_word_may_speak_https() -> None:
    async with serving(HI, tls=server_side()) as seen:
        error = await problem_with(Endpoint(seen.url.replace("https://", "http://")))
    assert (error.kind, error.retryable) == (ErrorKind.NETWORK, True)
    assert "begin the base URL with https://" in error.advice


async def test_https_to_a_port_that_speaks_plain_http_is_diagnosed() -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await problem_with(Endpoint(f"https://127.0.0.1:{port}/v1"))
    server.close()
    assert error.kind is ErrorKind.TLS
    assert "begin the base URL with http://" in error.advice


@pytest.mark.parametrize("tls", [True, False])
async def test_the_profiles_proxy_is_used(tls: bool) -> None:
    async with proxying() as proxy, serving(HI, tls=server_side() if tls else None) as seen:
        endpoint = Endpoint(seen.url, ca_file=CA if tls else None, proxy=proxy.url)
        assert text_of(await ask(endpoint)) == "Hi"
        [asked] = proxy.asked
        assert asked.startswith("CONNECT 127.0.0.1" if tls else "POST http://127.0.0.1")


async def test_a_proxy_may_want_a_password_and_it_is_never_shown() -> None:
    async with proxying("me:secret-word") as proxy, serving(HI, tls=server_side()) as seen:
        with_password = proxy.url.replace("//", "//me:secret-word@")
        assert text_of(await ask(Endpoint(seen.url, ca_file=CA, proxy=with_password))) == "Hi"
        error = await problem_with(Endpoint(seen.url, ca_file=CA, proxy=proxy.url))
        assert (error.kind, "407" in error.message) == (ErrorKind.PROXY, True)
    gone = await problem_with(
        Endpoint("http://llm.example.com/v1", proxy="http://me:secret-word@127.0.0.1:9")
    )
    assert gone.kind is ErrorKind.PROXY
    assert "127.0.0.1:9" in gone.message
    assert "secret-word" not in gone.message + gone.advice


async def test_the_environments_proxy_is_used_only_where_the_profile_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with proxying() as proxy, serving(HI) as seen:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert text_of(await ask(Endpoint(seen.url))) == "Hi"
        assert proxy.asked == []
        assert text_of(await ask(Endpoint(seen.url, proxy="environment"))) == "Hi"
        assert len(proxy.asked) == 1
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert text_of(await ask(Endpoint(seen.url, proxy="environment"))) == "Hi"
        assert len(proxy.asked) == 1


async def test_a_proxy_that_is_none_is_said() -> None:
    with pytest.raises(ChatError, match="proxy of the profile") as caught:
        ChatClient(Endpoint("https://x.example/v1", proxy="ftp://x"))
    assert caught.value.kind is ErrorKind.SETUP


async def test_the_profiles_headers_are_sent_and_win() -> None:
    async with serving(HI) as seen:
        await ask(Endpoint(seen.url, KEY, {"X-Team": "blue", "Authorization": "Token other"}))
        headers = seen.requests[0][1]
    assert headers["x-team"] == "blue"
    assert headers["authorization"] == "Token other"


async def test_a_connection_that_is_never_made_has_its_own_clock() -> None:
    with black_hole() as url, pytest.raises(ChatError) as caught:
        await ask(Endpoint(url), replace(asking(), connect_s=0.2))
    assert (caught.value.kind, caught.value.retryable) == (ErrorKind.TIMEOUT_CONNECT, True)
