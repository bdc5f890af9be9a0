"""The exceptions of the SDK and its HTTP library, translated once into `ChatError`."""

from __future__ import annotations

import email.utils
import ssl
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx2
import openai

from llmhub_tui.api.diagnosis import url_advice
from llmhub_tui.api.endpoint import Endpoint
from llmhub_tui.api.server_words import ServerWords, error_from_body, find_words
from llmhub_tui.domain.errors import ChatError, ErrorKind

LIBRARY_ERRORS: Final = (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError)


def translated(error: Exception, endpoint: Endpoint) -> ChatError:
    """What a library's exception means to the user."""
    if isinstance(error, openai.APIStatusError):
        found = _of_status(error, endpoint.base_url)
    else:
        cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else error
        if isinstance(cause, ChatError):
            return cause  # raised below the SDK, by our own transport
        found = _of_transport(cause if isinstance(cause, Exception) else error, endpoint)
    return found


def _of_status(error: openai.APIStatusError, base_url: str) -> ChatError:
    response = error.response
    status = response.status_code
    if 300 <= status < 400:
        where = _address(response.headers.get("location", ""))
        return ChatError(
            ErrorKind.PROTOCOL,
            f"HTTP {status}: the server sends us to {where[:200] or 'nowhere'}",
            advice="Set that address as the base URL, if you trust it; a key is never sent after a redirect.",
            status=status,
            retryable=False,
        )
    found = error_from_body(response.content, status, retry_after(response.headers))
    advice = url_advice(base_url, find_words(response.content), found.kind)
    found.advice = advice or found.advice
    return found


def _address(location: str) -> str:
    """Where a redirect leads, without its query, which may hold anything; empty where it leads nowhere."""
    try:
        target = urlsplit(location)
    except ValueError:
        return ""
    return f"{target.scheme}://{target.netloc}{target.path}" if target.netloc else target.path


def _of_transport(error: Exception, endpoint: Endpoint) -> ChatError:
    base_url, proxy = endpoint.base_url, endpoint.proxy_url
    host = urlsplit(base_url).netloc or base_url
    chain = _chain(error)
    said = " ".join(f"{type(part).__name__} {part}" for part in chain)
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        advice = "Check the base URL, then retry."
        if base_url.startswith("https:"):
            advice = (
                "Check the base URL, then retry; a server may leave https unanswered that speaks plain http."
            )
        return ChatError(ErrorKind.TIMEOUT_CONNECT, f"{host} could not be reached in time", advice=advice)
    if isinstance(error, httpx2.ProxyError):
        return ChatError(ErrorKind.PROXY, f"the proxy did not let us through to {host}: {_short(chain)}")
    if any(isinstance(part, ssl.SSLError) for part in chain) or "SSL" in said or "CERTIFICATE" in said:
        advice = ""
        if "WRONG_VERSION_NUMBER" in said or "record layer" in said:
            advice = "The server speaks plain http on this port; begin the base URL with http://."
        return ChatError(ErrorKind.TLS, f"no trusted connection to {host}: {_short(chain)}", advice=advice)
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return ChatError(ErrorKind.SETUP, f"the base URL {base_url!r} is no web address")
    if isinstance(error, httpx2.ConnectError) and proxy:
        where = urlsplit(proxy).netloc.rpartition("@")[2]
        return ChatError(ErrorKind.PROXY, f"the proxy cannot be reached: {_unreachable(where, said)}")
    if isinstance(error, httpx2.ConnectError):
        return ChatError(ErrorKind.NETWORK, _unreachable(host, said))
    if advice := url_advice(base_url, ServerWords(said), ErrorKind.NETWORK):
        return ChatError(ErrorKind.PROTOCOL, f"{host} does not answer in plain http", advice=advice)
    if "without sending a response" in said and base_url.startswith("http:"):
        advice = "Is it the right port? If the server speaks https, begin the base URL with https://."
        return ChatError(ErrorKind.NETWORK, f"{host} closed the connection without a word", advice=advice)
    if isinstance(error, httpx2.TransportError | httpx2.StreamError):
        return ChatError(ErrorKind.NETWORK, f"the connection to {host} was lost")
    return ChatError(ErrorKind.PROTOCOL, f"the answer of {host} could not be read: {_short(chain)}")


def _unreachable(host: str, said: str) -> str:
    words = said.lower()
    if "refused" in words:
        return f"nothing listens at {host} (connection refused)"
    if any(hint in words for hint in ("name or service", "nodename", "name resolution", "getaddrinfo")):
        return f"the name of {host} could not be resolved"
    if "unreachable" in words or "no route" in words:
        return f"there is no network route to {host}"
    return f"no connection to {host}"


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and len(found) < 8:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _short(chain: list[BaseException]) -> str:
    return next((text for part in chain if (text := str(part).strip())), "no reason given")[:200]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            return max(0.0, float(value) * scale)
        except ValueError:
            pass
        try:
            return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
        except (TypeError, ValueError):
            continue
    return None
