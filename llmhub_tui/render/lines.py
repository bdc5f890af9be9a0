"""What rendering produces: finished screen lines that know what to copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
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
    """One screen line, which may be shorter than the pane, and is never wider.

    It holds segments and becomes a `Strip` when it is painted: a strip takes some 2 KB, and a long
    conversation has tens of thousands of lines.
    """

    segments: tuple[Segment, ...] = ()
    width: int = 0
    """Cells that the segments take."""
    indent: int = 0
    """Cells at the left that are decoration (a border, a list's indent) and are not copied."""
    joiner: str = "\n"
    """What a copy puts between this line and the next: `" "` or `""` where the line was wrapped."""
    links: tuple[Link, ...] = ()
    code: int = -1
    """Which of the message's code blocks this line is part of, counted from 0; -1 for none."""
    fold: int = NO_FOLD
    """Which of the message's folds this line opens and closes."""

    @classmethod
    def of(cls, segments: Iterable[Segment], indent: int = 0) -> Line:
        """A line of these segments, whose width is measured."""
        parts = tuple(segments)
        return cls(parts, sum(cell_len(part.text) for part in parts), indent)

    @property
    def strip(self) -> Strip:
        """What Textual paints."""
        return Strip(self.segments, self.width)

    @property
    def text(self) -> str:
        """What can be read."""
        return "".join(part.text for part in self.segments)


BLANK: Final = Line()
"""An empty line."""
