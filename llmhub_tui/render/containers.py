"""The blocks that hold other blocks: quotes and list items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from llmhub_tui.render.palette import Palette
from llmhub_tui.render.patterns import RULE
from llmhub_tui.render.wrap import Prefix

_QUOTE: Final = re.compile(r" {0,3}> ?")
_ITEM: Final = re.compile(r"( {0,3})([-+*]|\d{1,9}[.)])(?:( +)|$)")
_TASK: Final = re.compile(r"\[([ xX])\](?: +|$)")
_BULLETS: Final = ("•", "◦", "▪")


@dataclass(slots=True)
class Quote:
    """A block quote."""

    style: Style
    spaced: bool = False
    """Whether the last blank line was within it."""

    def strip(self, text: str) -> str | None:
        """The text without this quote's mark; `None` where the line does not belong to it."""
        match = _QUOTE.match(text)
        return text[match.end() :] if match else None


@dataclass(slots=True)
class Item:
    """A list item."""

    indent: int
    """Columns at which its content stands."""
    marker: str
    """What is shown before its first line, once."""
    kind: str
    """The list that it belongs to: items of another kind begin another list."""
    number: int | None = None
    """For an item of an ordered list."""
    used: bool = False
    """Whether the marker has been shown."""

    def strip(self, text: str) -> str | None:
        """The text without this item's indent; `None` where the line does not belong to it."""
        if not text.strip():
            return ""
        return text[self.indent :] if not text[: self.indent].strip() and len(text) >= self.indent else None


Container = Quote | Item


def begin_quote(text: str, palette: Palette) -> tuple[Quote, str] | None:
    """A quote that begins here, and the text behind its mark."""
    match = _QUOTE.match(text)
    return (Quote(palette.quote), text[match.end() :]) if match else None


def begin_item(text: str, depth: int, *, in_paragraph: bool) -> tuple[Item, str] | None:
    """A list item that begins here, and the text behind its marker.

    Args:
        text: the line, without what belongs to the containers around.
        depth: how many lists are around.
        in_paragraph: whether a paragraph is open, which not every item may interrupt.
    """
    match = _ITEM.match(text)
    if match is None or RULE.match(text):
        return None
    before, mark, blanks = match[1], match[2], match[3] or ""
    rest = text[match.end() :]
    if in_paragraph and (not rest.strip() or (mark[0].isdigit() and mark[:-1] != "1")):
        return None
    if len(blanks) > 4:  # indented code within the item
        rest, blanks = blanks[1:] + rest, " "
    indent = len(before) + len(mark) + max(1, len(blanks))
    marker = mark if mark[0].isdigit() else _BULLETS[depth % len(_BULLETS)]
    if task := _TASK.match(rest):
        marker = "☑" if task[1] in "xX" else "☐"
        rest = rest[task.end() :]
    number = int(mark[:-1]) if mark[0].isdigit() else None
    return Item(indent, f"{marker} ", mark[-1], None if task else number), rest


def prefixes(containers: list[Container], palette: Palette, pane: int) -> tuple[Prefix, Prefix]:
    """What stands before the first line of a block within these containers, and before its others.

    The markers of the items are shown once; the caller notes that they have been. Where containers
    would take more than two thirds of the pane, the innermost are not shown.
    """
    first: list[Segment] = []
    rest: list[Segment] = []
    width = decoration = 0
    only_decoration = True
    for container in containers:
        if width + (2 if isinstance(container, Quote) else cell_len(container.marker)) > pane * 2 // 3:
            break
        if isinstance(container, Quote):
            bar = Segment("▌ ", container.style)
            first.append(bar)
            rest.append(bar)
            width += 2
        else:
            size = cell_len(container.marker)
            blank = Segment(" " * size)
            first.append(blank if container.used else Segment(container.marker, palette.marker))
            rest.append(blank)
            only_decoration = only_decoration and container.used
            width += size
        if only_decoration:
            decoration = width
    return Prefix(tuple(first), width, decoration), Prefix(tuple(rest), width, width)
