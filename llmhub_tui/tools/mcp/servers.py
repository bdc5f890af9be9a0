"""All servers of the configuration, on a thread and an event loop of their own."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from llmhub_tui.tools.mcp.config import ServerConfig, read_servers
from llmhub_tui.tools.mcp.offers import Offer, PromptOffer, ResourceOffer, may_mean
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

if TYPE_CHECKING:
    from llmhub_tui.tools.mcp.link import Found, Link

T = TypeVar("T")
_WAIT_S: Final = 15.0
"""How long a turn waits for a server that is just starting and whose tools it wants."""
_CLOSE_S: Final = 6.0
_MISSING: Final = "mcp.json names servers, and the SDK is not there; run: pip install 'llmhub-tui[mcp]'"


class McpServers:
    """Servers run from `start` to `close`; a server that cannot be reached breaks nothing but itself."""

    title = "MCP servers (mcp.json)"

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        """Reads the configuration; starts nothing."""
        self._configs, self._problems = read_servers(path, environ)
        if self._configs and importlib.util.find_spec("mcp") is None:
            self._configs, self._problems = [], [*self._problems, _MISSING]
        self._links: dict[str, Link] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._up = threading.Event()
        self._stop: asyncio.Event | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._begun: set[str] = set()
        self._connecting: list[Future[None]] = []

    def start(self, wanted: Sequence[str] = ("*",)) -> None:
        """Begins to connect, in the background, to the servers whose tools are wanted."""
        configs = [
            config
            for config in self._configs
            if config.name not in self._begun and _wanted(config.name, wanted)
        ]
        if not configs:
            return
        self._begun |= {config.name for config in configs}
        if self._thread is None:
            self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="mcp", daemon=True)
            self._thread.start()
            self._up.wait()
        if self._loop is not None:
            self._connecting.append(asyncio.run_coroutine_threadsafe(self._connect(configs), self._loop))

    def close(self) -> None:
        """Ends all servers."""
        if self._thread is not None and self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(_CLOSE_S)

    async def tools(self, wanted: Sequence[str]) -> Sequence[Tool]:
        """Those of all connected servers; waits for servers that are wanted and just starting."""
        if wanted:
            self.start(wanted)
            await asyncio.gather(*(asyncio.wrap_future(future) for future in self._connecting))
            self._connecting.clear()
            links = [link for name, link in self._links.items() if _wanted(name, wanted)]
            await asyncio.gather(*(self._run(_settled(link)) for link in links))
        return [self._tool(link, found) for link in self._links.values() for found in link.found]

    def troubles(self) -> Sequence[str]:
        """What is wrong with the configuration, and which servers are not connected."""
        states = [f"{name}: {link.state}" for name, link in self._links.items() if link.state]
        return [*self._problems, *states]

    def offers(self) -> Sequence[Offer]:
        """The prompts and resources of all connected servers."""
        return [offer for link in self._links.values() if not link.state for offer in link.offers]

    async def text_of(self, offer: Offer, arguments: Mapping[str, str]) -> str:
        """What a prompt or a resource says.

        Raises:
            ToolError: if its server does not hand it over.
        """
        link = self._links[offer.server]
        match offer:
            case PromptOffer():
                return await self._run(link.prompt(offer.name, arguments))
            case ResourceOffer():
                return await self._run(link.read(offer.uri))

    def _tool(self, link: Link, found: Found) -> Tool:
        async def run(arguments: Arguments) -> str:
            return await self._run(link.call(found.name, arguments))

        source = f"MCP server {link.config.name}"
        return Tool(found.full_name, found.description, found.schema, source, run)

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs something on the servers' loop; when canceled here, it is canceled there."""
        if self._loop is None:
            work.close()
            raise ToolError("no server is running")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _main(self) -> None:
        for name in ("mcp", "httpx2", "httpcore2"):  # what they log would land on the screen
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._up.set()
        await self._stop.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, configs: Sequence[ServerConfig]) -> None:
        from llmhub_tui.tools.mcp.link import Link  # the SDK: more than a second, on this thread alone

        for config in configs:
            link = Link(config)
            self._links = {**self._links, config.name: link}
            self._tasks.add(asyncio.create_task(link.run(), name=f"mcp {config.name}"))


def _wanted(server: str, patterns: Sequence[str]) -> bool:
    return any(may_mean(pattern, server) for pattern in patterns)


async def _settled(link: Link) -> None:
    try:
        async with asyncio.timeout(_WAIT_S):
            await link.settled.wait()
    except TimeoutError:
        pass  # it is not there yet; the turn goes on without
