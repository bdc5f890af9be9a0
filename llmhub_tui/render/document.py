"""A reply's Markdown as screen lines, while it grows.

What is finished becomes lines once and is never looked at again, so that a token costs the same
at the end of a reply as at its start. The lines are those of the whole text at once, however it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from llmhub_tui.render.flow import Flow
from llmhub_tui.render.leaves import Look
from llmhub_tui.render.lined import LinedText
from llmhub_tui.render.palette import Palette
from llmhub_tui.render.patterns import FORMULA, HALF, HEAD

_LONGEST: Final = 4096
"""Characters of a line of code, a table or a formula that are waited for; the rest is another line."""


class MarkdownDocument(LinedText):
    """Text in, lines out: `feed` as it comes, `flush` before a paint, `finish` at the end."""

    def __init__(
        self, palette: Palette, width: int, references: dict[str, Mapping[str, str]] | None = None
    ) -> None:
        """Takes the styles, the cells that a line may have, and where links lead, if that is known."""
        super().__init__()
        self._palette = palette
        self._width = max(1, width)
        self._mid_line = False
        """Whether the line that is coming in is known to belong to a paragraph."""
        self._cut = False
        """Whether a part of it was taken for a line of its own."""
        references = {} if references is None else references
        self._flow = Flow(Look(palette, self._width, references), references)

    def code(self, number: int) -> str:
        """The source of a code block, by the number that its lines carry."""
        return "\n".join(self._flow.codes[number]) if number < len(self._flow.codes) else ""

    def feed(self, text: str) -> None:
        """Takes text from outside, in any pieces."""
        if text := self._received(text):
            self._take(text)

    def flush(self) -> int:
        """Brings the lines up to date; returns the number of the first one that may have changed."""
        trial = self._flow.copy()
        opened = trial.line(self._rest) if self._rest and not HALF.match(self._rest) else []
        self.tail = opened + trial.close()
        return self._settled()

    def end(self) -> int:
        """The text is complete; returns the number of the first line that may have changed."""
        if self._held_cr:
            self._held_cr = False
            self._source.append("\n")
            self._take("\n")
        if self._rest:
            self.frozen += self._flow.line(self._rest)
            self._rest = ""
        self.frozen += self._flow.close()
        self.tail = []
        return self._settled()

    @property
    def late(self) -> bool:
        """Whether a link's target stands below the link: then `relook` gives the lines as they should be."""
        return self._flow.late

    def relook(self) -> MarkdownDocument:
        """An empty document that knows where the links of this one lead; feed it the same text."""
        return MarkdownDocument(self._palette, self._width, self._flow.references)

    def finish(self) -> int:
        """Ends the text, and looks at it again at once where that is needed."""
        changed = self.end()
        if not self.late:
            return changed
        second = self.relook()
        second.feed(self.source)
        second.end()
        self.frozen, self._flow, self._shown = second.frozen, second._flow, second._shown
        return 0

    def _take(self, text: str) -> None:
        """Passes on every line that is whole, and what can be judged of one that is long.

        What is passed on when depends on the text alone, never on how it came.
        """
        text, at = self._rest + text, 0
        flow = self._flow
        while True:
            newline = text.find("\n", at)
            end = newline if newline >= 0 else len(text)
            whole = flow.in_lines or FORMULA.match(text, at)
            limit = _LONGEST if whole else HEAD
            if self._mid_line:
                self.frozen += flow.append(text[at:end])
                at = end
                self._mid_line = newline < 0
            elif end - at > limit:
                self.frozen += flow.line(text[at : at + limit])
                at += limit
                self._mid_line = flow.in_paragraph
                self._cut = not self._mid_line
                continue
            elif newline >= 0:
                if end > at or not self._cut:
                    self.frozen += flow.line(text[at:end])
                self._cut = False
            if newline < 0:
                self._rest = text[at:]
                return
            at = newline + 1


def render_markdown(text: str, palette: Palette, width: int) -> MarkdownDocument:
    """A whole text at once."""
    document = MarkdownDocument(palette, width)
    document.feed(text)
    document.finish()
    return document
