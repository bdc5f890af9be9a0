"""The folders that file tools may see, and the one way into them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from llmhub_tui.tools.tool import ToolError

_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Place:
    """Something inside a root: every link on the way there has been resolved."""

    root: Path
    parts: tuple[str, ...]
    """From the root; empty for the root itself."""

    @property
    def path(self) -> Path:
        """The whole path."""
        return self.root.joinpath(*self.parts)


class Roots:
    """Turns paths into open files, and never into one outside the roots.

    A path is resolved first, links included, and must then lie inside. It is opened from the root
    downward, folder by folder, none of which may be a link any more: whoever swaps a folder for a link
    in between makes the opening fail.
    """

    def __init__(self, paths: Sequence[Path], *, hidden: Sequence[Path] = ()) -> None:
        """Takes the folders that may be seen, and those that may not although they lie inside."""
        self.paths = tuple(Path(os.path.realpath(path.expanduser())) for path in paths)
        self._hidden = tuple(Path(os.path.realpath(path)) for path in hidden)

    def place(self, text: str) -> Place:
        """Where a path leads; a relative one begins at the first root.

        Raises:
            ToolError: if that is outside, or no path.
        """
        if not self.paths:
            raise ToolError("no folder is open to the file tools; the user must name some as `roots`")
        if "\0" in text or len(text) > 4096:
            raise ToolError("this is no path")
        try:
            found = Path(os.path.realpath(self.paths[0] / Path(text or ".").expanduser()))
        except (OSError, RuntimeError, ValueError) as error:
            raise ToolError("this is no path that can be followed") from error
        for hidden in self._hidden:
            if found.is_relative_to(hidden):
                raise ToolError(f"{text} belongs to llmhub-chat itself and is closed to tools")
        for root in self.paths:
            if found.is_relative_to(root):
                return Place(root, found.relative_to(root).parts)
        there = ", ".join(str(root) for root in self.paths)
        raise ToolError(f"{text} lies outside the folders that are open to tools: {there}")

    @contextmanager
    def folder(self, place: Place) -> Iterator[int]:
        """An open folder's descriptor.

        Raises:
            ToolError: if it is not there, is none, or has been swapped for a link.
        """
        handle = self._open(str(place.root), os.O_RDONLY | _DIRECTORY, None, place)
        try:
            for part in place.parts:
                inner = self._open(part, os.O_RDONLY | _DIRECTORY | _NO_LINK, handle, place)
                os.close(handle)
                handle = inner
            yield handle
        finally:
            with suppress(OSError):
                os.close(handle)

    def read(self, place: Place, limit: int) -> tuple[bytes, int]:
        """The first bytes of a regular file, and its whole size.

        Raises:
            ToolError: if it is not there, is no regular file, or cannot be read.
        """
        if not place.parts:
            raise ToolError(f"{place.path} is a folder")
        with self.folder(Place(place.root, place.parts[:-1])) as folder:
            return self.read_in(folder, place.parts[-1], place, limit)

    def read_in(self, folder: int, name: str, place: Place, limit: int) -> tuple[bytes, int]:
        """As `read`, for a name in an open folder."""
        handle = self._open(name, os.O_RDONLY | _NO_LINK | _NO_WAIT, folder, place)
        try:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode):
                raise ToolError(f"{place.path} is no regular file")
            with os.fdopen(os.dup(handle), "rb") as file:
                return file.read(limit), about.st_size
        except OSError as error:
            raise ToolError(f"{place.path}: {error.strerror}") from error
        finally:
            os.close(handle)

    def _open(self, name: str, flags: int, folder: int | None, place: Place) -> int:
        try:
            return os.open(name, flags | getattr(os, "O_CLOEXEC", 0), dir_fd=folder)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise ToolError(f"{place.path}: a part of it is a link or no folder") from error
            raise ToolError(f"{place.path}: {error.strerror}") from error
