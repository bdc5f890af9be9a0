"""The line at the bottom: which model, which profile, what is going on."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from llmhub_tui.domain.plain import plain_line


class StatusLine(Widget):
    """Model and profile at the left, the state at the right; the state wins where there is no room."""

    model: reactive[str] = reactive("")
    profile: reactive[str] = reactive("")
    state: reactive[str] = reactive("")
    writing: reactive[str] = reactive("")
    """What is being written, where it is no new prompt; it stands before the state."""
    hint: reactive[str] = reactive("F1 help")

    def render(self) -> Content:
        """One line, never longer than the widget."""
        width = self.size.width
        state = Content.styled(
            plain_line(" · ".join(part for part in (self.writing, self.state) if part), 200), "$foreground"
        )
        where = " · ".join(
            part for part in (plain_line(self.model, 60), plain_line(self.profile, 30)) if part
        )
        left = Content.styled(where, "$text-primary")
        right = Content.assemble(state, Content.styled(f"  {self.hint}", "$foreground-muted"))
        if left.cell_length + right.cell_length + 2 > width:
            right = state
        left = left.truncate(max(0, width - right.cell_length - 2), ellipsis=True)
        gap = max(1, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right).truncate(width, ellipsis=True)
