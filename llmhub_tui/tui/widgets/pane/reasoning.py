"""What a model thinks before it speaks: words that are counted, and lines once somebody unfolds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from llmhub_tui.render.lines import Line
from llmhub_tui.render.text import TextDocument
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs
from llmhub_tui.tui.widgets.pane.bar import BAR, barred
from llmhub_tui.tui.widgets.pane.look import PaneLook

REASONING: Final = -2
"""The number of the fold that holds the reasoning; tool calls have theirs from 0 on."""


class Reasoning:
    """Grows word by word; a word costs the same at the end as at the start."""

    def __init__(self, text: str = "") -> None:
        """Takes what is there already."""
        self._parts: list[str] = []
        self._words = 0
        self._in_word = False
        self._document: TextDocument | None = None
        self._look: PaneLook | None = None
        self._fed = 0
        """Parts that the document has."""
        self._barred: list[Line] = []
        """Its final lines, behind the bar."""
        self.put(text)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)

    def put(self, text: str) -> None:
        """Takes more."""
        if not self._parts:
            text = text.lstrip()
        if not text:
            return
        self._parts.append(text)
        self._words += len(text.split()) - (self._in_word and not text[0].isspace())
        self._in_word = not text[-1].isspace()

    def lines(self, look: PaneLook, *, whole: bool) -> list[Line]:
        """One line that counts, and where it is unfolded all that was thought."""
        if not self._parts:
            return []
        label = f"{'▾' if whole else '▸'} Reasoning, {self._words} words"
        head = wrap_runs([Run(label, look.palette.muted)], Prefix(), Prefix(), look.width)
        found = [replace(line, fold=REASONING) for line in head]
        return found + self._thoughts(look) if whole else found

    def _thoughts(self, look: PaneLook) -> list[Line]:
        if self._document is None or look is not self._look:
            self._document = TextDocument(look.palette.muted, max(1, look.width - len(BAR)))
            self._look, self._fed, self._barred = look, 0, []
        for part in self._parts[self._fed :]:
            self._document.feed(part)
        self._fed = len(self._parts)
        self._document.flush()
        style = look.palette.muted
        self._barred += (barred(line, style) for line in self._document.frozen[len(self._barred) :])
        return self._barred + [barred(line, style) for line in self._document.tail]
