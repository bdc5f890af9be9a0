"""One message as lines: made when it is first seen, and kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from llmhub_tui.domain.messages import Message, Role
from llmhub_tui.render.document import MarkdownDocument, render_markdown, render_plain
from llmhub_tui.render.lines import NO_FOLD, Line
from llmhub_tui.tui.widgets.entries import Card, Entry
from llmhub_tui.tui.widgets.pane.calls import call_lines
from llmhub_tui.tui.widgets.pane.head import REASONING, foot_lines, head_lines, reasoning_lines
from llmhub_tui.tui.widgets.pane.look import PaneLook
from llmhub_tui.tui.widgets.pane.pacer import Pacer
from llmhub_tui.tui.widgets.pane.seams import row_at_end, seam_rows


@dataclass(slots=True)
class MessageView:
    """A message's head, body and foot. Its height is an estimate until its lines are asked for."""

    entry: Entry
    look: PaneLook
    unfolded: set[int] = field(default_factory=set)
    """What is shown whole: the numbers of its folds."""
    waiting: str = ""
    pacer: Pacer = field(default_factory=Pacer)
    _reasoning: list[str] = field(default_factory=list)
    _cards: dict[int, Card] = field(default_factory=dict)
    _head: list[Line] = field(default_factory=list)
    _body: MarkdownDocument | None = None
    _plain: list[Line] = field(default_factory=list)
    _foot: list[Line] = field(default_factory=list)
    seams: set[int] = field(default_factory=set)
    """The lines of the body on which a resumed stream was joined to what was there."""
    made: bool = False
    """Whether the lines are there."""
    _frame_changed: bool = False

    @property
    def height(self) -> int:
        """Lines, or a guess at their number."""
        if not self.made:
            return 3 + len(self.entry.message.text) // max(10, self.look.width * 3 // 4)
        return len(self._head) + self.body_height + len(self._foot)

    @property
    def body_height(self) -> int:
        """Lines of the body."""
        return len(self._body) if self._body is not None else len(self._plain)

    @property
    def body_top(self) -> int:
        """Lines of the head."""
        return len(self._head)

    @property
    def cursor_line(self) -> int:
        """Where the typing cursor stands: behind the last line of the body, or on the line below the head."""
        return max(0, len(self._head) + self.body_height - 1)

    def line(self, at: int) -> Line:
        """A line by its number."""
        if at < len(self._head):
            return self._head[at]
        at -= len(self._head)
        if at < self.body_height:
            return self._body.line(at) if self._body is not None else self._plain[at]
        return self._foot[at - self.body_height]

    def make(self) -> None:
        """Makes the lines, unless they are there."""
        if self.made:
            return
        self.made = True
        message = self.entry.message
        self._make_body(message)
        self.refresh_frame()

    def refresh_frame(self) -> None:
        """Makes head and foot anew; the body stays."""
        if self.made:
            thoughts, whole = "".join(self._reasoning), REASONING in self.unfolded
            self._head = head_lines(self.entry, self.look) + reasoning_lines(thoughts, self.look, whole=whole)
            calls = call_lines(self._cards, self.unfolded, self.look)
            self._foot = calls + foot_lines(self.entry, self.waiting, self.look)
            self._frame_changed = True

    def frame_changed(self) -> bool:
        """Whether head or foot were made anew since this was last asked."""
        changed, self._frame_changed = self._frame_changed, False
        return changed

    @property
    def folds(self) -> set[int]:
        """The numbers of what can be folded: reasoning and tool calls."""
        self.make()
        return {line.fold for line in (*self._head, *self._foot) if line.fold != NO_FOLD}

    def toggle(self, numbers: set[int]) -> None:
        """Folds what is unfolded; with several numbers, unfolds all unless all are unfolded."""
        self.unfolded = self.unfolded - numbers if numbers <= self.unfolded else self.unfolded | numbers
        self.refresh_frame()

    def restyle(self, look: PaneLook) -> None:
        """Takes another width or theme; the lines are made anew when they are next asked for."""
        kept = self.live_text
        self.look, self.made, self._body, self._plain = look, False, None, []
        if self.entry.live:
            self.entry = replace(self.entry, message=replace(self.entry.message, text=kept))

    @property
    def live_text(self) -> str:
        """The text that is shown; for a reply in flight, what has been written so far."""
        if self._body is not None and self.entry.live:
            return self._body.source
        return self.entry.message.text

    def update(self, entry: Entry) -> None:
        """Takes a newer version: another ending, another attempt count, or the end of a reply in flight."""
        old, message = self.entry, entry.message
        self.entry = entry
        if self._body is not None and old.live and not entry.live:
            self._body.feed(self.pacer.take(0.0, everything=True))
            if self._body.source == message.text:
                self._body.finish()
            else:
                self._make_body(message)
        elif self.made and (entry.live or message.text != old.message.text):
            self.pacer.take(0.0, everything=True)  # the message has it
            self._make_body(message)
        self._reasoning = [message.reasoning] if message.reasoning else []
        self._cards = dict(enumerate(entry.cards))
        self.waiting = ""
        self.refresh_frame()

    def write_reasoning(self, text: str) -> None:
        """Takes more of the reasoning of a reply in flight."""
        self._reasoning.append(text)
        self.refresh_frame()

    def mark_seam(self) -> None:
        """Marks where the next words of a reply in flight will stand."""
        if self._body is not None:
            self._body.feed(self.pacer.take(0.0, everything=True))
            self.seams.add(row_at_end(self._body))

    def set_card(self, index: int, card: Card) -> None:
        """Shows a tool call as far as it is known."""
        self._cards[index] = card
        self.refresh_frame()

    def flush(self, now: float) -> int:
        """Takes what the pacer lets out; returns the first line of the view that changed."""
        if self._body is None:
            return self.height
        self._body.feed(self.pacer.take(now))
        return len(self._head) + self._body.flush()

    def code_at(self, line: int) -> str:
        """The source of the code block at a line, or of the first one below it, or of the last one."""
        numbers = [number for at in range(self.height) if (number := self.line(at).code) >= 0 and at >= line]
        numbers = numbers or [number for at in range(self.height) if (number := self.line(at).code) >= 0][-1:]
        return self._body.code(numbers[0]) if numbers and self._body is not None else ""

    def _make_body(self, message: Message) -> None:
        look = self.look
        if message.role is not Role.ASSISTANT:
            self._plain = render_plain(message.text, look.palette.text, look.width)
            return
        if not self._reasoning and message.reasoning:
            self._reasoning = [message.reasoning]
        self._cards = self._cards or dict(enumerate(self.entry.cards))
        if self.entry.live:
            self._body = MarkdownDocument(look.palette, look.width)
            self._body.feed(message.text)
            self._body.flush()
        else:
            self._body = render_markdown(message.text, look.palette, look.width)
        self.seams = seam_rows(message.text, message.seams, look)
