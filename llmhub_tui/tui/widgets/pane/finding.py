"""Where a text stands in the conversation: found in the lines as they are read, message by message."""

from __future__ import annotations

import math
import re
import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from llmhub_tui.render.lines import BLANK, Line
from llmhub_tui.tui.widgets.pane.layout import Layout
from llmhub_tui.tui.widgets.pane.message_view import MessageView
from llmhub_tui.tui.widgets.pane.reasoning import REASONING

_MARKS: Final = re.compile(r"[*_`~\\\[\]|>#\s]+")
"""What may stand between the letters of a text in its source, and not where it is read."""
_SPELLED: Final = re.compile(r"\$|\\[(\[b]|&#?\w+;|\[\^|\[!")
"""What makes a source say something else than is read: LaTeX, entities, footnotes, alerts."""
_ODD: Final = str.maketrans({"İ": "i", "ẞ": "ß"})
"""Letters whose small form is longer than they are."""
_NAMED: Final = 2
"""Lines at the top of a message that say whose it is; nothing is looked for in them."""

Span = tuple[int, int, int]
"""A line of the message, and the first and one past the last character of it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence; a wrapped one has several spans."""

    spans: tuple[Span, ...]

    @property
    def row(self) -> int:
        """The line of the message that it begins in."""
        return self.spans[0][0]


def hits_in(lines: list[Line], needle: str) -> list[Hit]:
    """The occurrences of a text, also where it was wrapped.

    Args:
        lines: of one message.
        needle: as `small` gives it.
    """
    parts: list[str] = []
    starts: list[int] = []
    size = 0
    for line in lines:
        starts.append(size)
        text = line.text[line.indent :]
        piece = (text.rstrip() if line.joiner == " " else text) + line.joiner
        parts.append(piece)
        size += len(piece)
    text = small("".join(parts)).replace("\u00a0", " ")
    found, at = [], text.find(needle)
    while at >= 0:
        found.append(Hit(tuple(_spans(lines, starts, at, at + len(needle)))))
        at = text.find(needle, at + len(needle))
    return found


def _spans(lines: list[Line], starts: list[int], start: int, end: int) -> Iterator[Span]:
    row = bisect_right(starts, start) - 1
    while row < len(lines) and starts[row] < end:
        indent = lines[row].indent
        first, last = max(start - starts[row], 0), end - starts[row]
        yield row, indent + first, min(indent + last, len(lines[row].text))
        row += 1


def small(text: str) -> str:
    """Lower case, with as many characters as there were."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_ODD).lower()


class Finder:
    """Looks for a text in all messages, those first that are near the reader."""

    def __init__(self, needle: str, layout: Layout, start: int) -> None:
        """Takes what to look for, and the message at which to begin."""
        self.needle = small(needle)
        self.current: tuple[str, int] | None = None
        """The message and the number within it of the hit that the reader is at."""
        self._bare = _MARKS.sub("", self.needle)
        self._layout = layout
        self._hits: dict[str, list[Hit]] = {}
        self._stamps: dict[str, tuple[int, int, int]] = {}
        self._start = start
        views = layout.views
        self._ahead = iter([*views[start:], *reversed(views[:start])])
        self.complete = False
        """Whether every message was looked at."""
        self.opened: dict[str, set[int]] = {}
        """What was folded and had a hit, by message."""

    def fold_again(self, keep: str = "") -> None:
        """Closes what was opened for a hit, but in one message."""
        for view in self._layout.views:
            numbers = self.opened.get(view.entry.key, set()) & view.frame.unfolded
            if numbers and view.entry.key != keep:
                view.toggle(numbers)
                del self.opened[view.entry.key]

    def advance(self, until: float = math.inf) -> bool:
        """Looks at more messages, until a time of `time.perf_counter`; says whether any is left."""
        for view in self._ahead:
            if self._may_have(view):
                self._layout.make(view)
                self.hits(view)
            if time.perf_counter() >= until:
                return True
        self.complete = True
        return False

    def hits(self, view: MessageView) -> list[Hit]:
        """The hits in a message that has lines; found anew when it has other ones."""
        key, stamp = view.entry.key, view.stamp
        if self._stamps.get(key) != stamp:
            self._unfold(view)
            told = range(_NAMED, view.height - view.frame.advice)
            lines = [view.line(at) if at in told else BLANK for at in range(view.height)]
            lines = [BLANK if line.fold == REASONING else line for line in lines]
            self._stamps[key], self._hits[key] = view.stamp, hits_in(lines, self.needle)
        return self._hits[key]

    def _unfold(self, view: MessageView) -> None:
        """Opens what is folded and has a hit."""
        wanted = {number for number, text in view.frame.folded_texts() if self._is_in(text)}
        if wanted:
            view.toggle(wanted)
            self.opened[view.entry.key] = self.opened.get(view.entry.key, set()) | wanted

    def _may_have(self, view: MessageView) -> bool:
        texts = (view.live_text, *view.frame.texts())
        return bool(_SPELLED.search(texts[0])) or any(self._is_in(text) for text in texts)

    def _is_in(self, text: str) -> bool:
        return bool(text) and self._bare in _MARKS.sub("", small(text))

    def place(self) -> tuple[int, int]:
        """Which hit the current one is, counted from 1, or 0 for none; and how many there are."""
        total = at = 0
        for view in self._layout.views:
            found = self._hits.get(view.entry.key, ())
            if self.current is not None and view.entry.key == self.current[0]:
                at = total + min(self.current[1], len(found) - 1) + 1 if found else 0
            total += len(found)
        return at, total

    def step(self, step: int) -> bool:
        """Moves to the next or the previous hit, round the ends; says whether there is any."""
        order: list[tuple[str, int]] = []
        first = -1  # where nothing is found from the start on, the last one before it
        for number, view in enumerate(self._layout.views):
            found = self._hits.get(view.entry.key, ())
            if found and first < 0 and number >= self._start:
                first = len(order)
            order += ((view.entry.key, at) for at in range(len(found)))
        if not order:
            return False
        at = order.index(self.current) + step if self.current in order else first
        self.current = order[at % len(order)]
        return True
