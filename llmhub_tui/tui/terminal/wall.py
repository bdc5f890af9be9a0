"""The outer wall: the last look at what is painted, and at what is written.

`CELLS` is a line filter, which Textual applies to every line of every widget just before it becomes
terminal sequences: there the text of each cell is still apart from Textual's own sequences, so that
whatever is no cell text can be left out, wherever it came from. `written` looks at the finished stream
once more and lets only those sequences through that Textual and this program send.
"""

from __future__ import annotations

import re
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from llmhub_tui.domain.plain import cells

_OURS: Final = (
    r"\[[0-9;]*m"  # colors and attributes
    r"|\[\d+;\d+[Hr]|\[r"  # where to write; which lines scroll
    r"|\[\?[\d;]+[hl]|\[\?\d+\$p"  # modes of the terminal, and whether it has them
    r"|\[[>=]\d+u|\[<u"  # how keys are reported
    r"|\[J|\[2J|\[\d+A|\[6n"  # a chat below the shell's prompt
    r"|\]22;[a-z-]*\x07"  # the shape of the pointer
    r"|\]52;c;[A-Za-z0-9+/=]*\x07"  # what the user has copied
)
_FOREIGN: Final = re.compile(
    rf"\x1b(?!{_OURS})"
    "|[\x00-\x06\x08\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)


class CellWall(LineFilter):
    """Leaves out of each line what is no text of cells, and links that the terminal would open by itself."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same list, where all is well, which is nearly always."""
        text = "".join([segment.text for segment in segments])
        if cells(text) is text and not any(
            style is not None and style.link is not None for _, style, _ in segments
        ):
            return segments
        return [
            Segment(cells(text), style if style is None or style.link is None else style.update_link(None))
            for text, style, _ in segments
        ]


CELLS: Final = CellWall()


def written(data: str) -> str:
    """What may be written to the terminal of what was meant to be."""
    return _FOREIGN.sub("", data) if _FOREIGN.search(data) else data
