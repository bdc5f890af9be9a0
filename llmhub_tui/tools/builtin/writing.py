"""Writes a file inside the roots; what would change is shown before anybody agrees to it."""

from __future__ import annotations

import asyncio
import difflib
import os
from contextlib import suppress
from hashlib import sha256
from typing import Final
from uuid import uuid4

from llmhub_tui.tools.builtin.roots import Place, Roots
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

_LARGEST: Final = 1 << 20
"""Bytes of a file that is replaced; what is larger cannot be shown as a diff."""
_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "path": {"type": "string", "description": "The file; its folder must be there."},
        "content": {"type": "string", "description": "The whole new content."},
    },
    "required": ["path", "content"],
    "additionalProperties": False,
}


def file_writer(roots: Roots) -> Tool:
    """Creates or replaces a text file."""
    writer = _Writer(roots)

    async def run(arguments: Arguments) -> str:
        return await asyncio.to_thread(writer.write, arguments)

    async def detail(arguments: Arguments) -> str:
        return await asyncio.to_thread(writer.diff, arguments)

    return Tool(
        "write_file",
        "Creates a text file, or replaces its whole content.",
        _SCHEMA,
        "built-in",
        run,
        detail=detail,
    )


class _Writer:
    """Knows what it has shown, so that it overwrites nothing else. It blocks, and runs in a thread."""

    def __init__(self, roots: Roots) -> None:
        self._roots = roots
        self._shown: dict[tuple[str, str], bytes] = {}

    def diff(self, arguments: Arguments) -> str:
        """What would change."""
        place, before = self._before(arguments["path"])
        self._shown[arguments["path"], arguments["content"]] = _digest(before)
        new = arguments["content"].splitlines(keepends=True)
        if before is None:
            return f"A new file, {place.path}:\n" + "".join(f"+{_ended(line)}" for line in new)
        old = before.decode("utf-8", "replace").splitlines(keepends=True)
        lines = difflib.unified_diff(old, new, f"{place.path} (now)", f"{place.path} (then)")
        return "".join(_ended(line) for line in lines) or f"{place.path} stays as it is."

    def write(self, arguments: Arguments) -> str:
        """Writes the file as a whole or not at all."""
        path, content = arguments["path"], arguments["content"]
        place, before = self._before(path)
        if self._shown.pop((path, content), _digest(before)) != _digest(before):
            raise ToolError(f"{path} was changed by somebody else after the change was agreed to")
        data = content.encode("utf-8")
        temporary = f".{uuid4().hex}.tmp"
        with self._roots.folder(Place(place.root, place.parts[:-1])) as folder:
            try:
                mode = _mode(place.parts[-1], folder)
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                with os.fdopen(os.open(temporary, flags, mode, dir_fd=folder), "wb") as file:
                    file.write(data)
                os.replace(temporary, place.parts[-1], src_dir_fd=folder, dst_dir_fd=folder)
            except OSError as error:
                with suppress(OSError):
                    os.unlink(temporary, dir_fd=folder)
                raise ToolError(f"{path}: {error.strerror}") from error
        return f"Wrote {len(data):,} bytes to {place.path}."

    def _before(self, path: str) -> tuple[Place, bytes | None]:
        """Where the file is or will be, and what is in it now; `None` where it is not there."""
        place = self._roots.place(path)
        if not place.parts:
            raise ToolError(f"{path} is a folder")
        with self._roots.folder(Place(place.root, place.parts[:-1])) as folder:
            try:
                os.stat(place.parts[-1], dir_fd=folder, follow_symlinks=False)
            except FileNotFoundError:
                return place, None
            except OSError as error:
                raise ToolError(f"{path}: {error.strerror}") from error
            data, size = self._roots.read_in(folder, place.parts[-1], place, _LARGEST)
        if size > _LARGEST:
            raise ToolError(f"{path} is too large to be replaced ({size:,} bytes)")
        return place, data


def _mode(name: str, folder: int) -> int:
    """The permissions of the file that is replaced; a new one is its owner's alone."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode & 0o777
    except OSError:
        return 0o600


def _digest(data: bytes | None) -> bytes:
    return b"" if data is None else sha256(data).digest()


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n"
