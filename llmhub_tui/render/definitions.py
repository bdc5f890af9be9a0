"""Where reference links lead: `[label]: target "title"`, on one line or on several, after CommonMark."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from markdown_it.common.utils import normalizeReference, unescapeAll

from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lines import Line

_LABEL: Final = re.compile(r"\[((?!\^)(?:\\.|[^\]\[\\]){0,999})(?:(\]:?)|$)", re.DOTALL)
_TARGET: Final = re.compile(r"<((?:\\.|[^<>\\\n])*)>|([^\s<]\S*)")
_TITLE: Final = re.compile(
    r"(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\))[ \t]*(?=\n|$)", re.DOTALL
)
_MOST: Final = 2000
"""Characters that are waited for; what is longer is text."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a definition says."""

    label: str
    """As links refer to it, normalized."""
    href: str
    end: int
    """Characters of the source that it takes."""
    settled: bool
    """Whether more lines would not be part of it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What may yet become a definition."""


def begins_definition(line: str) -> bool:
    """Whether a definition may begin with this line."""
    return bool(re.match(r" {0,3}\[", line)) and read_definition(line.lstrip()) is not None


def read_definition(source: str) -> Target | Begun | None:
    """The definition that a text begins with; `None` where it begins with none, whatever follows."""
    match = _LABEL.match(source)
    if match is None:
        return Begun() if source.endswith("\\") and _LABEL.match(source[:-1] + "]") else None
    if match[2] != "]:":
        return Begun() if match.end() == len(source) else None
    at = match.end() + _blanks(source, match.end())
    if not match[1].strip():
        return None
    if at == len(source):
        return Begun()
    target = _TARGET.match(source, at)
    if target is None:
        return Begun() if "\n" not in source[at:] else None
    href = target[1] if target[1] is not None else target[2]
    return _behind(source, target.end(), normalizeReference(match[1]), unescapeAll(href))


def _behind(source: str, end: int, label: str, href: str) -> Target | Begun | None:
    """What a definition is, given what follows its target."""
    newline = source.find("\n", end)
    line_end = newline if newline >= 0 else len(source)
    same_line = source[end:line_end].strip()
    at = end + _blanks(source, end)
    title = _TITLE.match(source, at) if at > end else None
    if title is not None:
        return Target(label, href, title.end(), title.end() < len(source))
    if same_line:
        opened = at > end and source[at] in "\"'("
        return Begun() if opened and not _closed(source, at) else None
    may_come = at == len(source) or (source[at] in "\"'(" and not _closed(source, at))
    return Target(label, href, line_end, not may_come)


def _closed(source: str, at: int) -> bool:
    """Whether the title that begins there has its end, but not as the last of its line."""
    sign = ")" if source[at] == "(" else source[at]
    return bool(re.compile(rf"(?:\\.|[^\\{sign}])*{re.escape(sign)}", re.DOTALL).match(source, at + 1))


def _blanks(source: str, at: int) -> int:
    return len(source) - at - len(source[at:].lstrip(" \t\n"))


@dataclass(slots=True)
class Definition:
    """Lines that define where a link leads, or may yet do so: they are kept until that is known."""

    source: str
    lines: int = 1

    def copy(self) -> Definition:
        """See `Leaf`."""
        return replace(self)

    @property
    def too_long(self) -> bool:
        """Whether this is text, whatever it says."""
        return len(self.source) > _MOST

    def take(self, line: str) -> bool:
        """Takes another line, if that may be part of it."""
        longer = f"{self.source}\n{line.lstrip()}"
        found = read_definition(longer) if len(longer) <= _MOST else None
        if found is None or (isinstance(found, Target) and found.settled):
            return False
        self.source, self.lines = longer, self.lines + 1
        return True

    def read(self) -> tuple[Target | None, str]:
        """The definition, if it is one, and the text that is left."""
        found = read_definition(self.source) if not self.too_long else None
        if not isinstance(found, Target):
            return None, self.source
        return found, self.source[found.end :].lstrip("\n")

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return []

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`. `Blocks` has read it before."""
        return []
