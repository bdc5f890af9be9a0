"""Text as it is, broken into screen lines while it grows; nothing in it means anything."""

from __future__ import annotations

from typing import Final

from rich.style import Style

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.lined import LinedText
from llmhub_tui.render.lines import BLANK, Line
from llmhub_tui.render.wrap import Prefix, Run, Word, break_runs, to_line

_LONGEST: Final = 2048
"""Characters of a line that are waited for; a longer one is broken part by part."""


class TextDocument(LinedText):
    """The same as a `MarkdownDocument`, for text without markup."""

    def __init__(self, style: Style, width: int) -> None:
        """Takes the style, and the cells that a line may have."""
        super().__init__()
        self._style = style
        self._width = max(1, width)
        self._lead: list[Word] = []
        self._open = False
        """Whether a part of the line that is coming in was broken already."""

    @property
    def late(self) -> bool:
        """Never; see `MarkdownDocument`."""
        return False

    def relook(self) -> TextDocument:
        """An empty document of the same kind."""
        return TextDocument(self._style, self._width)

    def code(self, number: int) -> str:
        """There is no code here."""
        return ""

    def feed(self, text: str) -> None:
        """Takes text from outside, in any pieces."""
        lines = self._received(text).split("\n")
        self._rest += lines[0]
        for line in lines[1:]:
            self._take_long()
            self._end_line(self.frozen)
            self._rest = line
        self._take_long()

    def flush(self) -> int:
        """Brings the lines up to date; returns the number of the first one that may have changed."""
        self.tail = []
        rest, lead, begun = self._rest, self._lead, self._open
        self._end_line(self.tail)
        self._rest, self._lead, self._open = rest, lead, begun
        return self._settled()

    def end(self) -> int:
        """The text is complete; returns the number of the first line that may have changed."""
        if self._held_cr:
            self._held_cr = False
            self.feed("\n")
        self._end_line(self.frozen)
        self.tail = []
        return self._shown

    def finish(self) -> int:
        """The same as `end`."""
        return self.end()

    def _take_long(self) -> None:
        """Breaks what has come of a long line. Where it is cut depends on the text alone."""
        while len(self._rest) > _LONGEST:
            part, self._rest = self._rest[:_LONGEST], self._rest[_LONGEST:]
            wrapped = self._break(part)
            self.frozen += wrapped[0]
            self._lead, self._open = wrapped[1], True

    def _end_line(self, out: list[Line]) -> None:
        full, last = self._break(self._rest)
        out += full
        if last or not (full or self._open):
            out.append(to_line(last, Prefix(), "\n") if last else BLANK)
        self._rest, self._lead, self._open = "", [], False

    def _break(self, text: str) -> tuple[list[Line], list[Word]]:
        wrapped = break_runs(
            [Run(plain(text).expandtabs(4), self._style)], self._lead, Prefix(), Prefix(), self._width
        )
        return wrapped.full, wrapped.last


def render_plain(text: str, style: Style, width: int) -> list[Line]:
    """A whole text at once."""
    document = TextDocument(style, width)
    document.feed(text)
    document.end()
    return document.frozen
