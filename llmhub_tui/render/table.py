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
from llmhub_tui.render.lines import BLANK, Line, Link
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs

_SAMPLE: Final = 12
"""Rows after which the widths are settled."""
_DELIMITER: Final = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BREAK: Final = re.compile(r"<br ?/?>")
_MOST_COLUMNS: Final = 256
_NARROW: Final = 6
"""Cells below which a column is too narrow for words."""


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
    cells.append(cell.strip())
    if len(cells) > _MOST_COLUMNS:
        cells[_MOST_COLUMNS - 1 :] = [" | ".join(cells[_MOST_COLUMNS - 1 :])]
    return cells


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
    _stacked: bool = False
    """Whether the columns do not fit beside each other."""
    _begun: bool = False
    _known: dict[tuple[str, bool], list[Run]] = field(default_factory=dict)
    """Cells that were parsed: a table that still grows is shown again with each row."""

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
        found = self._give_up(look)
        self._known.clear()
        return found

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return self._give_up(look)

    def _give_up(self, look: Look) -> list[Line]:
        found: list[Line] = []
        if not self._widths:
            runs = [[self._runs(cell, look, head=True) for cell in self.head]]
            runs += [[self._runs(cell, look, head=False) for cell in row] for row in self.rows]
            room = look.width - self.first.width
            self._widths = fitting(runs, room)
            whole = sum(self._widths) + 3 * (len(self._widths) - 1)
            self._stacked = whole > room or is_squeezed(runs, self._widths)
            if not self._stacked:
                found += self._row(self.head, look, head=True)
                found.append(self._border(look))
            elif not self.rows:
                found += self._record(self.head, look)
        for row in self.rows:
            found += self._record(row, look) if self._stacked else self._row(row, look, head=False)
        self.rows = []
        return found

    def _record(self, cells: list[str], look: Look) -> list[Line]:
        """A row of a table that is too wide: its cells one below the other, each behind its column's name."""
        found: list[Line] = []
        for name, cell in zip(self.head, cells, strict=True):
            if not cell:
                continue
            runs = self._runs(name, look, head=True) if cell is not name else []
            runs = [*runs, Run(": ", look.palette.marker)] if runs else []
            first = self.rest if self._begun else self.first
            found += wrap_runs([*runs, *self._runs(cell, look, head=not runs)], first, self.rest, look.width)
            self._begun = True
        rule = Segment("─" * max(1, min(8, look.width - self.rest.width)), look.palette.marker)
        found.append(Line.of([*self.rest.segments, rule]))
        found[-1] = replace(found[-1], indent=found[-1].width)
        return found

    def _runs(self, cell: str, look: Look, *, head: bool) -> list[Run]:
        runs = self._known.get((cell, head))
        if runs is None:
            style = look.palette.heading[1] if head else look.palette.text
            text = _BREAK.sub("  \n", cell)
            runs = parse_inline(text, look.palette, style, look.references, look.numbers)
            if "[^" not in cell:  # a footnote is numbered anew each time
                self._known[cell, head] = runs
        return runs

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
                line = column[at] if at < len(column) else BLANK
                left = _left(width - line.width, self.aligned[number])
                segments += [Segment(" " * left), *line.segments, Segment(" " * (width - line.width - left))]
                for link in line.links:
                    links.append(Link(link.start + x + left, link.end + x + left, link.url))
                x += width
            strip = Strip(segments, x).crop(0, look.width)
            found.append(Line(tuple(strip), strip.cell_length, prefix.decoration, "\n", tuple(links)))
        return found

    def _border(self, look: Look) -> Line:
        text = "─┼─".join("─" * width for width in self._widths)
        strip = Strip([*self.rest.segments, Segment(plain(text), look.palette.marker)])
        return Line.of(strip.crop(0, look.width), self.rest.decoration)


def is_squeezed(rows: list[list[list[Run]]], widths: list[int]) -> bool:
    """Whether columns are so narrow that words are broken, or that hardly one fits beside another."""
    squeezed = 0
    for at, width in enumerate(widths):
        cells = [row[at] for row in rows if at < len(row)]
        narrow = width < _NARROW and any(_cells(cell) > width for cell in cells)
        squeezed += narrow or any(_word(cell) > width for cell in cells)
    return squeezed * 2 >= len(widths)


def _cells(runs: list[Run]) -> int:
    return cell_len("".join(run.text for run in runs))


def _left(spare: int, aligned: str) -> int:
    return {"<": 0, "^": spare // 2, ">": spare}[aligned]


def fitting(rows: list[list[list[Run]]], room: int) -> list[int]:
    """Column widths: as wide as their cells where that fits, else the widest ones give way."""
    columns = max(len(row) for row in rows)
    widths = [
        max((_cells(row[at]) for row in rows if at < len(row)), default=1) or 1 for at in range(columns)
    ]
    spare = max(columns, room - 3 * (columns - 1))
    least = [max((_word(row[at]) for row in rows if at < len(row)), default=1) for at in range(columns)]
    least = least if sum(least) <= spare else [1] * columns
    while sum(widths) > spare and (able := [at for at in range(columns) if widths[at] > least[at]]):
        widest = max(widths[at] for at in able)
        wide = [at for at in able if widths[at] == widest]
        next_widest = max((widths[at] for at in able if widths[at] < widest), default=1)
        over = sum(widths) - spare
        step = max(1, min(widest - next_widest, -(-over // len(wide))))
        for at in wide:
            widths[at] = max(least[at], widths[at] - step)
    return widths


def _word(runs: list[Run]) -> int:
    """Cells of the longest word; what may be broken anywhere counts as one."""
    words = "".join(run.text for run in runs).split()
    return max((cell_len(word) for word in words if cell_len(word) == len(word)), default=1)
