"""Reads files, lists folders, and searches in both, inside the roots."""

from __future__ import annotations

import asyncio
import glob
import os
import re
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from llmhub_tui.tools.builtin.roots import Place, Roots
from llmhub_tui.tools.tool import Arguments, Tool, ToolError

_LARGEST: Final = 256 << 10
"""Bytes of one answer to `read_file`."""
_MOST_ENTRIES: Final = 500
_MOST_HITS: Final = 100
_MOST_FILES: Final = 20_000
_LARGEST_SEARCHED: Final = 1 << 20
"""Bytes of a file that is searched; what is larger is passed over."""
_SEARCH_S: Final = 20.0
_PATH: Final = {"type": "string", "description": "A path; a relative one begins at the first open folder."}


def file_tools(roots: Roots) -> tuple[Tool, ...]:
    """Reading, listing, searching."""
    reader = _Reader(roots)
    return (
        _tool(
            "read_file",
            "Reads a text file, or a part of it by lines.",
            {
                "path": _PATH,
                "first_line": {"type": "integer", "minimum": 1},
                "lines": {"type": "integer", "minimum": 1, "description": "How many."},
            },
            ["path"],
            reader.read,
            _siblings(roots),
        ),
        _tool(
            "list_directory",
            "Lists a folder: names, kinds and sizes.",
            {"path": _PATH},
            ["path"],
            reader.list,
            _siblings(roots),
        ),
        _tool(
            "search_files",
            "Searches text files below a folder for a text; answers with path, line number and line.",
            {
                "path": _PATH,
                "text": {"type": "string", "minLength": 1, "description": "What to look for, as it is."},
                "name": {"type": "string", "description": "A pattern for file names, such as *.py."},
                "ignore_case": {"type": "boolean"},
            },
            ["path", "text"],
            reader.search,
            lambda arguments: {name: "*" for name in arguments if name != "path"},
        ),
    )


def _tool(
    name: str,
    description: str,
    properties: Mapping[str, object],
    required: list[str],
    work: Callable[[Arguments], str],
    alike: Callable[[Arguments], Mapping[str, str]],
) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }

    async def run(arguments: Arguments) -> str:
        return await asyncio.to_thread(work, arguments)

    return Tool(name, description, schema, "built-in", run, alike=alike, read_only=True)


def _siblings(roots: Roots) -> Callable[[Arguments], Mapping[str, str]]:
    """What lies in the same folder is alike."""

    def alike(arguments: Arguments) -> Mapping[str, str]:
        folder = os.path.dirname(arguments["path"])
        path = f"{glob.escape(folder)}/*" if folder else glob.escape(arguments["path"])
        return {name: path if name == "path" else "*" for name in arguments}

    return alike


@dataclass(frozen=True, slots=True)
class _Reader:
    """The work behind the tools; it blocks, and runs in a thread."""

    roots: Roots

    def read(self, arguments: Arguments) -> str:
        """A file's text."""
        place = self.roots.place(arguments["path"])
        data, size = self.roots.read(place, _LARGEST if "first_line" not in arguments else 64 * _LARGEST)
        if b"\0" in data[:8192]:
            raise ToolError(f"{arguments['path']} is no text file ({size:,} bytes)")
        text = data.decode("utf-8", "replace")
        if "first_line" in arguments or "lines" in arguments:
            first = arguments.get("first_line", 1)
            lines = text.splitlines(keepends=True)[first - 1 :]
            text = "".join(lines[: arguments.get("lines", len(lines))])[:_LARGEST]
        elif size > len(data):
            text += f"\n… (the file has {size:,} bytes; ask for lines to see more)"
        return text or "(empty)"

    def list(self, arguments: Arguments) -> str:
        """A folder's entries."""
        place = self.roots.place(arguments["path"])
        with self.roots.folder(place) as folder:
            try:
                names = sorted(os.listdir(folder))
            except OSError as error:
                raise ToolError(f"{place.path}: {error.strerror}") from error
            lines = [_entry(folder, name) for name in names[:_MOST_ENTRIES]]
        if len(names) > _MOST_ENTRIES:
            lines.append(f"… ({len(names) - _MOST_ENTRIES} more)")
        return "\n".join(lines) or "(empty)"

    def search(self, arguments: Arguments) -> str:
        """The lines that hold a text."""
        place = self.roots.place(arguments["path"])
        flags = re.IGNORECASE if arguments.get("ignore_case") else re.NOFLAG
        needle = re.compile(re.escape(arguments["text"]), flags)
        hits: list[str] = []
        for path, data in self._files(place, arguments.get("name", "*")):
            for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
                if needle.search(line):
                    hits.append(f"{path}:{number}: {line.strip()[:300]}")
            if len(hits) >= _MOST_HITS:
                return "\n".join([*hits[:_MOST_HITS], "… (more hits; narrow the search)"])
        return "\n".join(hits) or "Nothing found."

    def _files(self, place: Place, pattern: str) -> Iterator[tuple[str, bytes]]:
        """Text files below a folder, never through a link."""
        until, seen = time.monotonic() + _SEARCH_S, 0
        with self.roots.folder(place) as top:
            for folder, folders, names, handle in os.fwalk(".", follow_symlinks=False, dir_fd=top):
                folders[:] = sorted(name for name in folders if name not in (".git", "node_modules"))
                for name in sorted(names):
                    seen += 1
                    if seen > _MOST_FILES or time.monotonic() > until:
                        raise ToolError("there are too many files; search a smaller folder")
                    relative = os.path.normpath(os.path.join(folder, name))
                    data = self._text(handle, name, place) if fnmatchcase(name, pattern) else b""
                    if data:
                        yield str(place.path / relative), data

    def _text(self, folder: int, name: str, place: Place) -> bytes:
        """A file's bytes; none where it is no text, too large, or not to be read."""
        try:
            data, size = self.roots.read_in(folder, name, place, _LARGEST_SEARCHED)
        except ToolError:
            return b""
        return b"" if size > _LARGEST_SEARCHED or b"\0" in data[:8192] else data


def _entry(folder: int, name: str) -> str:
    try:
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return f"{name} (gone)"
    if stat.S_ISDIR(about.st_mode):
        return f"{name}/"
    if stat.S_ISLNK(about.st_mode):
        return f"{name} (link)"
    return f"{name} ({about.st_size:,} bytes)"
