"""Which servers there are: a file in the format that other programs use, so that it can be pasted."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_VARIABLE: Final = re.compile(r"\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}")
_KEYS: Final = ("mcpServers", "servers")
"""What the table of servers is called: by most programs, and by VS Code."""


class ConfigError(ValueError):
    """A configuration that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One server: a program to start, or an address."""

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.command) == bool(self.url):
            raise ConfigError(f"{self.name}: it needs either a command or a url")
        if self.url and not self.url.startswith(("http://", "https://")):
            raise ConfigError(f"{self.name}: its url must begin with http:// or https://")


def read_servers(path: Path, environ: Mapping[str, str]) -> tuple[list[ServerConfig], list[str]]:
    """The servers in a file, and what is wrong with others; neither where there is no file."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o022:
            return [], [f"{path.name}: others may write to it; run: chmod go-w {path}"]
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError, RecursionError) as error:
        return [], [f"{path.name}: {error}"]
    tables = [document[key] for key in _KEYS if isinstance(document, dict) and key in document]
    if not tables or not isinstance(tables[0], dict):
        return [], [f"{path.name}: it has no table {_KEYS[0]!r}"]
    found: list[ServerConfig] = []
    troubles: list[str] = []
    for name, entry in tables[0].items():
        try:
            if not (isinstance(entry, dict) and entry.get("disabled") is True):
                found.append(_server(name, entry, environ))
        except ConfigError as error:
            troubles.append(f"{path.name}: {error}")
    return found, troubles


def _server(name: str, entry: object, environ: Mapping[str, str]) -> ServerConfig:
    if not isinstance(entry, dict):
        raise ConfigError(f"{name}: it is no table")
    if entry.get("type") == "sse" or entry.get("transport") == "sse":
        raise ConfigError(f"{name}: the old SSE transport is not supported; ask for streamable HTTP")

    def text(value: object) -> str:
        if not isinstance(value, str):
            raise ConfigError(f"{name}: {value!r} is no text")
        return _expanded(name, value, environ)

    def texts(value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise ConfigError(f"{name}: {value!r} is no table")
        return {str(key): text(item) for key, item in value.items()}

    args = entry.get("args", [])
    if not isinstance(args, list):
        raise ConfigError(f"{name}: its args are no list")
    return ServerConfig(
        name,
        command=text(entry.get("command", "")),
        args=tuple(text(argument) for argument in args),
        env=texts(entry.get("env", {})),
        cwd=text(entry["cwd"]) if entry.get("cwd") else None,
        url=text(entry.get("url") or entry.get("serverUrl") or entry.get("httpUrl") or ""),
        headers=texts(entry.get("headers", {})),
    )


def _expanded(name: str, text: str, environ: Mapping[str, str]) -> str:
    """A text with `${NAME}`, `${env:NAME}` and `${NAME:-default}` replaced."""

    def value(found: re.Match[str]) -> str:
        if found[1] in environ:
            return environ[found[1]]
        if found[2] is None:
            raise ConfigError(f"{name}: the environment has no {found[1]}")
        return found[2]

    return _VARIABLE.sub(value, text)
