"""The chat in a browser: it works for who has its address, and nobody else gets in."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from support.terminal import isolated
from yarl import URL


@pytest.fixture
def address(tmp_path: Path) -> Iterator[URL]:
    """Where the command says that the chat is."""
    command = [sys.executable, "-m", "llmhub_tui", "web", "--port", "0", "--demo"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, env=isolated(tmp_path), text=True)
    assert child.stdout is not None
    found = re.search(r"http://\S+", child.stdout.readline())
    assert found is not None
    yield URL(found[0])
    child.terminate()
    child.communicate()


async def test_who_has_the_address_gets_the_chat(address: URL) -> None:
    jar = aiohttp.CookieJar(unsafe=True)  # 127.0.0.1 is no name
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(address) as page:
            assert page.status == 200
            assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        origin = str(address.origin())
        async with browser.ws_connect(address.with_path("/ws"), origin=origin) as socket:
            shown = b""
            while b"Offline demo" not in shown:
                message = await socket.receive(timeout=30)
                assert isinstance(message.data, bytes | str)
                shown += message.data.encode() if isinstance(message.data, str) else message.data


async def test_nobody_else_gets_in(address: URL) -> None:
    bare, origin = address.origin(), str(address.origin())
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession() as stranger, aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with stranger.get(bare) as page:
            assert page.status == 403
        async with stranger.get(address, headers={"Host": "evil.example"}) as page:
            assert page.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await stranger.ws_connect(bare / "ws", origin=origin)
        async with browser.get(address):
            pass
        with pytest.raises(
            aiohttp.WSServerHandshakeError, match="403"
        ):  # another site's page, in the same browser
            await browser.ws_connect(bare / "ws", origin="http://evil.example")
