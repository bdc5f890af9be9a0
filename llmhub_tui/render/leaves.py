"""The blocks that hold text: each takes its source as it comes, and gives up lines as they become final."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from rich.cells import cell_len
from rich.segment import Segment

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.highlight import Highlighter
from llmhub_tui.render.inline import References, parse_inline
from llmhub_tui.render.lines import Line
from llmhub_tui.render.palette import Palette
from llmhub_tui.render.patterns import HTML
from llmhub_tui.render.wrap import Prefix, Run, Word, break_runs, clusters, to_line, wrap_runs

_SOFT: Final = 400
"""Characters after which a paragraph is given up at the end of a sentence."""
_HARD: Final = 1000
"""Characters after which it is given up at any blank."""
_UTMOST: Final = 2000
"""Characters after which it is given up anywhere."""
_SENTENCE_ENDS: Final = frozenset(".!?:;\u3002\uff01\uff1f")
_PAIRED: Final = "*_`~$"


@dataclass(frozen=True, slots=True)
class Look:
    """What every block needs to become lines."""

    palette: Palette
    width: int
    references: References
    numbers: dict[str, int] = field(default_factory=dict)
    """The numbers of footnotes, by their labels, in the order in which they are referred to."""


class Leaf(Protocol):
    """A block that holds text and no other blocks."""

    def settle(self, look: Look) -> list[Line]:
        """Lines that nothing that follows can change; they are given up once."""
        ...

    def close(self, look: Look) -> list[Line]:
        """The rest of its lines; the block has ended."""
        ...

    def copy(self) -> Leaf:
        """One that may be closed while this one stays open."""
        ...


@dataclass(slots=True)
class Paragraph:
    """Text that is broken into lines; a long one is given up sentence by sentence."""

    first: Prefix
    rest: Prefix
    source: str = ""
    lines: int = 0
    """Source lines so far."""
    _lead: list[Word] = field(default_factory=list)
    _begun: bool = False
    _looked: int = _SOFT
    html: bool = False
    """Whether it is HTML, and no Markdown."""

    def __post_init__(self) -> None:
        self.html = self.html or bool(HTML.match(self.source))

    @property
    def whole(self) -> bool:
        """Whether nothing of it was given up yet."""
        return not self._begun

    def copy(self) -> Paragraph:
        """See `Leaf`."""
        return replace(self, _lead=list(self._lead))

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        found: list[Line] = []
        while (cut := self._cut()) is not None:
            wrapped = self._break(self.source[:cut], look)
            found += wrapped[0]
            self._lead, self.source, self._looked = wrapped[1], self.source[cut:], _SOFT
            self._begun = True
        return found

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        found = self.settle(look)
        full, last = self._break(self.source, look)
        found += full
        if last:
            found.append(to_line(last, self.rest if self._begun or full else self.first, "\n"))
        return found

    def _break(self, source: str, look: Look) -> tuple[list[Line], list[Word]]:
        runs = parse_inline(
            source, look.palette, look.palette.text, look.references, look.numbers, html=self.html
        )
        first = self.rest if self._begun else self.first
        wrapped = break_runs(runs, self._lead, first, self.rest, look.width)
        return wrapped.full, wrapped.last

    def _cut(self) -> int | None:
        """Where the source may be given up; depends on nothing behind that place."""
        source = self.source
        start = self._looked
        if self.lines == 1 and source.startswith("|"):
            start = max(start, _UTMOST)  # it may yet turn out to be the head of a table
        for at in range(start, len(source)):
            if at >= _UTMOST:
                return at
            if source[at] not in " \n\u3000" and source[at - 1] not in "\u3002\uff01\uff1f":
                continue
            if at >= _HARD or (source[at - 1] in _SENTENCE_ENDS and _balanced(source[:at])):
                return at + 1 if source[at] == " " else at
        self._looked = max(self._looked, len(source))
        return None


def _balanced(text: str) -> bool:
    """Whether no emphasis, code or link is open at the end."""
    return (
        all(text.count(mark) % 2 == 0 for mark in _PAIRED)
        and text.count("[") == text.count("]")
        and text.count("(") == text.count(")")
        and text.count("<") == text.count(">")
    )


@dataclass(slots=True)
class Heading:
    """A heading; one line of source."""

    level: int
    source: str
    first: Prefix
    rest: Prefix

    def copy(self) -> Heading:
        """See `Leaf`."""
        return self

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return []

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        style = look.palette.heading[min(self.level, 3) - 1]
        runs = parse_inline(self.source, look.palette, style, look.references, look.numbers)
        return wrap_runs(runs or [Run(" ", style)], self.first, self.rest, look.width)


@dataclass(slots=True)
class Rule:
    """A horizontal rule."""

    first: Prefix

    def copy(self) -> Rule:
        """See `Leaf`."""
        return self

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        return []

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        width = max(1, look.width - self.first.width)
        rule = Segment("─" * width, look.palette.rule)
        return [Line((*self.first.segments, rule), self.first.width + width, self.first.decoration)]


@dataclass(slots=True)
class Code:
    """A fence or indented code: every line is final when it is whole."""

    number: int
    """Which of the document's code blocks it is."""
    first: Prefix
    rest: Prefix
    highlighter: Highlighter
    closed_by: str = ""
    """The fence that ends it; empty for indented code."""
    dedent: int = 0
    blanks: int = 0
    """Blank lines of indented code that may turn out to be behind its end."""
    _ready: list[Line] = field(default_factory=list)
    _begun: bool = False

    def copy(self) -> Code:
        """See `Leaf`."""
        return replace(self, highlighter=self.highlighter.copy(), _ready=list(self._ready))

    def add(self, text: str, look: Look) -> None:
        """Takes a whole line of code, without its end."""
        parts = [Run(part, style) for part, style in self.highlighter.line(plain(text.expandtabs(4)))]
        self._ready += self._lines(parts, look)
        self._begun = True

    def settle(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        found, self._ready = self._ready, []
        return found

    def close(self, look: Look) -> list[Line]:
        """See `Leaf`."""
        if not self._begun:
            self._ready += self._lines([], look)
        return self.settle(look)

    def _lines(self, runs: list[Run], look: Look) -> list[Line]:
        """One line of code, broken where the pane ends, behind a bar."""
        prefix = self.rest if self._begun else self.first
        bar = Segment("▏ " if look.width - prefix.width > 8 else "", look.palette.marker)
        start = prefix.width + len(bar.text)
        room = max(1, look.width - start)
        rows: list[list[Segment]] = [[]]
        used = 0
        for run in runs:
            text = ""
            for cluster in clusters(run.text):
                cells = cell_len(cluster)
                if used + cells > room and used:
                    rows[-1].append(Segment(text, run.style))
                    rows.append([])
                    text, used = "", 0
                text, used = text + (cluster if cells <= room else "…"), used + min(cells, room)
            if text:
                rows[-1].append(Segment(text, run.style))
        found = []
        for at, row in enumerate(rows):
            before = prefix if at == 0 else self.rest
            segments = (*before.segments, bar, *row)
            joiner = "\n" if at == len(rows) - 1 else ""
            width = start + sum(cell_len(part.text) for part in row)
            found.append(Line(segments, width, start, joiner, (), self.number))
        return found
