"""The text of pages, and nothing else of them."""

from __future__ import annotations

import asyncio

import pytest
from support.boxes import built_ins, request_of, run_tool
from support.wire import reply, serving

from llmhub_tui.domain.tools import Problem
from llmhub_tui.tools.builtin import fetch
from llmhub_tui.tools.tool import ToolError

HTML = {"Content-Type": "text/html; charset=utf-8"}
TEXT = {"Content-Type": "text/plain"}


async def test_a_page_becomes_its_text() -> None:
    page = b"<title>News</title><style>p{}</style><script>alert(1)</script><p>One <b>two</b></p><p>Three</p>"
    async with serving(reply("200 OK", page, HTML)) as seen:
        result = await run_tool(built_ins(private_addresses=True), "fetch_url", url=seen.url)
    assert result.problem is None
    assert result.text.startswith("News\n\n")
    assert "alert" not in result.text
    assert "Three" in result.text


async def test_a_redirect_is_followed_and_an_endless_one_is_not() -> None:
    async with serving(
        reply("302 Found", b"", {"Location": "/v1/b"}), reply("200 OK", b"there", TEXT)
    ) as seen:
        box = built_ins(private_addresses=True)
        assert (await run_tool(box, "fetch_url", url=f"{seen.url}/a")).text == "there"
        assert [line.split()[1] for line, _, _ in seen.requests] == ["/v1/a", "/v1/b"]
    async with serving(reply("302 Found", b"", {"Location": "/v1/b"})) as seen:
        result = await run_tool(built_ins(private_addresses=True), "fetch_url", url=seen.url)
        assert "redirects" in result.text


async def test_each_redirect_is_checked_before_it_is_followed() -> None:
    """The first address counts as public here, so that a test can serve it; the second is judged as it is."""
    judged: list[str] = []

    def allows(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1 or fetch.is_public(address)

    async with serving(reply("200 OK", b"inside", TEXT)) as inside:
        away = reply("302 Found", b"", {"Location": f"http://127.0.0.1:{inside.port}/"})
        async with serving(away) as public:
            with pytest.raises(ToolError, match="no public address"):
                await fetch.fetcher(allows).run({"url": public.url})
        assert inside.requests == []
    assert len(judged) == 2


async def test_a_long_page_is_cut_and_a_picture_is_refused() -> None:
    async with serving(reply("200 OK", b"x" * (3 << 20), TEXT)) as seen:
        result = await run_tool(built_ins(private_addresses=True), "fetch_url", url=seen.url)
        assert len(result.text) < 60_000
    async with serving(reply("200 OK", b"\x89PNG", {"Content-Type": "image/png"})) as seen:
        result = await run_tool(built_ins(private_addresses=True), "fetch_url", url=seen.url)
        assert (result.problem, "no text" in result.text) == (Problem.FAILED, True)


async def test_a_page_that_is_not_there_says_its_status() -> None:
    async with serving(reply("404 Not Found", b"nothing", TEXT)) as seen:
        result = await run_tool(built_ins(private_addresses=True), "fetch_url", url=seen.url)
        assert result.text == "HTTP status 404\nnothing"


async def test_always_allows_the_same_host_and_no_other() -> None:
    request = await request_of(built_ins(), "fetch_url", url="https://docs.python.org/3/library/")
    assert request.alike == (("url", "https://docs.python.org/*"),)
    odd = await request_of(built_ins(), "fetch_url", url="https://a*b.example/x")
    assert odd.alike == (("url", "https://a[*]b.example/x"),)


async def test_all_addresses_of_a_name_must_be_public(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look_up(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    with pytest.raises(ToolError, match=r"10\.0\.0\.1"):
        await fetch.allowed_address("mixed.example", 80, fetch.is_public)
