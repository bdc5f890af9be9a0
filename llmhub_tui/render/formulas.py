"""Where LaTeX begins and ends in Markdown: `$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.inline import parse_inline
from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lines import Line
from llmhub_tui.render.math import readable_math
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs

_BEGIN: Final = re.compile(r" {0,3}(\$\$|\\\[)(.*)$")
_MOST: Final = 2000
"""Characters of a display formula; a longer one is text."""


def begin_formula(line: str) -> tuple[str, str] | None:
    """What closes the display formula that a line begins, and what of the line belongs to it."""
    match = _BEGIN.match(line)
    if match is None:
        return None
    closing, rest = ("$$" if match[1] == "$$" else "\\]"), match[2]
    at = rest.find(closing)
    return (closing, rest) if at < 0 or not rest[at + 2 :].strip() else None


@dataclass(slots=True)
class Formula:
    """A display formula: its lines wait for the one that closes it. A blank line ends it as text."""

    first: Prefix
    rest: Prefix
    closing: str
    lines: list[str] = field(default_factory=list)
    closed: bool = False

    def copy(self) -> Formula:
        """See `Leaf`."""
        return replace(self, lines=list(self.lines))

    def add(self, text: str) -> bool:
        """Takes a line; says whether it was the last one."""
        at = text.find(self.closing)
        self.closed = at >= 0 and not text[at + len(self.closing) :].strip()
        self.lines.append(text[:at] if self.closed else text)
        return self.closed or sum(map(len, self.lines)) > _MOST

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return []

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        source = "\n".join(self.lines)
        if self.closed:
            runs = [Run(plain(readable_math(source)), look.palette.formula)]
        else:
            opening = "$$" if self.closing == "$$" else "\\\\["
            runs = parse_inline(opening + source, look.palette, look.palette.text, look.references)
        return wrap_runs(runs, self.first, self.rest, look.width)
