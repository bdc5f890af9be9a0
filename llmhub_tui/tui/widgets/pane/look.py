"""How messages look: the styles of their heads and feet, and the width they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.style import Style

from llmhub_tui.domain.endings import Ending
from llmhub_tui.render.palette import Palette


@dataclass(frozen=True, slots=True)
class PaneLook:
    """Everything that a message's lines depend on, besides the message."""

    palette: Palette
    width: int
    """Cells for text, without the margin."""
    user: Style
    assistant: Style
    error: Style
    warning: Style
    today: tuple[int, int, int]
    """Year, month and day: messages of other days say which."""

    @classmethod
    def of(cls, colors: Mapping[str, str], width: int, today: tuple[int, int, int]) -> PaneLook:
        """Takes the variables of a theme."""
        palette = Palette.from_colors(colors)
        bold = Style(bold=True)
        return cls(
            palette,
            width,
            user=palette.tip + bold,
            assistant=palette.note + bold,
            error=palette.caution,
            warning=palette.warning,
            today=today,
        )


SEAM: Final = "┊"
"""Stands in the margin where a resumed reply was joined; it is no part of the text."""
BADGES = {
    Ending.LENGTH: "… cut by length · Ctrl+G raises the limit and continues",
    Ending.FILTERED: "⊘ filtered by the server · Ctrl+R retries",
    Ending.REFUSAL: "⊘ refused · Ctrl+R retries",
    Ending.TOOL_CALLS: "⚙ asked for a tool; nothing was run",
    Ending.EMPTY: "∅ the reply is empty · Ctrl+R retries",
    Ending.STOPPED: "■ stopped · Ctrl+G continues · Ctrl+R retries",
    Ending.INCOMPLETE: "⚠ incomplete · Ctrl+G continues · Ctrl+R retries",
    Ending.ERROR: "✗ failed · Ctrl+R retries",
}
"""What stands below a reply that did not end by itself, and the keys that help."""
