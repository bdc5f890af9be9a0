"""Lets the conversation write its lines to the terminal itself, and the terminal move those it has.

A reply that grows changes one line or two, many times a second. Textual's compositor then asks every
widget on the screen for all of its lines; that is most of what a streamed reply would cost. And painting
a pane anew for each line that a reply grows by is most of what it would send over SSH. So the pane writes
the lines that have changed, and the terminal moves the rest: a scroll region, and line feeds at its last
line (DECSTBM and LF of ECMA-48 and the VT100, which every terminal and multiplexer knows).

The compositor keeps no picture of the screen, so nothing is out of step afterwards. Textual has no public
way to write a sequence of one's own, nor to ask what is on the screen just now: a widget's own region may
be that of a layout to come, and has nothing of a toast, which lies in a rack that cannot be seen. This
module holds the two private names that are used for it, and tests fail when Textual changes them.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import NULL_REGION, Region
from textual.strip import Strip
from textual.widget import Widget


def can_write(widget: Widget) -> bool:
    """Whether a widget is all that is to be seen where it is, on a terminal."""
    app, screen = widget.app, widget.screen
    if app.is_headless or app.is_inline or app.screen is not screen or not widget.display:
        return False
    if widget.text_selection is not None:
        return False
    seen = screen._compositor.visible_widgets
    region, clip = seen.get(widget, (NULL_REGION, NULL_REGION))
    if not region or not clip.contains_region(region):
        return False
    around = {*widget.ancestors_with_self}
    return not any(
        other not in around and other.parent is not widget and place.overlaps(region)
        for other, (place, _) in seen.items()
    )


def can_shift(widget: Widget) -> bool:
    """Whether its rows, if it can write them, may also be moved as a whole: nothing is beside it."""
    region = _place(widget)
    return region.x == 0 and region.width == widget.screen.size.width


def _place(widget: Widget) -> Region:
    """Where a widget is on the screen as it was painted last."""
    return widget.screen._compositor.visible_widgets[widget][0]


def write_rows(widget: Widget, first: int, strips: Sequence[Strip], shift: int = 0) -> None:
    """Writes rows of a widget, as one synchronized update, so that nobody sees it half done.

    Args:
        widget: one that can write.
        first: the row of the first strip, from the top of the widget.
        strips: as wide as the widget.
        shift: by how many rows all that the widget has moves up before; it must be able to shift.
    """
    app, region = widget.app, _place(widget)
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
