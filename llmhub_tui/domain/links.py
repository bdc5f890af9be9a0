"""Where a link really leads: what is shown before it is opened, and what then is opened."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from llmhub_tui.domain.plain import plain_line

_SAFE: Final = "/%:@!$&'()*+,;=~-._?"
_LONGEST: Final = 2000
"""Characters; what is longer is no address but a message to somebody."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be opened: http, https or mailto, all ASCII."""

    url: str
    host: str
    """The host's name as it is looked up, with `xn--` where it is not ASCII; for mail, the recipient."""
    warning: str = ""
    """Why it may not lead where it seems to."""


def read_link(text: str) -> Target | None:
    """The target of a link; `None` where it is none that may be opened."""
    if len(text) > _LONGEST or any(char.isspace() or not char.isprintable() for char in text):
        return None
    try:
        parts = urlsplit(text)
        scheme, host = parts.scheme.lower(), unquote(parts.hostname or "")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return None
    query, fragment = quote(parts.query, safe=_SAFE), quote(parts.fragment, safe=_SAFE)
    path = quote(parts.path, safe=_SAFE)
    if scheme == "mailto":
        url = urlunsplit((scheme, "", path, query, ""))
        return Target(url, unquote(path)) if "@" in path and unquote(path).isascii() else None
    ascii_host = _looked_up(host)
    if scheme not in ("http", "https") or not ascii_host or "\\" in parts.netloc:
        return None
    shown = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    warnings = []
    if parts.username is not None or parts.password is not None:
        warnings.append("What stands before the @ is left out: it is no part of the address.")
    if ascii_host != host.lower().rstrip("."):
        kind = "mixes scripts" if _scripts(host) > 1 else "is not plain ASCII"
        warnings.append(f"The name {kind}: it is written {plain_line(host, 100)}.")
    return Target(urlunsplit((scheme, shown + port, path, query, fragment)), ascii_host, " ".join(warnings))


def _looked_up(host: str) -> str:
    """The name that is asked for on the network; empty where it can be none."""
    try:
        found = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    kept = found.replace("-", "").replace(".", "").replace(":", "").replace("_", "")
    return found if kept.isalnum() and not found.startswith("-") else ""


def _scripts(host: str) -> int:
    """How many scripts the letters of a name belong to."""
    return len({unicodedata.name(char, "?").split(" ", 1)[0] for char in host if char.isalpha()})
