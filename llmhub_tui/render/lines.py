"""What rendering produces: finished screen lines that know what to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.strip import Strip

NO_FOLD: Final = -1
"""The number of no fold."""


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of a line that leads somewhere."""

    start: int
    """First cell."""
    end: int
    """One past the last cell."""
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One screen line. Its strip may be shorter than the pane, and is never longer."""

    strip: Strip
    indent: int = 0
    """Cells at the left that are decoration (a border, a list's indent) and are not copied."""
    end: int = -1
    """One past the last cell that is text; -1 for the strip's own end."""
    joiner: str = "\n"
    """What a copy puts between this line and the next: `" "` or `""` where the line was wrapped."""
    links: tuple[Link, ...] = ()
    code: int = -1
    """Which of the message's code blocks this line is part of, counted from 0; -1 for none."""
    fold: int = NO_FOLD
    """Which of the message's folds this line opens and closes."""
