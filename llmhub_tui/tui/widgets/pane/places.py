"""Places within a message: where a reader is, where its code blocks and links are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmhub_tui.render.lines import Line
    from llmhub_tui.tui.widgets.pane.message_view import MessageView


def place_of(view: MessageView, line: int) -> int:
    """How much is read above a line, in letters: the same at every width."""
    return sum(_letters(view.line(at)) for at in range(min(line, view.height)))


def line_of(view: MessageView, place: int) -> int:
    """The line above which so much is read."""
    for at in range(view.height):
        place -= _letters(view.line(at))
        if place < 0:
            return at
    return max(0, view.height - 1)


def _letters(line: Line) -> int:
    """Characters of a line that are neither blank nor drawn."""
    return sum(char.isalnum() for char in line.text)


def code_blocks(view: MessageView) -> list[tuple[int, int]]:
    """The first line of each code block, and its number."""
    found: list[tuple[int, int]] = []
    for at in range(view.body_top, view.body_top + view.body_height):
        number = view.line(at).code
        if number >= 0 and (not found or found[-1][1] != number):
            found.append((at, number))
    return found


def may_have_code(view: MessageView) -> bool:
    """Whether it is worth while to make the lines of a message in order to look for code."""
    return any(sign in view.live_text for sign in ("```", "~~~", "\n    "))


def urls_of(view: MessageView) -> list[str]:
    """Where the links of a message lead, each once, in order. Looks only where there may be one."""
    if not any(sign in view.live_text for sign in ("http", "mailto:")):
        return []
    view.make()
    return list(dict.fromkeys(link.url for at in range(view.height) for link in view.line(at).links))
