"""Lets the terminal itself move the lines of the conversation, so that only new ones are sent.

Painting a pane anew for each line that a reply grows by is most of what a chat sends over SSH. The
terminal can move what it has: a scroll region, and line feeds at its last line (DECSTBM and LF of
ECMA-48 and the VT100, which every terminal and multiplexer knows).

Textual has no public way to write a sequence of one's own. This module holds the one private name
that is used for it, and a test fails when Textual changes it.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.geometry import Region
from textual.widget import Widget


def can_shift(widget: Widget) -> bool:
    """Whether nothing but this widget is in its rows, so that they may be moved as a whole."""
    app, region = widget.app, widget.region
    return (
        not app.is_headless
        and not app.is_inline
        and app.screen is widget.screen
        and region.x == 0
        and region.width == widget.screen.size.width
        and widget.text_selection is None
        and not widget.screen.query("Toast, .-narrow HistoryPanel")
    )


def shift_up(app: App[Any], region: Region, lines: int) -> None:
    """Moves the rows of a region up; the paint that must follow fills those at its end.

    The update is begun as a synchronized one, which that paint ends, so that nobody sees it half done.
    """
    driver = app._driver
    if driver is not None:
        top, bottom = region.y + 1, region.bottom
        feeds = "\n" * lines
        driver.write(f"\x1b[?2026h\x1b[0m\x1b[{top};{bottom}r\x1b[{bottom};1H{feeds}\x1b[r")
