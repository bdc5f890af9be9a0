"""No way out of the allowed folders and no request to a private address: each way is tried."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from support.boxes import built_ins, run_tool
from support.wire import reply, serving

from llmhub_tui.domain.tools import Problem
from llmhub_tui.tools.builtin.fetch import is_public
from llmhub_tui.tools.builtin.roots import Roots
from llmhub_tui.tools.tool import ToolError

SECRET = "the secret"
ANY = ".".join("0000")
"""The address that stands for all of this machine's own."""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """An open folder with links out of it, beside a closed one."""
    root, outside = tmp_path / "open", tmp_path / "closed"
    (root / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    (root / "a.txt").write_text("hello")
    (root / "file_link").symlink_to(outside / "secret.txt")
    (root / "folder_link").symlink_to(outside)
    (root / "sub" / "up_link").symlink_to("../..")
    (root / "inner_link").symlink_to("a.txt")
    return root


ESCAPES = [
    "../closed/secret.txt",
    "sub/../../closed/secret.txt",
    "file_link",
    "folder_link/secret.txt",
    "sub/up_link/closed/secret.txt",
    "{closed}/secret.txt",
    "/proc/self/root{closed}/secret.txt",
    "~/../{closed}/secret.txt",
    "/etc/passwd",
    "a.txt\0",
    "",
]


@pytest.mark.parametrize("path", ESCAPES)
async def test_no_path_leads_out_to_read(world: Path, path: str) -> None:
    path = path.replace("{closed}", str(world.parent / "closed"))
    result = await run_tool(built_ins(world), "read_file", path=path)
    assert result.problem is Problem.FAILED
    assert SECRET not in result.text


@pytest.mark.parametrize("path", ["..", "folder_link", "sub/up_link/closed", "/", "~"])
async def test_no_path_leads_out_to_list_or_search(world: Path, path: str) -> None:
    box = built_ins(world)
    listed = await run_tool(box, "list_directory", path=path)
    found = await run_tool(box, "search_files", path=path, text="secret")
    assert {listed.problem, found.problem} == {Problem.FAILED}
    assert "secret.txt" not in listed.text + found.text


async def test_a_search_goes_through_no_link(world: Path) -> None:
    assert (
        await run_tool(built_ins(world), "search_files", path=".", text="secret")
    ).text == "Nothing found."
    assert "a.txt:1: hello" in (await run_tool(built_ins(world), "search_files", path=".", text="hello")).text


@pytest.mark.parametrize(
    "path", ["../closed/new.txt", "folder_link/new.txt", "file_link", "{closed}/new.txt"]
)
async def test_no_path_leads_out_to_write(world: Path, path: str) -> None:
    closed = world.parent / "closed"
    result = await run_tool(
        built_ins(world), "write_file", path=path.replace("{closed}", str(closed)), content="mine"
    )
    assert result.problem is Problem.FAILED
    assert [file.name for file in closed.iterdir()] == ["secret.txt"]
    assert (closed / "secret.txt").read_text() == SECRET


async def test_a_link_inside_may_be_followed(world: Path) -> None:
    assert (await run_tool(built_ins(world), "read_file", path="inner_link")).text == "hello"


@contextmanager
def swapping(inside: Path, outside: Path) -> Iterator[None]:
    """A folder that is now itself, now a link to another, as fast as this machine can."""
    done = threading.Event()

    def swap() -> None:
        real, link = inside.with_name("real"), inside.with_name("link")
        link.symlink_to(outside)
        while not done.is_set():
            for new in (link, real):
                with suppress(OSError):
                    os.rename(inside, real if new is link else link)
                    os.rename(new, inside)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_folder_swapped_for_a_link_meanwhile_leads_nowhere(world: Path) -> None:
    closed = world.parent / "closed"
    (world / "sub" / "up_link").unlink()
    (world / "sub" / "secret.txt").write_text("harmless")
    roots = Roots([world])
    seen = set()
    with swapping(world / "sub", closed):
        for _ in range(3000):
            with suppress(ToolError):
                seen.add(roots.read(roots.place("sub/secret.txt"), 100)[0])
    assert seen <= {b"harmless"}


def test_a_link_put_in_place_after_the_check_is_not_followed(world: Path) -> None:
    roots = Roots([world])
    place = roots.place("a.txt")
    (world / "a.txt").unlink()
    (world / "a.txt").symlink_to(world.parent / "closed" / "secret.txt")
    with pytest.raises(ToolError, match="link"):
        roots.read(place, 100)
    folder = roots.place("sub/x")
    os.rename(world / "sub", world / "gone")
    (world / "sub").symlink_to(world.parent / "closed")
    with pytest.raises(ToolError, match="link"):
        roots.read(folder, 100)


async def test_what_is_no_regular_file_is_not_opened_for_long(world: Path) -> None:
    os.mkfifo(world / "pipe")
    result = await run_tool(built_ins(world), "read_file", path="pipe")
    assert "no regular file" in result.text


async def test_the_chats_own_files_are_closed_even_inside_a_root(world: Path) -> None:
    (world / "conf").mkdir()
    (world / "conf" / "config.toml").write_text("key")
    box = built_ins(world, hidden=[world / "conf"])
    assert "closed to tools" in (await run_tool(box, "read_file", path="conf/config.toml")).text


async def test_without_roots_no_file_is_seen() -> None:
    result = await run_tool(built_ins(), "read_file", path="/etc/hostname")
    assert "no folder is open" in result.text


PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    ANY,
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known_in_every_wrapping(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", ANY, "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"],
)
async def test_loopback_is_not_fetched_however_it_is_written(host: str) -> None:
    async with serving(reply("200 OK", b"inside", {"Content-Type": "text/plain"})) as seen:
        result = await run_tool(built_ins(), "fetch_url", url=f"http://{host}:{seen.port}/")
        assert result.problem is Problem.FAILED
        assert seen.requests == []


def resolving(monkeypatch: pytest.MonkeyPatch, **names: str) -> None:
    """Makes names lead to addresses, as a name server would."""
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        key = str(host).replace(".", "_")
        return real(names.get(key, host), port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


async def test_a_name_that_leads_to_a_private_address_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, innocent_example="127.0.0.1")
    async with serving(reply("200 OK", b"inside", {"Content-Type": "text/plain"})) as seen:
        result = await run_tool(built_ins(), "fetch_url", url=f"http://innocent.example:{seen.port}/")
        assert "no public address" in result.text
        assert seen.requests == []


async def test_a_redirect_to_another_scheme_is_not_followed() -> None:
    away = reply("302 Found", b"", {"Location": "file:///etc/passwd"})
    async with serving(away) as seen:
        box = built_ins(private_addresses=True)
        result = await run_tool(box, "fetch_url", url=f"{seen.url}/")
        assert "only http and https" in result.text


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://",
        "http://user:pw@example.org/",
        "//x",
        "http://[::1",
    ],
)
async def test_what_is_no_plain_web_address_is_not_fetched(url: str) -> None:
    assert (await run_tool(built_ins(), "fetch_url", url=url)).problem is Problem.FAILED
