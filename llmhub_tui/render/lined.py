"""What every text that becomes lines while it grows has in common."""

from __future__ import annotations

from llmhub_tui.domain.plain import plain
from llmhub_tui.render.lines import Line


class LinedText:
    """Keeps the source, and the lines that it has become; how they are made is its subclass's business."""

    def __init__(self) -> None:
        """Begins empty."""
        self._source: list[str] = []
        self._rest = ""
        self._held_cr = False
        self._shown = 0
        self.frozen: list[Line] = []
        """Lines that will not change, unless the text turns out to be `late`."""
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

    def _received(self, text: str) -> str:
        """What is safe and whole of a piece from outside, and now part of the source.

        A carriage return at its end waits for the line feed that may follow.
        """
        if self._held_cr:
            text = "\r" + text
        self._held_cr = text.endswith("\r")
        text = plain(text[:-1] if self._held_cr else text)
        if text:
            self._source.append(text)
        return text

    def _settled(self) -> int:
        """How many lines were final when this was last asked."""
        shown, self._shown = self._shown, len(self.frozen)
        return shown
