"""A table: the first rows settle the widths of its columns, and later ones keep to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.inline import parse_inline
from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lines import Line, Link
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs

_SAMPLE: Final = 12
"""Rows after which the widths are settled."""
_DELIMITER: Final = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_MOST_COLUMNS: Final = 40
_NARROW: Final = 3
"""Cells below which no column is squeezed while there is room elsewhere."""


def split_row(row: str) -> list[str]:
    """The cells of a row; a `|` behind a backslash or within code belongs to its cell."""
    row = row.strip()
    row = row[1:] if row.startswith("|") else row
    row = row[:-1] if row.endswith("|") and not row.endswith("\\|") else row
    cells, cell, in_code, at = [], "", False, 0
    while at < len(row):
        char = row[at]
        if char == "\\" and row[at + 1 : at + 2] == "|":
            cell, at = cell + "|", at + 2
            continue
        if char == "`":
            in_code = not in_code and "`" in row[at + 1 :]
        if char == "|" and not in_code:
            cells.append(cell.strip())
            cell = ""
        else:
            cell += char
        at += 1
    return [*cells, cell.strip()][:_MOST_COLUMNS]


def is_delimiter(row: str, head: str) -> bool:
    """Whether a row underlines `head` and makes it the head of a table."""
    if "|" not in head or "-" not in row or not _DELIMITER.match(row):
        return False
    return len(split_row(row)) == len(split_row(head))


@dataclass(slots=True)
class Table:
    """Rows of cells that wrap where they do not fit, so that nothing vanishes."""

    first: Prefix
    rest: Prefix
    head: list[str]
    aligned: list[str]
    """For each column `<`, `^` or `>`."""
    rows: list[list[str]] = field(default_factory=list)
    _widths: list[int] = field(default_factory=list)

    @classmethod
    def begin(cls, head: str, delimiter: str, first: Prefix, rest: Prefix) -> Table:
        """Takes the two lines that make a table."""
        marks = [(cell.startswith(":"), cell.endswith(":")) for cell in split_row(delimiter)]
        aligned = ["^" if both == (True, True) else ">" if both[1] else "<" for both in marks]
        return cls(first, rest, split_row(head), aligned)

    def copy(self) -> Table:
        """See `Leaf`."""
        return replace(self, rows=list(self.rows))

    def add(self, row: str) -> None:
        """Takes a row; it gets as many cells as the head has."""
        cells = split_row(row)[: len(self.head)]
        self.rows.append(cells + [""] * (len(self.head) - len(cells)))

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        if not self._widths and len(self.rows) < _SAMPLE:
            return []
        return self._give_up(look)

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return self._give_up(look)

    def _give_up(self, look: Look) -> list[Line]:
        found: list[Line] = []
        if not self._widths:
            runs = [[self._runs(cell, look, head=True) for cell in self.head]]
            runs += [[self._runs(cell, look, head=False) for cell in row] for row in self.rows]
            self._widths = fitting(runs, look.width - self.first.width)
            found += self._row(self.head, look, head=True)
            found.append(self._border(look))
        for row in self.rows:
            found += self._row(row, look, head=False)
        self.rows = []
        return found

    def _runs(self, cell: str, look: Look, *, head: bool) -> list[Run]:
        style = look.palette.heading[1] if head else look.palette.text
        return parse_inline(cell.replace("<br>", "  \n"), look.palette, style, look.references)

    def _row(self, cells: list[str], look: Look, *, head: bool) -> list[Line]:
        columns = [
            wrap_runs(self._runs(cell, look, head=head), Prefix(), Prefix(), width)
            for cell, width in zip(cells, self._widths, strict=True)
        ]
        height = max((len(column) for column in columns), default=1) or 1
        found = []
        for at in range(height):
            prefix = self.first if head and at == 0 else self.rest
            segments, links, x = list(prefix.segments), [], prefix.width
            for number, (column, width) in enumerate(zip(columns, self._widths, strict=True)):
                if number:
                    segments.append(Segment(" │ ", look.palette.marker))
                    x += 3
                strip = column[at].strip if at < len(column) else Strip.blank(0)
                left = _left(width - strip.cell_length, self.aligned[number])
                segments += [Segment(" " * left), *strip, Segment(" " * (width - strip.cell_length - left))]
                for link in column[at].links if at < len(column) else ():
                    links.append(Link(link.start + x + left, link.end + x + left, link.url))
                x += width
            found.append(Line(Strip(segments).crop(0, look.width), prefix.decoration, -1, "\n", tuple(links)))
        return found

    def _border(self, look: Look) -> Line:
        text = "─┼─".join("─" * width for width in self._widths)
        strip = Strip([*self.rest.segments, Segment(plain(text), look.palette.marker)])
        return Line(strip.crop(0, look.width), self.rest.decoration)


def _left(spare: int, aligned: str) -> int:
    return {"<": 0, "^": spare // 2, ">": spare}[aligned]


def fitting(rows: list[list[list[Run]]], room: int) -> list[int]:
    """Column widths: as wide as their cells where that fits, else the widest ones give way."""
    columns = max(len(row) for row in rows)
    widths = [
        max((cell_len("".join(run.text for run in row[at])) for row in rows if at < len(row)), default=1) or 1
        for at in range(columns)
    ]
    spare = max(columns, room - 3 * (columns - 1))
    while sum(widths) > spare and max(widths) > 1:
        widest = max(widths)
        over = sum(widths) - spare
        wide = [at for at, width in enumerate(widths) if width == widest]
        next_widest = max((width for width in widths if width < widest), default=1)
        step = max(1, min(widest - max(next_widest, 1), -(-over // len(wide))))
        for at in wide:
            widths[at] = max(1, widths[at] - step)
    return widths
