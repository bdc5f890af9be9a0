"""What a selection copies: text without margins, decoration, or the line ends that wrapping made; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.cells import cell_len
from textual.selection import Selection

from llmhub_tui.render.lines import Line

MARGIN = 2
"""Cells at the left of every line."""


def selected_text(lines: Iterable[tuple[int, Line]], selection: Selection) -> str:
    """The text of a selection.

    Args:
        lines: line numbers, as the selection counts them, and lines.
        selection: in characters, counted from the pane's edge.
    """
    parts: list[str] = []
    joiner = ""
    for number, line in lines:
        span = selection.get_span(number)
        if span is None:
            continue
        text = line.text
        start = max(line.indent, span[0] - MARGIN)
        end = len(text) if span[1] < 0 else min(len(text), max(0, span[1] - MARGIN))
        piece = text[start:end].replace("\u00a0", " ")
        parts.append(joiner + (piece.rstrip() if line.joiner == "\n" else piece))
        joiner = line.joiner
    return "".join(parts)


def word_at(line: Line, cell: int) -> tuple[int, int]:
    """The characters of the word at a cell, or of the blank there."""
    text = line.text
    at = next((at for at in range(len(text)) if cell_len(text[: at + 1]) > cell), max(0, len(text) - 1))
    if not text or not (text[at].isalnum() or text[at] in "_-"):
        return at, min(len(text), at + 1)
    start = end = at
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_-"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
        end += 1
    return start, end


def paragraph_at(line: Callable[[int], Line | None], row: int) -> tuple[int, int]:
    """The first and the last line of the text that was wrapped into the line at `row`."""
    first = last = row
    while (before := line(first - 1)) is not None and before.joiner != "\n":
        first -= 1
    while (here := line(last)) is not None and here.joiner != "\n":
        last += 1
    return first, last
