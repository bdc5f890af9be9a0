"""A message's text on its way to lines: in slices of time, so that no text keeps the screen waiting."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from llmhub_tui.render.lines import Line

_PIECE: Final = 1000
"""Characters between two looks at the clock; the worst of them take some 25 ms."""


class Document(Protocol):
    """What turns text into lines: Markdown, or text as it is."""

    def __len__(self) -> int: ...

    @property
    def source(self) -> str:
        """The text so far."""
        ...

    @property
    def late(self) -> bool:
        """Whether the end of the text has shown that lines above are not as they should be."""
        ...

    def relook(self) -> Document:
        """An empty document that knows what this one has learned."""
        ...

    def line(self, index: int) -> Line:
        """A line by its number."""
        ...

    def code(self, number: int) -> str:
        """The source of a code block."""
        ...

    def feed(self, text: str) -> None:
        """Takes text."""
        ...

    def flush(self) -> int:
        """Brings the lines up to date; returns the number of the first one that may have changed."""
        ...

    def end(self) -> int:
        """The text is complete."""
        ...


class Body:
    """Feeds a document as time allows."""

    def __init__(
        self, document: Document, text: str = "", *, ended: bool = False, seams: Iterable[int] = ()
    ) -> None:
        """Takes an empty document and the text that is there.

        Args:
            document: to be fed.
            text: the beginning, or all of it.
            ended: whether no more will come.
            seams: the places, in characters, at which a resumed stream was joined to what was there.
        """
        self.document = document
        self._queue = deque([text] if text else [])
        self._at = 0
        """Characters of the first piece that the document has."""
        self._ended = ended
        self._second: Document | None = None
        """What takes the document's place, once it is complete."""
        self.size = len(text)
        """Characters that were put in."""
        self._seams = sorted(seams)
        self._fed = 0
        """Characters that the document has."""
        self.seam_rows: set[int] = set()
        """The lines on which the seams are."""
        self.complete = not text and not ended
        """Whether all text has become lines."""

    @property
    def text(self) -> str:
        """All text that was put in."""
        return self.document.source + "".join(self._queue)[self._at :]

    def put(self, text: str, *, last: bool = False) -> None:
        """Takes text; lines are made of it when `advance` is called."""
        if text:
            self._queue.append(text)
            self.size += len(text)
        self._ended = self._ended or last
        self.complete = False

    def mark_seam(self) -> None:
        """What comes next is joined to what is there."""
        self._seams.append(self.size)
        self.advance(math.inf)
        self._note_seam(self.document)

    @property
    def seams(self) -> tuple[int, ...]:
        """The places at which a stream was joined."""
        return tuple(self._seams)

    def advance(self, until: float, now: Callable[[], float] = time.perf_counter) -> int:
        """Makes lines until a time on the clock; returns the first line that may have changed."""
        if self.complete:
            return len(self.document)
        if self._second is None:
            if not self._feed(self.document, until, now):
                return self.document.flush()
            if not self._ended:
                self.complete = True
                return self.document.flush()
            changed = self.document.end()
            if not self.document.late:
                self.complete = True
                return changed
            self._second = self.document.relook()
            self._queue.append(self.document.source)
            self._fed, self.seam_rows = 0, set()
        else:
            changed = len(self.document)
        if self._feed(self._second, until, now):
            self._second.end()
            self.document, self._second, self.complete, changed = self._second, None, True, 0
        return changed

    def _feed(self, document: Document, until: float, now: Callable[[], float]) -> bool:
        """Feeds piece by piece, at least one; says whether all was fed."""
        while self._queue:
            first, seam = self._queue[0], self._next_seam()
            piece = first[self._at : self._at + min(_PIECE, seam - self._fed)]
            self._at += len(piece)
            self._fed += len(piece)
            if self._at >= len(first):
                self._queue.popleft()
                self._at = 0
            document.feed(piece)
            if self._fed == seam:
                self._note_seam(document)
            if self._queue and now() >= until:
                return False
        return True

    def _note_seam(self, document: Document) -> None:
        document.flush()
        self.seam_rows.add(max(0, len(document) - 1))

    def _next_seam(self) -> int:
        """The seam ahead, or one that is never reached."""
        return next((seam for seam in self._seams if seam > self._fed), self._fed + _PIECE + 1)
