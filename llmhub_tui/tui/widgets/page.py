"""A page of Markdown that scrolls."""

from __future__ import annotations

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from llmhub_tui.render.document import render_markdown
from llmhub_tui.render.lines import Line
from llmhub_tui.render.palette import Palette


class Page(ScrollView, can_focus=True):
    """Shows a text; it is laid out anew when the width or the theme changes."""

    def __init__(self, markdown: str) -> None:
        """Takes the text."""
        super().__init__()
        self._markdown = markdown
        self._lines: list[Line] = []
        self._made_for = (0, "")

    def on_resize(self) -> None:
        """Lays the text out for the new width."""
        self._lay_out()

    def on_mount(self) -> None:
        """Follows the theme."""
        self.watch(self.app, "theme", self._lay_out, init=False)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width - 2
        made_for = (width, self.app.theme)
        if width <= 0 or made_for == self._made_for:
            return
        self._made_for = made_for
        palette = Palette.from_colors(self.app.theme_variables)
        document = render_markdown(self._markdown, palette, width)
        self._lines = [document.line(at) for at in range(len(document))]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the page, behind a margin of one cell."""
        at = y + self.scroll_offset.y
        width = self.size.width
        if at >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = Strip.blank(1, self.rich_style)
        return (
            Strip.join([strip, self._lines[at].strip.apply_style(self.rich_style)])
            .adjust_cell_length(width, self.rich_style)
            .crop(0, width)
        )
