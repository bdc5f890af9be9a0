"""One message as lines: made when it is first seen, and kept while it is near what is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from llmhub_tui.domain.messages import Role
from llmhub_tui.render.document import MarkdownDocument
from llmhub_tui.render.lines import Line
from llmhub_tui.render.text import TextDocument
from llmhub_tui.tui.widgets.entries import Entry
from llmhub_tui.tui.widgets.pane.body import Body
from llmhub_tui.tui.widgets.pane.frame import Frame
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.pacer import Pacer


@dataclass(slots=True)
class MessageView:
    """A message's head, body and foot. Its height is an estimate until its lines are made."""

    entry: Entry
    look: PaneLook
    frame: Frame = field(default_factory=Frame)
    pacer: Pacer = field(default_factory=Pacer)
    made: bool = False
    """Whether the lines are there."""
    _body: Body | None = None
    _known_height: int = 0
    """Lines that there were when they were last dropped; 0 for not known."""

    def __post_init__(self) -> None:
        self.frame.take(self.entry)

    @property
    def height(self) -> int:
        """Lines, or a guess at their number."""
        if self.made:
            return len(self.frame.head) + self.body_height + len(self.frame.foot)
        text = self.entry.message.text
        return self._known_height or 3 + text.count("\n") + len(text) // self.look.width

    @property
    def body_height(self) -> int:
        """Lines of the body."""
        return len(self._body.document) if self._body is not None else 0

    @property
    def body_top(self) -> int:
        """Lines of the head."""
        return len(self.frame.head)

    @property
    def unfinished(self) -> bool:
        """Whether text is there that has not become lines yet."""
        return self._body is not None and not self._body.complete

    @property
    def stamp(self) -> tuple[int, int, int]:
        """Differs whenever the lines do."""
        return (id(self._body), self.height, self._body.size if self._body is not None else 0)

    @property
    def cursor_line(self) -> int:
        """Where the typing cursor stands: behind the last line of the body, or on the line below the head."""
        return max(0, self.body_top + self.body_height - 1)

    def line(self, at: int) -> Line:
        """A line by its number."""
        if at < len(self.frame.head):
            return self.frame.head[at]
        at -= len(self.frame.head)
        if self._body is not None and at < self.body_height:
            return self._body.document.line(at)
        return self.frame.foot[at - self.body_height]

    def make(self, until: float = math.inf) -> bool:
        """Makes the lines, as far as time allows; says whether they are there.

        Args:
            until: the end of the time, on the clock of `time.perf_counter`.
        """
        if not self.made:
            if self._body is None:
                message, ended = self.entry.message, not self.entry.live
                self._body = Body(self._document(), message.text, ended=ended, seams=message.seams)
            self._body.advance(until)
            self.made = self._body.complete
            if self.made:
                self.frame.refresh(self.entry, self.look)
        return self.made

    def drop(self) -> None:
        """Forgets the lines, but not how many they were; they are made anew when they are seen again."""
        if self.made and not self.entry.live:
            self._known_height = self.height
            self.made, self._body, self.frame.head, self.frame.foot = False, None, [], []

    def toggle(self, numbers: set[int]) -> None:
        """Folds or unfolds parts of the frame."""
        self.frame.toggle(numbers)
        self._known_height = 0
        self._refresh_frame()

    def restyle(self, look: PaneLook) -> None:
        """Takes another width or theme; the lines are made anew when they are next asked for."""
        if self.entry.live:
            seams = self._body.seams if self._body is not None else ()
            message = replace(self.entry.message, text=self.live_text, seams=seams)
            self.entry = replace(self.entry, message=message)
        self.look, self.made, self._body, self._known_height = look, False, None, 0

    @property
    def live_text(self) -> str:
        """The text that is shown; for a reply in flight, what has been written so far."""
        return self._body.text if self._body is not None and self.entry.live else self.entry.message.text

    def update(self, entry: Entry, until: float = math.inf) -> None:
        """Takes a newer version: another ending, another attempt count, or the end of a reply in flight."""
        body, text, was_live = self._body, entry.message.text, self.entry.live
        rest = self.pacer.take(0.0, everything=True)
        if body is not None and was_live and not entry.live and body.text + rest == text:
            body.put(rest, last=True)
            body.advance(until)
        elif entry.live or was_live or text != self.entry.message.text:
            self._body, self.made, self._known_height = None, False, 0
        self.entry = entry
        self.frame.take(entry)
        self._refresh_frame()

    @property
    def seams(self) -> set[int]:
        """The lines of the body on which a resumed stream was joined to what was there."""
        return self._body.seam_rows if self._body is not None else set()

    def mark_seam(self) -> None:
        """Marks where the next words of a reply in flight will stand."""
        self.make()
        if self._body is not None:
            self._body.put(self.pacer.take(0.0, everything=True))
            self._body.mark_seam()

    def flush(self, now: float, until: float = math.inf) -> int:
        """Takes what has arrived and is let out; returns the first line of the view that changed.

        Args:
            now: on the pacer's clock.
            until: see `make`.
        """
        text = self.pacer.take(now)
        if self._body is not None:
            self._body.put(text)
        elif text:
            message = self.entry.message
            self.entry = replace(self.entry, message=replace(message, text=message.text + text))
        if self._body is None or not self.made:
            self.make(until)
            return 0
        foot, first = self.body_top + self.body_height, self.height
        if self.frame.stale:
            before, first = self.body_top, self._refresh_frame()
            first = min(first, foot) if first < before or before != self.body_top else foot
        return min(first, self.body_top + self._body.advance(until))

    def code(self, number: int) -> str:
        """The source of a code block."""
        return self._body.document.code(number) if self._body is not None else ""

    def _document(self) -> MarkdownDocument | TextDocument:
        palette, width = self.look.palette, self.look.width
        if self.entry.message.role is Role.ASSISTANT:
            return MarkdownDocument(palette, width)
        return TextDocument(palette.text, width)

    def _refresh_frame(self) -> int:
        return self.frame.refresh(self.entry, self.look) if self.made else 0
