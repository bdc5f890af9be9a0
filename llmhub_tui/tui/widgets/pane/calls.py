"""Tool calls as lines: what was asked for, and with which arguments."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from llmhub_tui.domain.messages import ToolCall
from llmhub_tui.domain.plain import plain_line
from llmhub_tui.render.document import render_plain
from llmhub_tui.render.lines import Line
from llmhub_tui.render.wrap import Prefix, Run, wrap_runs
from llmhub_tui.tui.widgets.pane.look import PaneLook

_SHORT: Final = 3
"""Lines of a folded call's arguments."""


def call_lines(calls: Mapping[int, ToolCall], unfolded: Set[int], look: PaneLook) -> list[Line]:
    """The calls in order.

    Args:
        calls: by their index.
        unfolded: the indexes of those that are shown whole.
        look: styles and width.
    """
    found: list[Line] = []
    for index, call in sorted(calls.items()):
        whole = index in unfolded
        label = f"{'▾' if whole else '▸'} ⚙ {plain_line(call.name, 80) or '…'}"
        head = wrap_runs([Run(label, look.warning)], Prefix(), Prefix(), look.width)
        found += (replace(line, fold=index) for line in head)
        shown = behind_bar(call.arguments or "{}", look.palette.muted, look.width)
        found += shown if whole else shown[:_SHORT]
    return found


def behind_bar(text: str, style: Style, width: int) -> list[Line]:
    """Plain text behind a bar that is not copied."""
    found = []
    for line in render_plain(text, style, max(1, width - 2)):
        strip = Strip([Segment("│ ", style), *line.strip])
        found.append(replace(line, strip=strip, indent=2))
    return found
