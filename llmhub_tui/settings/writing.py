"""Changes the settings file: the user's comments and order stay, and a broken file is never written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from llmhub_tui.domain.errors import ChatError, ErrorKind
from llmhub_tui.settings.reading import parse_settings
from llmhub_tui.settings.tools import Permission


def keep_permissions(path: Path, always: Sequence[Permission], never: Sequence[str]) -> None:
    """Writes what was allowed and refused for good.

    Raises:
        ChatError: of the kind `SETUP`, if the file cannot be changed; it then stays as it was.
    """

    def change(tools: Table) -> None:
        tools.pop("always", None)
        rules = AoT([])
        for permission in always:
            rule = tomlkit.table()
            rule.update({"tool": permission.tool, "source": permission.source})
            if permission.arguments is not None:
                patterns = tomlkit.inline_table()
                patterns.update(permission.arguments)
                rule["arguments"] = patterns
            rules.append(rule)
        _set_list(tools, "never", never)
        if always:
            tools.append("always", rules)

    _change_tools(path, change)


def keep_choice(path: Path, profile: str, on: Sequence[str]) -> None:
    """Writes which tools are on for a profile.

    Raises:
        ChatError: of the kind `SETUP`, if the file cannot be changed; it then stays as it was.
    """

    def change(tools: Table) -> None:
        profiles = tools.setdefault("profiles", tomlkit.table())
        profiles[profile] = list(on)

    _change_tools(path, change)


def _set_list(tools: Table, name: str, values: Sequence[str]) -> None:
    if values:
        tools[name] = list(values)
    else:
        tools.pop(name, None)


def keep_server(path: Path, profile: str, base_url: str) -> None:
    """Writes which profile is used from now on.

    Args:
        path: of the file.
        profile: its name.
        base_url: where it leads; empty for a profile that is there without the file.

    Raises:
        ChatError: of the kind `SETUP`, if the file cannot be changed; it then stays as it was.
    """

    def change(document: TOMLDocument) -> None:
        document["profile"] = profile
        if base_url:
            profiles = document.setdefault("profiles", tomlkit.table(is_super_table=True))
            if profile not in profiles:
                profiles[profile] = tomlkit.table()
            profiles[profile]["base_url"] = base_url

    _change(path, change)


def _change_tools(path: Path, change: Callable[[Table], None]) -> None:
    def change_table(document: TOMLDocument) -> None:
        if "tools" not in document:
            document["tools"] = tomlkit.table()
        tools = document["tools"]
        if not isinstance(tools, Table):
            raise TOMLKitError("its `tools` is no table")
        change(tools)

    _change(path, change_table)


def _change(path: Path, change: Callable[[TOMLDocument], None]) -> None:
    try:
        path = path.resolve()  # where the file is a link, what it leads to is changed
        before = path.read_bytes() if path.exists() else b""
        document = tomlkit.parse(before.decode("utf-8"))
        change(document)
        after = tomlkit.dumps(document).encode("utf-8")
        parse_settings(after, path)
        _replace(path, after)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        problem = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        message = f"the settings file {path} cannot be changed: {problem}"
        raise ChatError(ErrorKind.SETUP, message) from error


def _replace(path: Path, data: bytes) -> None:
    """Writes the file as a whole or not at all, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{uuid4().hex}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
