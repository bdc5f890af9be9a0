"""Changes the settings file: the user's comments and order stay, and a broken file is never written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import tomlkit
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


def _change_tools(path: Path, change: Callable[[Table], None]) -> None:
    problem = ""
    try:
        path = path.resolve()  # where the file is a link, what it leads to is changed
        before = path.read_bytes() if path.exists() else b""
        document = tomlkit.parse(before.decode("utf-8"))
        if "tools" not in document:
            document["tools"] = tomlkit.table()
        tools = document["tools"]
        if not isinstance(tools, Table):
            problem = "its `tools` is no table"
        else:
            change(tools)
            after = tomlkit.dumps(document).encode("utf-8")
            parse_settings(after, path)
            _replace(path, after)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        problem = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    if problem:
        raise ChatError(ErrorKind.SETUP, f"the settings file {path} cannot be changed: {problem}")


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
