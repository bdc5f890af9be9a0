"""Fetches a page from the public internet, and from nowhere else unless that is allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin, urlsplit

from llmhub_tui import __version__
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

if TYPE_CHECKING:
    import httpcore2

_LARGEST: Final = 2 << 20
"""Bytes of a response; the rest is not read."""
_REDIRECTS: Final = 5
_LIMIT_S: Final = 30.0
_STEP_S: Final = 10.0
"""Seconds for connecting, and between two pieces."""
_TEXT: Final = ("text/", "application/json", "application/xml", "application/javascript", "+json", "+xml")
_QUERY: Final = "/%:@!$&'()*+,;=~-._?[]"
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as NAT64 writes them."""
_SCHEMA: Final = {
    "type": "object",
    "properties": {"url": {"type": "string", "description": "http or https."}},
    "required": ["url"],
    "additionalProperties": False,
}


def fetcher(allows: Callable[[str], bool]) -> Tool:
    """Fetches a URL from an address that is allowed."""

    async def run(arguments: Arguments) -> str:
        return await _fetch(arguments["url"], allows)

    return Tool(
        "fetch_url",
        "Fetches a web page with GET and answers with its text.",
        _SCHEMA,
        "built-in",
        run,
        alike=_same_host,
        limit_s=_LIMIT_S,
    )


def _same_host(arguments: Arguments) -> dict[str, str]:
    try:
        parts = urlsplit(arguments["url"])
    except ValueError:
        return {}
    host = parts.netloc
    plain = parts.scheme in ("http", "https") and host and not set("[]*?@\\ ") & set(host)
    return {"url": f"{parts.scheme}://{host}/*"} if plain else {}


@dataclass(frozen=True, slots=True)
class _Redirect:
    """Another place to look."""

    url: str


async def _fetch(url: str, allows: Callable[[str], bool]) -> str:
    import httpcore2  # 60 ms, at the first fetch

    class Backend(httpcore2.AsyncNetworkBackend):
        """Connects to the address that was checked, so that a name cannot lead elsewhere afterwards."""

        def __init__(self) -> None:
            self._below = httpcore2.AnyIOBackend()

        async def connect_tcp(
            self,
            host: str,
            port: int,
            timeout: float | None = None,
            local_address: str | None = None,
            socket_options: Iterable[Any] | None = None,
        ) -> httpcore2.AsyncNetworkStream:
            address = await allowed_address(host, port, allows)
            return await self._below.connect_tcp(address, port, timeout, local_address, socket_options)

    async with httpcore2.AsyncConnectionPool(network_backend=Backend()) as pool:
        try:
            for _ in range(_REDIRECTS + 1):
                answer = await _get(pool, _checked(url))
                if isinstance(answer, str):
                    return answer
                url = urljoin(url, answer.url)
        except (
            httpcore2.TimeoutException,
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.UnsupportedProtocol,
        ) as error:
            raise ToolError(f"{url} cannot be fetched: {str(error) or type(error).__name__}") from error
    raise ToolError(f"more than {_REDIRECTS} redirects")


def _checked(url: str) -> str:
    """A URL in the form that goes over the wire."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = parts.port
    except ValueError as error:
        raise ToolError(f"this is no URL: {error}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ToolError("only http and https URLs with a host can be fetched")
    if parts.username or parts.password:
        raise ToolError("a URL with a name and password in it is not fetched")
    place = f"[{host}]" if ":" in host else host
    place = f"{place}:{port}" if port is not None else place
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe=_QUERY)}" if parts.query else ""
    return f"{parts.scheme}://{place}{path}{query}"


async def allowed_address(host: str, port: int, allows: Callable[[str], bool]) -> str:
    """The address to connect to. All that a name leads to must be allowed.

    Raises:
        ToolError: if one of them is not, or there is none.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ToolError(f"there is no host {host}") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise ToolError(f"there is no host {host}")
    for address in addresses:
        if not allows(address):
            leads = "" if address == host else f" leads to {address}, which"
            raise ToolError(f"{host}{leads} is no public address and is not fetched")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address lies in the public internet, whatever it is wrapped in."""
    address = ipaddress.ip_address(text.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


async def _get(pool: httpcore2.AsyncConnectionPool, url: str) -> str | _Redirect:
    headers: dict[str | bytes, str | bytes] = {
        "User-Agent": f"llmhub-chat/{__version__}",
        "Accept": "text/html, text/*;q=0.9, application/json;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity",
    }
    patience = {"connect": _STEP_S, "read": _STEP_S, "write": _STEP_S, "pool": _STEP_S}
    async with pool.stream("GET", url, headers=headers, extensions={"timeout": patience}) as response:
        fields = {name.lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in (301, 302, 303, 307, 308) and b"location" in fields:
            return _Redirect(fields[b"location"])
        kind = fields.get(b"content-type", "text/plain").lower()
        if fields.get(b"content-encoding", "identity").lower() not in ("", "identity"):
            raise ToolError(f"{url} answers in an encoding that was not asked for")
        if not any(known in kind for known in _TEXT):
            raise ToolError(f"{url} is {kind.split(';')[0][:80]}, which is no text")
        data = bytearray()
        async for part in response.aiter_stream():
            data += part
            if len(data) > _LARGEST:
                break
    text = await asyncio.to_thread(_readable, bytes(data[:_LARGEST]), kind)
    cut = f"\n… (cut at {_LARGEST >> 20} MB)" if len(data) > _LARGEST else ""
    status = "" if response.status < 400 else f"HTTP status {response.status}\n"
    return f"{status}{text}{cut}" or "(empty)"


def _readable(data: bytes, kind: str) -> str:
    """The text of a page, without its markup, scripts and styles."""
    encoding = kind.partition("charset=")[2].split(";")[0].strip("\"' ") or "utf-8"
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    if "html" not in kind:
        return text
    from selectolax.lexbor import LexborHTMLParser  # 20 ms, at the first page

    page = LexborHTMLParser(text)
    page.strip_tags(["script", "style", "noscript", "template", "svg", "iframe"])
    title = page.css_first("title")
    head = f"{title.text(strip=True)}\n\n" if title is not None else ""
    body = page.body.text(separator="\n", strip=True) if page.body is not None else ""
    return head + re.sub(r"\n\s*\n+", "\n", body)
