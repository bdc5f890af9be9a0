"""Footnotes as GitHub shows them: numbered as they are referred to, and gathered below the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rich.segment import Segment

from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lines import BLANK, Line

if TYPE_CHECKING:
    from llmhub_tui.render.flow import Flow

BEGIN: Final = re.compile(r" {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*(.*)$")
INDENT: Final = 5
"""Cells that a note's number takes."""


@dataclass(slots=True)
class Note:
    """One footnote: a text of its own, that ends where a line is not indented."""

    label: str
    flow: Flow | None
    """What takes its lines; none once it has ended."""
    lines: list[Line] = field(default_factory=list)
    _shown: tuple[int, int, list[Line]] = (0, 0, [])
    """The number and the count of the lines that were last shown, and what was shown."""

    def strip(self, text: str) -> str | None:
        """The part of a line that belongs to the note; `None` where none does."""
        if not text.strip():
            return ""
        if text.startswith("    "):
            return text[4:]
        goes_on = self.flow is not None and self.flow.goes_on(text)
        return text.lstrip() if goes_on and not BEGIN.match(text) else None

    def take(self, text: str) -> None:
        """Takes a line that belongs to the note."""
        if self.flow is not None:
            self.lines += self.flow.line(text)

    def append(self, text: str) -> None:
        """Takes more text of the last line."""
        if self.flow is not None:
            self.lines += self.flow.append(text)

    def close(self) -> bool:
        """The note has ended; returns whether it has a link whose target was defined later."""
        late = False
        if self.flow is not None:
            self.lines += self.flow.close()
            late, self.flow = self.flow.late, None
        return late

    def copy(self) -> Note:
        """One that can be closed while this one stays open."""
        return Note(
            self.label, self.flow.copy() if self.flow is not None else None, list(self.lines), self._shown
        )

    def shown(self, number: int, look: Look) -> list[Line]:
        """Its lines behind its number."""
        if self._shown[:2] != (number, len(self.lines)):
            self._shown = (number, len(self.lines), list(_numbered(self.lines, number, look)))
        return self._shown[2]


def _numbered(lines: list[Line], number: int, look: Look) -> Iterator[Line]:
    for at, line in enumerate(lines):
        sign = f"[{number}] ".ljust(INDENT) if at == 0 else " " * INDENT
        segments = (Segment(sign, look.palette.link if at == 0 else None), *line.segments)
        links = tuple(
            replace(link, start=link.start + len(sign), end=link.end + len(sign)) for link in line.links
        )
        indent = 0 if at == 0 else line.indent + len(sign)
        yield replace(
            line, segments=segments, width=line.width + len(sign), indent=indent, links=links, code=-1
        )


def inner_look(look: Look) -> Look:
    """How the text of a note looks: narrower, and muted."""
    palette = replace(look.palette, text=look.palette.muted)
    return replace(look, palette=palette, width=max(1, look.width - INDENT))


def gathered(notes: list[Note], look: Look) -> list[Line]:
    """All notes below a rule; those that nothing refers to come last."""
    if not notes or look.width <= INDENT:
        return [line for note in notes for line in note.lines]
    for note in notes:
        look.numbers.setdefault(note.label, len(look.numbers) + 1)
    rule = Line.of([Segment("─" * min(12, look.width), look.palette.rule)])
    found = [BLANK, replace(rule, indent=rule.width)]
    for note in sorted(notes, key=lambda note: look.numbers[note.label]):
        found += note.shown(look.numbers[note.label], look)
    return found
