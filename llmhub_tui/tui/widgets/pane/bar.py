"""The bar at the left of what is not the reply itself: reasoning, tool calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rich.segment import Segment
from rich.style import Style

from llmhub_tui.render.lines import Line
from llmhub_tui.render.text import render_plain

BAR: Final = "│ "


def barred(line: Line, style: Style, sign: str = BAR) -> Line:
    """A line behind a sign that is not copied."""
    segments = (Segment(sign, style), *line.segments)
    return replace(line, segments=segments, width=line.width + 2, indent=line.indent + 2)


def behind_bar(text: str, style: Style, width: int, first: str = BAR) -> list[Line]:
    """Plain text behind the bar; two cells of another sign may stand at its start."""
    lines = render_plain(text, style, max(1, width - 2))
    return [barred(line, style, BAR if at else first) for at, line in enumerate(lines)]
