"""Breaks styled text into lines no wider than the pane.

The breaking is greedy: what a line holds depends on nothing behind it, so that a paragraph may be
broken while it grows and comes out as if it had been broken as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from wcwidth import iter_graphemes

from llmhub_tui.render.lines import Line, Link


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style. A newline in it is a hard break."""

    text: str
    style: Style
    url: str = ""


@dataclass(frozen=True, slots=True)
class Prefix:
    """What stands before the text of a block's lines."""

    segments: tuple[Segment, ...] = ()
    width: int = 0
    decoration: int = 0
    """Cells of it that are not copied."""

    def extended(self, sign: str, style: Style) -> Prefix:
        """With a sign behind it that is not copied."""
        width = self.width + cell_len(sign)
        return Prefix((*self.segments, Segment(sign, style)), width, width)


_PIECE: Final = re.compile(
    r"\n|[ \t]+|[\u1100-\u11ff\u2e80-\u303f\u3040-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\uac00-\ud7af\uf900-\ufaff"
    r"\uff00-\uff60\U00020000-\U0003ffff]|"
    r"[^\s\u1100-\u11ff\u2e80-\u303f\u3040-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\uac00-\ud7af\uf900-\ufaff"
    r"\uff00-\uff60\U00020000-\U0003ffff]+|\s"
)
_NO_START: Final = frozenset(
    "\u3001\u3002\uff0c\uff0e\uff01\uff1f\uff1a\uff1b\uff09"
    "\u300d\u300f\u3011\u3009\u300b\u3005\u30fc\u2026,.!?:;)]}%"
)
"""Characters that may not begin a line after a break within CJK text."""

Word = tuple[str, Style, str]
"""Text, style and link of a stretch that may not be broken."""


@dataclass(slots=True)
class Wrapped:
    """Lines that are full, and the words of the one that is not."""

    full: list[Line]
    last: list[Word]


def clusters(text: str) -> Iterator[str]:
    """Grapheme clusters; a fast way for plain ASCII."""
    return iter(text) if text.isascii() else iter_graphemes(text)


def break_runs(runs: Iterable[Run], lead: list[Word], first: Prefix, rest: Prefix, width: int) -> Wrapped:
    """Fills lines with runs.

    Args:
        runs: the text.
        lead: the words of a line that an earlier part has left unfinished.
        first: stands before the first line.
        rest: stands before all others.
        width: of the pane; at least one cell is left for text, whatever the prefixes.
    """
    full: list[Line] = []
    line: list[Word] = list(lead)
    used = sum(cell_len(word[0]) for word in line)
    room = max(1, width - first.width)

    def end(joiner: str) -> None:
        nonlocal line, used, room
        full.append(to_line(line, first if not full else rest, joiner))
        line, used, room = [], 0, max(1, width - rest.width)

    for group in _groups(runs):
        if group[0][0] == "\n":
            end("\n")
            continue
        size = sum(cell_len(part[0]) for part in group)
        if group[0][0].isspace():
            if used + size > room:
                end(" ")
            elif used:
                line += group
                used += size
            continue
        if used + size > room and used:
            end(" " if line and line[-1][0].isspace() else "")
        if size <= room - used:
            line += group
            used += size
            continue
        for cluster, style, url in _clusters_of(group):
            cells = cell_len(cluster)
            if used + cells > room and used:
                end("")
            if cells > room:
                cluster, cells = "…", 1  # a wide character in a pane of one cell
            line.append((cluster, style, url))
            used += cells
    return Wrapped(full, line)


def _clusters_of(group: list[Word]) -> Iterator[Word]:
    """A word in pieces, for a line that is shorter than the word."""
    for text, style, url in group:
        for cluster in clusters(text):
            yield cluster, style, url


def wrap_runs(runs: Iterable[Run], first: Prefix, rest: Prefix, width: int) -> list[Line]:
    """Text as lines; none for no text."""
    wrapped = break_runs(runs, [], first, rest, width)
    if wrapped.last:
        wrapped.full.append(to_line(wrapped.last, rest if wrapped.full else first, "\n"))
    return wrapped.full


def to_line(words: list[Word], prefix: Prefix, joiner: str) -> Line:
    """One finished line; blanks at its end are dropped."""
    while words and words[-1][0].isspace():
        words = words[:-1]
    segments = list(prefix.segments)
    links: list[Link] = []
    at = prefix.width
    text, style = "", None
    for word, word_style, url in words:
        if word_style is style:
            text += word
        else:
            if style is not None:
                segments.append(Segment(text, style))
            text, style = word, word_style
        cells = cell_len(word)
        if url:
            if links and links[-1].end == at and links[-1].url == url:
                links[-1] = Link(links[-1].start, at + cells, url)
            else:
                links.append(Link(at, at + cells, url))
        at += cells
    if style is not None:
        segments.append(Segment(text, style))
    return Line(tuple(segments), at, prefix.decoration, joiner, tuple(links))


def _groups(runs: Iterable[Run]) -> Iterator[list[Word]]:
    """Stretches that may not be broken: words, of any number of styles; blanks; hard breaks."""
    group: list[Word] = []
    for run in runs:
        for match in _PIECE.finditer(run.text):
            piece = match[0]
            if piece.isspace():
                if group:
                    yield group
                    group = []
                yield [("\n" if piece == "\n" else " " * len(piece), run.style, run.url)]
            elif piece[0] >= "\u1100" and len(piece) == 1 and piece not in _NO_START and cell_len(piece) == 2:
                if group:
                    yield group
                group = [(piece, run.style, run.url)]
            elif (
                group and cell_len(group[-1][0]) == 2 and len(group[-1][0]) == 1 and piece[0] not in _NO_START
            ):
                yield group
                group = [(piece, run.style, run.url)]
            else:
                group.append((piece, run.style, run.url))
    if group:
        yield group
