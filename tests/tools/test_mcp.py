"""MCP servers: one from a registry, one that dies in mid-call, one that lies, one over HTTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support import mcp_http_server, mcp_server
from support.boxes import call_of, request_of, run_tool

from llmhub_tui.domain.tools import Problem
from llmhub_tui.tools.mcp.config import read_servers
from llmhub_tui.tools.mcp.offers import PromptOffer, ResourceOffer, may_mean
from llmhub_tui.tools.mcp.servers import McpServers
from llmhub_tui.tools.toolbox import Toolbox


def config_of(folder: Path, **servers: Mapping[str, Any]) -> Path:
    """A configuration file, as other programs write it."""
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": servers}))
    path.chmod(0o600)
    return path


@asynccontextmanager
async def connected(folder: Path, **servers: Mapping[str, Any]) -> AsyncIterator[tuple[McpServers, Toolbox]]:
    """Running servers, and a toolbox with all of their tools on."""
    running = McpServers(config_of(folder, **servers), {})
    try:
        box = Toolbox([running], limit_s=20)
        await box.offer(["*"])
        yield running, box
    finally:
        await asyncio.to_thread(running.close)


def own_server(log: Path) -> Mapping[str, Any]:
    """The test's own server."""
    return {"command": sys.executable, "args": [mcp_server.__file__, str(log)]}


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something that happens in another process."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_server_from_a_registry_is_driven_from_start_to_end(tmp_path: Path) -> None:
    time_server = {"command": sys.executable, "args": ["-m", "mcp_server_time", "--local-timezone=UTC"]}
    async with connected(tmp_path, time=time_server) as (servers, box):
        [listing] = await box.listings()
        names = [tool.name for tool in listing.tools]
        assert names == ["time__get_current_time", "time__convert_time"]
        assert servers.troubles() == []
        asked = await request_of(
            box,
            "time__convert_time",
            source_timezone="Europe/Paris",
            time="12:00",
            target_timezone="Asia/Tokyo",
        )
        assert asked.source == "MCP server time"
        result = await box.run(call_of("time__convert_time", **json.loads(asked.arguments)))
        assert result.problem is None
        assert json.loads(result.text)["target"]["timezone"] == "Asia/Tokyo"
        wrong = await run_tool(box, "time__get_current_time", timezone="Nowhere/City")
        assert wrong.problem is Problem.FAILED
        assert "Nowhere/City" in wrong.text
        missing = await run_tool(box, "time__get_current_time")
        assert missing.problem is Problem.INVALID


