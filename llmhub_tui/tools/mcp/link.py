"""The connection to one server: made in the background, and made again when it is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import anyio
import mcp_types as types
from mcp import Client, MCPError
from mcp.client import IncomingMessage

from llmhub_tui import __version__
from llmhub_tui.tools.mcp.config import ServerConfig
from llmhub_tui.tools.mcp.contents import prompt_text, resource_text, result_text
from llmhub_tui.tools.mcp.offers import Offer, PromptOffer, ResourceOffer, tool_name
from llmhub_tui.tools.mcp.transports import LastWords, http_way, stdio_way
from llmhub_tui.tools.tool import ToolError

_START_S: Final = 30.0
"""How long a server may take to start and to say what it has."""
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 60.0
_MOST: Final = 300
"""Tools, resources or prompts of one server; what is beyond is left out."""
_PAGES: Final = 20
_CHANGES: Final = (
    types.ToolListChangedNotification,
    types.PromptListChangedNotification,
    types.ResourceListChangedNotification,
)
P = TypeVar("P", bound=types.PaginatedResult)
_LONGEST_TEXT: Final = 4_000
_LARGEST_SCHEMA: Final = 64_000


@dataclass(frozen=True, slots=True)
class Found:
    """A tool as its server describes it; all of it is a stranger's text, limited in length."""

    name: str
    """The server's own."""
    full_name: str
    """For the model."""
    description: str
    schema: Mapping[str, Any]


class Link:
    """All of it runs on the loop that `run` runs on; what is read from elsewhere are whole values."""

    def __init__(self, config: ServerConfig) -> None:
        """Connects to nothing yet."""
        self.config = config
        self.state = "connecting"
        """For the user; empty while all is well."""
        self.found: tuple[Found, ...] = ()
        self.offers: tuple[Offer, ...] = ()
        self.settled = asyncio.Event()
        """Set once the first attempt has come to something."""
        self._client: Client | None = None
        self._lost = asyncio.Event()
        self._changed = asyncio.Event()
        self._again = asyncio.Event()

    async def run(self) -> None:
        """Connects, stays connected, and connects again, until it is canceled."""
        wait_s = _FIRST_WAIT_S
        while True:
            began = asyncio.get_running_loop().time()
            words = LastWords()
            problem = ""
            try:
                async with self._connected(words) as client:
                    await self._watch(client)
            except Exception as error:  # the boundary to a stranger's program and to the SDK
                problem = _innermost(error)
            finally:
                self._client = None
                last_words = await asyncio.to_thread(words.close)
            if asyncio.get_running_loop().time() - began > _LONGEST_WAIT_S:
                wait_s = _FIRST_WAIT_S
            said = f"{problem or 'the server has ended'}{': ' if last_words else ''}{last_words}"
            self.state = f"{said[:300]}; started again in {wait_s:g} s"
            self.settled.set()
            self._again.clear()
            with anyio.move_on_after(wait_s):
                await self._again.wait()
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
            self.state = "connecting again"

    @asynccontextmanager
    async def _connected(self, words: LastWords) -> AsyncIterator[Client]:
        self._lost, self._changed = asyncio.Event(), asyncio.Event()
        config = self.config
        way = stdio_way(config, words, self._lost) if config.command else http_way(config, self._lost)
        about = types.Implementation(name="llmhub-chat", version=__version__)
        with anyio.fail_after(_START_S) as patience:
            async with Client(way, client_info=about, cache=None, message_handler=self._heard) as client:
                await self._list(client)
                patience.deadline = float("inf")
                self._client, self.state = client, ""
                self.settled.set()
                yield client

    async def _watch(self, client: Client) -> None:
        """Asks again what there is whenever the server says that it has changed; returns when it is lost."""
        while not self._lost.is_set():
            waits = [asyncio.create_task(event.wait()) for event in (self._lost, self._changed)]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
            if self._changed.is_set():
                self._changed.clear()
                await self._list(client)

    async def _heard(self, message: IncomingMessage) -> None:
        if isinstance(message, _CHANGES):
            self._changed.set()

    async def _list(self, client: Client) -> None:
        """Asks what there is."""
        can, name = client.server_capabilities, self.config.name
        found: list[Found] = []
        offers: list[Offer] = []
        if can.tools:
            async for tools in _pages(client.list_tools):
                found += filter(None, map(self._found, tools.tools))
        if can.prompts:
            async for prompts in _pages(client.list_prompts):
                offers += (_prompt(name, prompt) for prompt in prompts.prompts)
        if can.resources:
            async for resources in _pages(client.list_resources):
                offers += (_resource(name, resource) for resource in resources.resources)
        self.found, self.offers = tuple(found[:_MOST]), tuple(offers[:_MOST])

    def _found(self, tool: types.Tool) -> Found | None:
        schema = tool.input_schema
        if len(json.dumps(schema)) > _LARGEST_SCHEMA:
            return None
        return Found(tool.name, tool_name(self.config.name, tool.name), _short(tool.description), schema)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """A tool's result.

        Raises:
            ToolError: with the tool's or the server's own words, or because the server has gone.
        """
        async with self._asking() as client:
            result = await client.call_tool(name, dict(arguments))
            text = result_text(result)
            if result.is_error:
                raise ToolError(text)
            return text

    async def read(self, uri: str) -> str:
        """What a resource holds; raises as `call`."""
        async with self._asking() as client:
            return resource_text(await client.read_resource(uri))

    async def prompt(self, name: str, arguments: Mapping[str, str]) -> str:
        """A prompt's text; raises as `call`."""
        async with self._asking() as client:
            return prompt_text(await client.get_prompt(name, dict(arguments)))

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[Client]:
        """The client; gives up at once where the server goes away in mid-call."""
        self._again.set()  # whoever needs it does not wait for the next attempt
        if self._client is None:
            raise ToolError(f"The server {self.config.name} is not connected: {self.state}")
        try:
            yield self._client
        except MCPError as error:
            if error.error.code == types.CONNECTION_CLOSED:
                self._lost.set()
                raise ToolError(f"The server {self.config.name} ended in the middle of the call.") from error
            raise ToolError(f"The server {self.config.name} says: {error.error.message}") from error
        except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError) as error:
            self._lost.set()
            raise ToolError(f"The server {self.config.name} has gone.") from error


async def _pages(fetch: Callable[..., Awaitable[P]]) -> AsyncIterator[P]:
    """All pages of a list; a server that never comes to an end is left after many."""
    cursor: str | None = None
    for _ in range(_PAGES):
        page = await fetch(cursor=cursor)
        yield page
        cursor = page.next_cursor
        if not cursor:
            return


def _prompt(server: str, prompt: types.Prompt) -> PromptOffer:
    arguments = tuple(
        (part.name, _short(part.description), bool(part.required)) for part in prompt.arguments or ()
    )
    return PromptOffer(server, prompt.name, _short(prompt.description), arguments)


def _resource(server: str, part: types.Resource) -> ResourceOffer:
    return ResourceOffer(server, str(part.uri), _short(part.name), _short(part.description))


def _short(text: str | None) -> str:
    return (text or "")[:_LONGEST_TEXT]


def _innermost(error: BaseException) -> str:
    """What went wrong, below the groups that task groups make of it."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return f"it did not answer within {_START_S:g} s"
    return str(error) or type(error).__name__
