"""A server and the way to it: proxy, certificates, headers, and whether a key may travel there."""

from __future__ import annotations

import ipaddress
import re
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2
from openai import Omit

from llmhub_tui.api.redaction import Redactor
from llmhub_tui.api.request import Continuation
from llmhub_tui.api.transport import WireTransport
from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.domain.secret import Secret
from llmhub_tui.domain.wire import WireTap

ENVIRONMENT: Final = "environment"
"""As a proxy: the one that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name."""

_HEADER_NAME: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_KEY_HEADER: Final = re.compile("auth|key|token|secret|cookie", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server, and how to talk to it."""

    base_url: str
    key: Secret | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None
    """None means none: the environment's proxy is used only where this says `environment`."""
    ca_file: str | None = None
    continuation: Continuation = "auto"

    @property
    def proxy_url(self) -> str | None:
        """The proxy that requests go through."""
        if self.proxy != ENVIRONMENT:
            return self.proxy
        parts = urlsplit(self.base_url)
        if urllib.request.proxy_bypass(parts.netloc):
            return None
        known = urllib.request.getproxies()
        return known.get(parts.scheme) or known.get("all")

    @property
    def all_headers(self) -> dict[str, str | Omit]:
        """The headers of every request, beside those that the SDK adds; `Omit` takes one of those away."""
        headers: dict[str, str | Omit] = {"Accept-Encoding": "identity", **self.headers}
        omitted = ["OpenAI-Organization", "OpenAI-Project"]  # the SDK takes them from the environment
        if self.key is None:
            omitted.append("Authorization")
        known = {name.lower() for name in self.headers}
        return headers | {name: Omit() for name in omitted if name.lower() not in known}


def transport_to(
    endpoint: Endpoint, taps: Sequence[WireTap], inner: httpx2.AsyncBaseTransport | None = None
) -> WireTransport:
    """The way to a server; nothing is sent yet.

    Args:
        endpoint: the server.
        taps: are told of all that passes.
        inner: instead of the network.

    Raises:
        ChatError: if the key would travel in the clear, or headers, proxy or CA file cannot be used.
    """
    _check_key_is_safe(endpoint)
    _check_headers(endpoint.headers)
    redactor = Redactor(endpoint.key, endpoint.headers)
    if inner is not None:
        return WireTransport(inner, redactor, taps)
    try:
        trusted = httpx2.create_ssl_context(trust_env=False)
        if endpoint.ca_file:
            trusted.load_verify_locations(str(Path(endpoint.ca_file).expanduser()))
    except (OSError, ValueError) as error:
        message = f"the CA file {endpoint.ca_file!r} of the profile cannot be used: {error}"
        raise ChatError(ErrorKind.SETUP, message, advice="It holds certificates in PEM form.") from error
    try:
        network = httpx2.AsyncHTTPTransport(verify=trusted, trust_env=False, proxy=endpoint.proxy_url)
    except (ImportError, ValueError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        message = f"the proxy of the profile cannot be used: {error}"
        raise ChatError(ErrorKind.SETUP, message, advice="For instance: http://127.0.0.1:3128.") from error
    return WireTransport(network, redactor, taps)


def _check_key_is_safe(endpoint: Endpoint) -> None:
    """Refuses to send a key where others can read it; headers of the profile may hold one as well."""
    parts = urlsplit(endpoint.base_url)
    keys = _key_headers(endpoint)  # made in any case, since from then on they are in no error
    if parts.scheme == "https" or (endpoint.key is None and not keys):
        return
    if not is_loopback(parts.hostname or ""):
        raise ChatError(
            ErrorKind.SETUP,
            f"the key is not sent over plain http to {parts.hostname}",
            advice="Begin the base URL with https://, or use a profile without a key.",
        )
    if (proxy := endpoint.proxy_url) and not is_loopback(urlsplit(proxy).hostname or ""):
        raise ChatError(
            ErrorKind.SETUP,
            "the key is not sent over plain http through a proxy",
            advice="Remove the proxy from the profile: a server on this machine needs none.",
        )


def _check_headers(headers: Mapping[str, str]) -> None:
    """Refuses what HTTP cannot carry, without showing a value, which may be a key."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not value.isascii() or not value.isprintable():
            raise ChatError(
                ErrorKind.SETUP,
                f"the header {name!r} of the profile cannot be sent",
                advice="Its name has no spaces or colons, and its value is one line of plain ASCII.",
            )


def _key_headers(endpoint: Endpoint) -> list[Secret]:
    """The keys among the profile's own headers."""
    values = [value for name, value in endpoint.headers.items() if _KEY_HEADER.search(name)]
    words = [word for value in values for word in value.split()]
    return [Secret(word) for word in words if word.isascii() and word.isprintable() and len(word) > 7]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