async def test_a_server_that_dies_in_mid_call_is_a_value_and_comes_back(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with connected(tmp_path, own=own_server(log)) as (servers, box):
        result = await run_tool(box, "own__crash")
        assert result.problem is Problem.FAILED
        assert "ended in the middle of the call" in result.text
        await until(lambda: bool(servers.troubles()))
        assert any("out of cheese" in line for line in servers.troubles())
        await until(lambda: log.read_text().count("started") == 2 and not servers.troubles())
        assert (await run_tool(box, "own__echo", a=1)).text == '{"a": 1}'


async def test_a_hostile_servers_text_is_named_limited_and_passed_on_as_data(tmp_path: Path) -> None:
    async with connected(tmp_path, own=own_server(tmp_path / "log")) as (_, box):
        [listing] = await box.listings()
        tools = {tool.name: tool for tool in listing.tools}
        assert "own__hostile_name_" in tools
        assert "own__monster" not in tools
        assert len(tools["own__huge"].description) < 5_000
        assert (await run_tool(box, "own__hostile_name_")).text == mcp_server.HOSTILE
        failed = await run_tool(box, "own__fail")
        assert (failed.problem, failed.text) == (Problem.FAILED, "no such thing")


async def test_a_call_that_is_stopped_is_stopped_at_the_server(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with connected(tmp_path, own=own_server(log)) as (_, box):
        call = asyncio.create_task(box.run(call_of("own__stall")))
        await asyncio.sleep(0.1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until(lambda: "canceled" in log.read_text())
        assert (await run_tool(box, "own__echo")).problem is None


async def test_tools_that_come_later_are_noticed(tmp_path: Path) -> None:
    async with connected(tmp_path, own=own_server(tmp_path / "log")) as (servers, box):
        assert (await run_tool(box, "own__grow")).text == "grown"
        async with asyncio.timeout(20):
            while "own__grown" not in [tool.name for tool in await servers.tools(())]:
                await asyncio.sleep(0.02)


async def test_prompts_and_resources_are_offered_and_read(tmp_path: Path) -> None:
    async with connected(tmp_path, own=own_server(tmp_path / "log")) as (servers, _):
        prompt, resource = servers.offers()
        assert isinstance(prompt, PromptOffer)
        assert prompt.arguments == (("file", "", True),)
        assert await servers.text_of(prompt, {"file": "a.py"}) == "Review a.py."
        assert isinstance(resource, ResourceOffer)
        assert await servers.text_of(resource, {}) == "The note's text."


async def test_a_server_over_http_gets_its_headers(tmp_path: Path) -> None:
    command = [sys.executable, mcp_http_server.__file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = await asyncio.to_thread(process.stdout.readline)
            url = f"http://127.0.0.1:{port.strip()}/mcp"
            good = {"type": "http", "url": url, "headers": {"X-Token": "sesame"}}
            async with connected(tmp_path, good=good, bad={"url": url}) as (servers, box):
                assert (await run_tool(box, "good__add", a=40, b=2)).text == "42"
                assert [line.split(":")[0] for line in servers.troubles()] == ["bad"]
        finally:
            process.terminate()


async def test_a_server_that_cannot_start_says_why_and_breaks_nothing(tmp_path: Path) -> None:
    broken = {"command": sys.executable, "args": ["-c", "import sys; sys.exit('no ticket')"]}
    none = {"command": "/no/such/program"}
    async with connected(tmp_path, broken=broken, none=none, own=own_server(tmp_path / "log")) as running:
        servers, box = running
        assert (await run_tool(box, "own__echo")).problem is None
        await until(lambda: len(servers.troubles()) == 2)
        said = " ".join(servers.troubles())
        assert "no ticket" in said
        assert "/no/such/program" in said


def test_a_configuration_of_other_programs_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(
        json.dumps(
            {
                "servers": {
                    "one": {"command": "npx", "args": ["-y", "x", "${HOME}/docs"], "env": {"K": "${env:K}"}},
                    "two": {"type": "http", "url": "https://x/mcp", "headers": {"A": "B ${T:-none}"}},
                    "off": {"command": "x", "disabled": True},
                    "old": {"type": "sse", "url": "https://x"},
                    "both": {"command": "x", "url": "https://x"},
                    "file": {"url": "file:///etc/passwd"},
                    "lost": {"command": "x", "env": {"K": "${NOT_THERE}"}},
                    "odd": [],
                }
            }
        )
    )
    path.chmod(0o600)
    servers, troubles = read_servers(path, {"HOME": "/home/me", "K": "v"})
    assert [(server.name, server.args, server.env, server.headers) for server in servers] == [
        ("one", ("-y", "x", "/home/me/docs"), {"K": "v"}, {}),
        ("two", (), {}, {"A": "B none"}),
    ]
    assert [line.split(": ")[1] for line in troubles] == ["old", "both", "file", "lost", "odd"]


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"mcpServers": 3}', "\xff"])
def test_a_configuration_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mcp.json"
    path.write_text(text, encoding="latin-1")
    path.chmod(0o600)
    servers, [trouble] = read_servers(path, {})
    assert servers == []
    assert trouble.startswith("mcp.json: ")
    path.chmod(0o666)
    assert "others may write" in read_servers(path, {})[1][0]


def test_names_and_patterns_lead_to_their_server() -> None:
    assert may_mean("time__now", "time")
    assert may_mean("time__*", "time")
    assert may_mean("*", "time")
    assert may_mean("t*", "time")
    assert not may_mean("current_time", "time")
    assert not may_mean("other__*", "time")
