"""A reply's Markdown as screen lines, while it grows.

What is finished becomes lines once and is never looked at again, so that a token costs the same
at the end of a reply as at its start. The lines are those of the whole text at once, however it came.
"""

from __future__ import annotations

from typing import Final

from rich.style import Style

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.flow import Flow
from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lines import Line
from llmhub_tui.render.palette import Palette
from llmhub_tui.render.patterns import HALF, HEAD
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs

_LONGEST: Final = 4096
"""Characters of a line of code or of a table that are waited for; what is longer goes on in the next line."""


class MarkdownDocument:
    """Text in, lines out: `feed` as it comes, `flush` before a paint, `finish` at the end."""

    def __init__(self, palette: Palette, width: int) -> None:
        """Takes the styles, and the cells that a line may have."""
        self._palette = palette
        self._width = max(1, width)
        self._source: list[str] = []
        self._rest = ""
        self._mid_line = False
        """Whether the line that is coming in is known to belong to a paragraph."""
        self._cut = False
        """Whether a part of it was taken for a line of its own."""
        self._held_cr = False
        self._shown = 0
        self._flow = self._new_flow({})
        self.frozen: list[Line] = []
        """Lines that will not change, unless `finish` finds that the text's end explains a link in it."""
        self.tail: list[Line] = []
        """Lines of what is still open."""

    def __len__(self) -> int:
        return len(self.frozen) + len(self.tail)

    def line(self, index: int) -> Line:
        """A line by its number."""
        frozen = len(self.frozen)
        return self.frozen[index] if index < frozen else self.tail[index - frozen]

    @property
    def source(self) -> str:
        """The text so far, as it is shown."""
        return "".join(self._source)

    def code(self, number: int) -> str:
        """The source of a code block, by the number that its lines carry."""
        return "\n".join(self._flow.codes[number]) if number < len(self._flow.codes) else ""

    def feed(self, text: str) -> None:
        """Takes text from outside, in any pieces."""
        if self._held_cr:
            text = "\r" + text
        self._held_cr = text.endswith("\r")
        text = plain(text[:-1] if self._held_cr else text)
        if not text:
            return
        self._source.append(text)
        self._take(text)

    def flush(self) -> int:
        """Brings the lines up to date; returns the number of the first one that may have changed."""
        trial = self._flow.copy()
        opened = trial.line(self._rest) if self._rest and not HALF.match(self._rest) else []
        self.tail = opened + trial.close()
        return self._settled()

    def finish(self) -> int:
        """The text is complete; returns the number of the first line that may have changed."""
        if self._held_cr:
            self._held_cr = False
            self._source.append("\n")
            self._take("\n")
        self._end()
        changed = self._settled()
        if self._flow.late:  # a link's target stands below the link: the one case for a second look
            self._flow = self._new_flow(self._flow.references)
            self.frozen, self._mid_line, self._cut = [], False, False
            self._take("".join(self._source))
            self._end()
            self._shown = len(self.frozen)
            changed = 0
        self.tail = []
        return changed

    def _settled(self) -> int:
        """How many lines were final when this was last asked."""
        shown, self._shown = self._shown, len(self.frozen)
        return shown

    def _new_flow(self, references: dict[str, str]) -> Flow:
        return Flow(Look(self._palette, self._width, references), references)

    def _end(self) -> None:
        if self._rest:
            self.frozen += self._flow.line(self._rest)
            self._rest = ""
        self.frozen += self._flow.close()

    def _take(self, text: str) -> None:
        """Passes on every line that is whole, and what can be judged of one that is long.

        What is passed on when depends on the text alone, never on how it came.
        """
        self._rest += text
        flow = self._flow
        while True:
            newline = self._rest.find("\n")
            end = newline if newline >= 0 else len(self._rest)
            limit = _LONGEST if flow.in_code or flow.in_table else HEAD
            if self._mid_line:
                self.frozen += flow.append(self._rest[:end])
                self._rest = self._rest[end + 1 :]
                self._mid_line = newline < 0
            elif end > limit:
                self.frozen += flow.line(self._rest[:limit])
                self._rest = self._rest[limit:]
                self._mid_line = flow.in_paragraph
                self._cut = not self._mid_line
                continue
            elif newline >= 0:
                line, self._rest = self._rest[:end], self._rest[end + 1 :]
                if line or not self._cut:
                    self.frozen += flow.line(line)
                self._cut = False
            if newline < 0:
                return


def render_markdown(text: str, palette: Palette, width: int) -> MarkdownDocument:
    """A whole text at once."""
    document = MarkdownDocument(palette, width)
    document.feed(text)
    document.finish()
    return document


def render_plain(text: str, style: Style, width: int) -> list[Line]:
    """Text as it is, broken into lines; nothing in it means anything."""
    found: list[Line] = []
    for line in plain(text).split("\n"):
        wrapped = wrap_runs([Run(line.expandtabs(4), style)], Prefix(), Prefix(), max(1, width))
        found += wrapped or wrap_runs([Run("\u00a0", style)], Prefix(), Prefix(), max(1, width))
    return found
