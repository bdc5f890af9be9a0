"""Lets the conversation write its lines to the terminal itself, and the terminal move those it has.

A reply that grows changes one line or two, many times a second. Textual's compositor then asks every
widget on the screen for all of its lines; that is most of what a streamed reply would cost. And painting
a pane anew for each line that a reply grows by is most of what it would send over SSH. So the pane writes
the lines that have changed, and the terminal moves the rest: a scroll region, and line feeds at its last
line (DECSTBM and LF of ECMA-48 and the VT100, which every terminal and multiplexer knows).

The compositor keeps no picture of the screen, so nothing is out of step afterwards. Textual has no public
way to write a sequence of one's own. This module holds the one private name that is used for it, and a
test fails when Textual changes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget


def can_write(widget: Widget) -> bool:
    """Whether a widget is all that is to be seen where it is, on a terminal."""
    app, screen, region = widget.app, widget.screen, widget.region
    if app.is_headless or app.is_inline or app.screen is not screen or not widget.display:
        return False
    if widget.text_selection is not None or not screen.region.contains_region(region):
        return False
    beside = (child for child in screen.children if child.display and child not in widget.ancestors)
    return not any(child.region.overlaps(region) for child in beside)


def can_shift(widget: Widget) -> bool:
    """Whether its rows, if it can write them, may also be moved as a whole: nothing is beside it."""
    return widget.region.x == 0 and widget.region.width == widget.screen.size.width


def write_rows(widget: Widget, first: int, strips: Sequence[Strip], shift: int = 0) -> None:
    """Writes rows of a widget, as one synchronized update, so that nobody sees it half done.

    Args:
        widget: one that can write.
        first: the row of the first strip, from the top of the widget.
        strips: as wide as the widget.
        shift: by how many rows all that the widget has moves up before; it must be able to shift.
    """
    app, region = widget.app, widget.region
    driver = app._driver
    if driver is None:
        return
    parts = ["\x1b[?2026h"]
    if shift:
        feeds = "\n" * shift
        parts.append(f"\x1b[0m\x1b[{region.y + 1};{region.bottom}r\x1b[{region.bottom};1H{feeds}\x1b[r")
    console = app.console
    for row, strip in enumerate(strips, region.y + first + 1):
        parts += (f"\x1b[{row};{region.x + 1}H", strip.render(console))
    x, y = widget.screen.outer_size.clamp_offset(app.cursor_position)
    parts.append(f"\x1b[{y + 1};{x + 1}H\x1b[?2026l")
    driver.write("".join(parts))
